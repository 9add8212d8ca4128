export const TENSORFLOW_VERSION = '2.20.0';

/** The wheels whose TensorFlow library serves as libtensorflow, by Node's `platform-arch`. */
export const TENSORFLOW_WHEELS = {
  'linux-x64': {
    requirement: `tensorflow-cpu==${TENSORFLOW_VERSION}`,
    platform: 'manylinux_2_17_x86_64',
    sha256: 'cf756bbe2d256e942ab5d0ad2c858fb40017581494febdb4387c149b1afde780',
    bytes: 258_876_263,
  },
  'linux-arm64': {
    requirement: `tensorflow==${TENSORFLOW_VERSION}`,
    platform: 'manylinux_2_17_aarch64',
    sha256: '3e9568c8efcb05c0266be223e3269c62ebf7ad3498f156438311735f6fa5ced5',
    bytes: 259_465_882,
  },
  'darwin-arm64': {
    requirement: `tensorflow==${TENSORFLOW_VERSION}`,
    platform: 'macosx_12_0_arm64',
    sha256: '5f964016c5035d09b85a246a6b739be89282a7839743f3ea63640224f0c63aee',
    bytes: 200_507_363,
  },
};
