// Lets the Temporal SDK download its server into a folder: FOLDER VERSION. Starting it once is the SDK's only way to do so.
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [downloadDir, version] = process.argv.slice(2);
const executable = { type: 'cached-download', downloadDir, version };
const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
await environment.teardown();
