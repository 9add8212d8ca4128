import { Argument, type Command } from 'commander';
import { JSON_SCHEMA_NAMES, type JsonSchemaName, jsonSchema } from '../../../schemas/json-schemas.ts';

export function addSchemaCommand(program: Command): void {
  program
    .command('schema')
    .description('JSON Schema of what a workflow takes and answers, for other languages and editors')
    .addArgument(
      new Argument('[name]', 'which one; without it all, in one object by their names').choices(
        JSON_SCHEMA_NAMES,
      ),
    )
    .action(schema);
}

function schema(name: JsonSchemaName | undefined): void {
  const all = () => Object.fromEntries(JSON_SCHEMA_NAMES.map((one) => [one, jsonSchema(one)]));
  console.log(JSON.stringify(name === undefined ? all() : jsonSchema(name), null, 2));
}
