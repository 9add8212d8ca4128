import { Argument, type Command } from 'commander';
import { JSON_SCHEMA_NAMES, type JsonSchemaName, jsonSchema } from '../../../schemas/json-schemas.ts';

export function addSchemaCommand(program: Command): void {
  program
    .command('schema')
    .description(
      'print the JSON Schema of what a workflow takes and returns, for editors and other languages',
    )
    .addArgument(
      new Argument('[name]', 'which schema (default: all of them, in one object by name)').choices(
        JSON_SCHEMA_NAMES,
      ),
    )
    .action(schema);
}

function schema(name: JsonSchemaName | undefined): void {
  const all = () => Object.fromEntries(JSON_SCHEMA_NAMES.map((one) => [one, jsonSchema(one)]));
  console.log(JSON.stringify(name === undefined ? all() : jsonSchema(name), null, 2));
}
