export type JsonSchema = {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  default?: unknown;
};

/** A field by its whole path, such as `corpus.test.field`, and its default. */
export type Field = { path: string; value: unknown };

/**
 * Every field that holds a value. Fields of the objects that a union allows stand under the path of the union, and fields of the
 * entries of a list under the path of the list; an object that has fields is not one itself.
 */
export function schemaFields(schema: JsonSchema, path = ''): Field[] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([key, field]) =>
    schemaFields(field, path === '' ? key : `${path}.${key}`),
  );
  const ofParts = partsOf(schema).flatMap((part) => schemaFields({ ...part, default: undefined }, path));
  const own = isContainer(schema) ? [] : [{ path, value: schema.default }];
  return [...own, ...inner, ...ofParts];
}

function isContainer(schema: JsonSchema): boolean {
  const parts = partsOf(schema);
  return schema.properties !== undefined || (parts.length > 0 && parts.every(isContainer));
}

function partsOf({ oneOf = [], anyOf = [], items }: JsonSchema): JsonSchema[] {
  return [...oneOf, ...anyOf, ...(items ? [items] : [])];
}
