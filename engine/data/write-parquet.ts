import { parquetWriteBuffer } from 'hyparquet-writer';
import type { LabelledText } from '../../schemas/records.ts';

type SchemaElement = NonNullable<Parameters<typeof parquetWriteBuffer>[0]['schema']>[number];

export const PARQUET_MEDIA_TYPE = 'application/vnd.apache.parquet';

/**
 * Returns a corpus as one Parquet file in the order of the records: the same records give the same bytes.
 * Its columns are the strings `text` and `label`, and `label_probabilities`, a list of doubles, if the
 * records have them.
 */
export function formatParquet(records: readonly LabelledText[]): Uint8Array {
  const text = (name: 'text' | 'label') => ({
    name,
    data: records.map((record) => record[name]),
    type: 'STRING' as const,
    nullable: false,
  });
  const strings = [text('text'), text('label')];
  if (records[0]?.label_probabilities === undefined)
    return new Uint8Array(parquetWriteBuffer({ columnData: strings, createdBy: 'dpsynth' }));
  const probabilities = {
    name: 'label_probabilities',
    data: records.map(({ label_probabilities }) => label_probabilities ?? []),
  };
  return new Uint8Array(
    parquetWriteBuffer({
      // The schema states all types: the columns may not state them again.
      columnData: [...strings.map(({ name, data }) => ({ name, data })), probabilities],
      schema: [{ name: 'root', num_children: 3 }, ...STRING_COLUMNS, ...LIST_COLUMN],
      createdBy: 'dpsynth',
    }),
  );
}

const STRING_COLUMNS: SchemaElement[] = ['text', 'label'].map((name) => ({
  name,
  type: 'BYTE_ARRAY',
  converted_type: 'UTF8',
  repetition_type: 'REQUIRED',
}));
/** A list as Parquet nests it. */
const LIST_COLUMN: SchemaElement[] = [
  { name: 'label_probabilities', repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'DOUBLE', repetition_type: 'REQUIRED' },
];
