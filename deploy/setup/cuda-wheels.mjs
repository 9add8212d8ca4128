import { TENSORFLOW_VERSION } from './tensorflow-wheels.mjs';

/** The release of CUDA with which the TensorFlow wheel was built. */
export const CUDA_VERSION = '12.5.1';

const TENSORFLOW = {
  requirement: `tensorflow==${TENSORFLOW_VERSION}`,
  folder: 'tensorflow',
  platform: 'manylinux_2_17_x86_64',
  sha256: '481499fd0f824583de8945be61d5e827898cdaa4f5ea1bc2cc28ca2ccff8229e',
  bytes: 620_570_129,
};

const LIBRARIES = [
  {
    requirement: 'nvidia-cudnn-cu12==9.3.0.75',
    folder: 'nvidia/cudnn',
    sha256: '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d',
    bytes: 577_163_502,
  },
  {
    requirement: 'nvidia-cublas-cu12==12.5.3.2',
    folder: 'nvidia/cublas',
    sha256: 'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b',
    bytes: 363_313_169,
  },
  {
    requirement: 'nvidia-cusparse-cu12==12.5.1.3',
    folder: 'nvidia/cusparse',
    sha256: '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752',
    bytes: 217_558_979,
  },
  {
    requirement: 'nvidia-nccl-cu12==2.25.1',
    folder: 'nvidia/nccl',
    sha256: '362aed5963fb9ea2ed2f264409baae30143498fd0e5c503aeaa1badd88cdc54a',
    bytes: 201_352_353,
  },
  {
    requirement: 'nvidia-cufft-cu12==11.2.3.61',
    folder: 'nvidia/cufft',
    sha256: '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8',
    bytes: 192_524_114,
  },
  {
    requirement: 'nvidia-cusolver-cu12==11.6.3.83',
    folder: 'nvidia/cusolver',
    sha256: '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b',
    bytes: 130_341_232,
  },
  {
    requirement: 'nvidia-curand-cu12==10.3.6.82',
    folder: 'nvidia/curand',
    sha256: '2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536',
    bytes: 56_309_107,
  },
  {
    requirement: 'nvidia-cuda-nvrtc-cu12==12.5.82',
    folder: 'nvidia/cuda_nvrtc',
    sha256: '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd',
    bytes: 24_873_108,
  },
  {
    requirement: 'nvidia-cuda-nvcc-cu12==12.5.82',
    folder: 'nvidia/cuda_nvcc',
    sha256: 'b03e545b8e8c3ce7ebcd7fc44063180ff52ff01d064ece2127ed90a04ef12cd0',
    bytes: 22_468_537,
  },
  {
    requirement: 'nvidia-nvjitlink-cu12==12.5.82',
    folder: 'nvidia/nvjitlink',
    sha256: 'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212',
    bytes: 21_298_879,
  },
  {
    requirement: 'nvidia-cuda-cupti-cu12==12.5.82',
    folder: 'nvidia/cuda_cupti',
    sha256: 'bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953',
    bytes: 13_811_507,
  },
  {
    requirement: 'nvidia-cuda-runtime-cu12==12.5.82',
    folder: 'nvidia/cuda_runtime',
    sha256: '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115',
    bytes: 895_707,
  },
];

/**
 * TensorFlow with its CUDA kernels, and the libraries of its extra `and-cuda`, each with the folder that it
 * adds to `site-packages`. The extra allows ranges of versions. These are the lowest ones, with which this
 * TensorFlow was built, so that all come from one release of CUDA. The largest wheels come first, to need the
 * least disk space while unpacking.
 */
export const CUDA_WHEELS = [
  TENSORFLOW,
  ...LIBRARIES.map((wheel) => ({ ...wheel, platform: 'manylinux2014_x86_64' })),
];
