export { experiment } from './experiment.ts';
export { sweep } from './sweep.ts';
