/** Fields that say which kind of object theirs is, and with it which other fields the object may have. */
const KIND_FIELDS = ['method', 'form', 'kind'];

type Settings = Record<string, unknown>;

/**
 * `base` with the fields of `change` in place of its own: objects field by field, all else (lists too) as a
 * whole. An object whose `method`, `form` or `kind` changes starts afresh, because the fields of one kind are
 * refused by another. `filled` is the base with its defaults, for a kind that the base leaves to them.
 */
export function mergeSettings(params: { base: unknown; change: unknown; filled?: unknown }): unknown {
  const { base, change, filled } = params;
  if (!isObject(base) || !isObject(change)) return change;
  const kindOf = (field: string) => base[field] ?? (isObject(filled) ? filled[field] : undefined);
  if (KIND_FIELDS.some((field) => field in change && change[field] !== kindOf(field))) return change;
  const merged: Settings = { ...base };
  for (const [field, value] of Object.entries(change))
    merged[field] = mergeSettings({
      base: base[field],
      change: value,
      filled: isObject(filled) ? filled[field] : undefined,
    });
  return merged;
}

/** `{ a: { b: value } }` for the path `a.b`. */
export function nest(path: string, value: unknown): Settings {
  return path.split('.').reduceRight<unknown>((inner, field) => ({ [field]: inner }), value) as Settings;
}

function isObject(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
