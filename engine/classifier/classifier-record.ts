/** A text as a classifier takes it: what stands in `ids` is the architecture's own matter. `label` is a class index. */
export type ClassifierRecord = { ids: readonly number[]; label: number };
