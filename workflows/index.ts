export { experiment } from './experiment.ts';
export { ledger } from './ledger.ts';
export { sweep } from './sweep.ts';
