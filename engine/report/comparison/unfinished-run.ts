/** A run that was asked for and has no result: shown as such, never left out. */
export interface UnfinishedRun {
  run: string;
  why: string;
}
