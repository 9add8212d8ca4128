export { experiment } from './experiment.ts';
export { ledger } from './ledger.ts';
export { resynthesis } from './resynthesis.ts';
export { sweep } from './sweep.ts';
