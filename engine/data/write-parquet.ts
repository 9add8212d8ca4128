import { parquetWriteBuffer } from 'hyparquet-writer';
import type { LabelledText } from '../../schemas/records.ts';

export const PARQUET_MEDIA_TYPE = 'application/vnd.apache.parquet';

/**
 * Returns a corpus as one Parquet file with the string columns `text` and `label`, in the order of the
 * records. The same records give the same bytes.
 */
export function formatParquet(records: readonly LabelledText[]): Uint8Array {
  const column = (name: 'text' | 'label') => ({
    name,
    data: records.map((record) => record[name]),
    type: 'STRING' as const,
    nullable: false,
  });
  return new Uint8Array(
    parquetWriteBuffer({ columnData: [column('text'), column('label')], createdBy: 'dpsynth' }),
  );
}
