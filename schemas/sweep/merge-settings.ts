/** Fields that name the kind of an object, which decides the other fields that it may have. */
const KIND_FIELDS = ['method', 'form', 'kind'];

type Settings = Record<string, unknown>;

/**
 * Returns `base` with the fields of `change` replacing its own: objects field by field, everything else (also
 * lists) as a whole. If the `method`, `form` or `kind` of an object changes, the whole object is replaced,
 * because one kind refuses the fields of another. `filled` is the base with its defaults, for a kind that the
 * base leaves to the defaults.
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

/** Returns `{ a: { b: value } }` for the path `a.b`. */
export function nest(path: string, value: unknown): Settings {
  return path.split('.').reduceRight<unknown>((inner, field) => ({ [field]: inner }), value) as Settings;
}

function isObject(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
