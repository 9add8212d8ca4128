export { experiment } from './experiment/workflow.ts';
export { ledger } from './ledger/workflow.ts';
export { resynthesis } from './resynthesis/workflow.ts';
export { sweep } from './sweep/workflow.ts';
