/** Where Python finds Temporal's SDK (PYTHONPATH), for the test of the example in Python; undefined where the set-up made none. */
export declare function findPythonClient(): string | undefined;
