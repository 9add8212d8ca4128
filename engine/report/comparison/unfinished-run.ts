/** A requested run without a result. The page shows it with the reason. */
export interface UnfinishedRun {
  run: string;
  why: string;
}
