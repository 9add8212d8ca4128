/**
 * Returns the folder with Temporal's SDK for Python (PYTHONPATH), for the test of the Python example;
 * undefined if the set-up installed none.
 */
export declare function findPythonClient(): string | undefined;
