/** One planted fault: `from` in `file` becomes `to`, and the named test has to fail. */
export type Mutant = {
  name: string;
  /** Path from the root of the repository. */
  file: string;
  /** Source text that occurs exactly once in `file`. */
  from: string;
  to: string;
  test: {
    /** Path from the root of the repository. */
    file: string;
    /** Only the tests whose full name matches this regular expression. @default all of the file */
    name?: string;
  };
  /** What would be lost if the fault went unseen; of a harmless mutant, why nothing is. */
  why: string;
};
