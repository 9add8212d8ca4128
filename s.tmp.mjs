import { prepareNativeKernels } from './deploy/setup/native-kernels.mjs';
console.log(await prepareNativeKernels(process.cwd(), console.log));
