import { JOBS } from './job-table.ts';
import { serveJob } from './serve-job.ts';

// The entry of a compute child. It is forked by run-job.ts and is never imported.
await serveJob(JOBS);
