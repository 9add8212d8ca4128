export type JsonSchema = {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  default?: unknown;
  const?: unknown;
};

/** A field by its whole path, such as `corpus.test.field`, and one of its defaults. */
export type Field = {
  path: string;
  value: unknown;
  /** The kind that this default belongs to, in a union of objects with a `kind`. */
  kind?: string;
};

/**
 * Every field that holds a value. Fields of the objects that a union allows stand under the path of the union, one entry for each
 * object that has them, and fields of the entries of a list under the path of the list. An object that has fields is not one
 * itself: its default is that of its fields.
 */
export function schemaFields(schema: JsonSchema, path = '', kind?: string): Field[] {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  const named = schema.properties?.kind?.const;
  const ofKind = typeof named === 'string' ? named : kind;
  const inner = Object.entries(schema.properties ?? {}).flatMap(([key, field]) =>
    schemaFields(field, at(key), ofKind),
  );
  const ofParts = partsOf(schema).flatMap((part) =>
    schemaFields({ ...part, default: undefined }, path, kind),
  );
  if (!isContainer(schema)) return [{ path, value: schema.default, kind }, ...inner, ...ofParts];
  const { default: given } = schema;
  const chosen = isPlain(given) ? Object.entries(given) : [];
  // A list of objects is shown as a whole as well.
  const whole = Array.isArray(given) ? [{ path, value: given, kind }] : [];
  return [...whole, ...chosen.map(([key, value]) => ({ path: at(key), value, kind })), ...inner, ...ofParts];
}

function isContainer(schema: JsonSchema): boolean {
  const parts = partsOf(schema);
  return schema.properties !== undefined || (parts.length > 0 && parts.every(isContainer));
}

function partsOf({ oneOf = [], anyOf = [], items }: JsonSchema): JsonSchema[] {
  return [...oneOf, ...anyOf, ...(items ? [items] : [])];
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
