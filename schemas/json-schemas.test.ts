import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { JSON_SCHEMA_NAMES, type JsonSchemaName, jsonSchema } from './json-schemas.ts';

const folder = new URL('../examples/', import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const examples = readdirSync(folder).filter((name) => name.endsWith('.json'));

function validator(name: JsonSchemaName) {
  return new Ajv2020({ strict: false, allErrors: true }).compile(jsonSchema(name));
}

describe('JSON Schema', () => {
  it.each(JSON_SCHEMA_NAMES)('of %s is valid for an independent validator', (name) => {
    expect(validator(name)(42)).toBe(false);
  });

  it.each(examples)('accepts examples/%s', (name) => {
    const input = read(name);
    const validate = validator('experiment' in input ? 'sweep' : 'experiment');
    expect(validate(input), JSON.stringify(validate.errors)).toBe(true);
  });

  it('refuses an unknown field, a value out of range and a missing corpus, with their paths', () => {
    const input = read('topics.json');
    const validate = validator('experiment');
    expect(validate({ ...input, privacy: { epsilon: -1 }, modle: 'x', corpus: undefined })).toBe(false);
    const paths = validate.errors?.map(({ instancePath, params }) => [instancePath, params]);
    expect(paths).toEqual(
      expect.arrayContaining([
        ['', { missingProperty: 'corpus' }],
        ['', { additionalProperty: 'modle' }],
        ['/privacy/epsilon', expect.anything()],
      ]),
    );
  });
});
