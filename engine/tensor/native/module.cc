#include <node_api.h>

#include <mutex>

#include "frozen-matmul.h"
#include "kernels.h"
#include "tensorflow-c.h"

namespace {

/** The instructions that this file was compiled for: a cache may have been copied from another machine. */
bool processorFits() {
#if defined(__AVX512VNNI__)
  if (!__builtin_cpu_supports("avx512vnni")) return false;
#endif
#if defined(__AVX512F__)
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
#elif defined(__AVX2__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return true;
#endif
}

/** Once a process: TensorFlow's registry is the process's, and Node loads the module again in each of its threads. */
const char* registerOnce() {
  static std::mutex mutex;
  static bool registered = false;
  static TF_Status* const status = TF_NewStatus();
  std::lock_guard<std::mutex> lock(mutex);
  if (registered) return TF_GetCode(status) == TF_OK ? nullptr : TF_Message(status);
  registered = true;
  for (auto add : {registerRmsNorm, registerGatedActivation, registerHeads, registerCausalSoftmax, registerCachedAttention,
                   registerCrossEntropy, registerLloyd, registerFrozenMatMul}) {
    add(status);
  }
  return TF_GetCode(status) == TF_OK ? nullptr : TF_Message(status);
}

}  // namespace

/**
 * Loading the module registers the kernels with the TensorFlow of this process. It exports `bfloat16`: whether the products of
 * frozen-matmul.h run on this processor.
 */
NAPI_MODULE_INIT() {
  if (!processorFits()) {
    napi_throw_error(env, nullptr, "the kernels were compiled for another processor");
    return exports;
  }
  if (const char* failure = registerOnce()) {
    napi_throw_error(env, nullptr, failure);
    return exports;
  }
  napi_value bfloat16;
  if (napi_get_boolean(env, hasBfloat16(), &bfloat16) != napi_ok ||
      napi_set_named_property(env, exports, "bfloat16", bfloat16) != napi_ok) {
    napi_throw_error(env, nullptr, "the kernels cannot say what they run on");
  }
  return exports;
}
