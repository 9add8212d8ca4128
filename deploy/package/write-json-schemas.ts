import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { JSON_SCHEMA_NAMES, jsonSchema } from '../../schemas/json-schemas.ts';

// Part of `npm pack`: writes the JSON Schemas that the package exports as dpsynth/schemas/NAME.json.
const folder = fileURLToPath(new URL('../../dist/schemas/json/', import.meta.url));
await mkdir(folder, { recursive: true });
for (const name of JSON_SCHEMA_NAMES)
  await writeFile(`${folder}${name}.json`, `${JSON.stringify(jsonSchema(name), null, 2)}\n`);
