/** A text as a classifier reads it. The architecture decides what `ids` means. `label` is a class index. */
export type ClassifierRecord = { ids: readonly number[]; label: number };
