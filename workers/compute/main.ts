import { JOBS } from './job-table.ts';
import { serveJob } from './serve-job.ts';

// The entry point of a compute child. It is forked by run-job.ts and never imported.
await serveJob(JOBS);
