#include <algorithm>
#include <cmath>

#include "kernel.h"
#include "kernels.h"
#include "thread-pool.h"
#include "vector-math.h"

namespace {

/**
 * The loss of each row of logits against its target, and its gradient, softmax - onehot, where kGradient. A row of even a
 * large vocabulary stays in a core's cache, so that main memory is read once and written once.
 */
template <bool kGradient>
class CrossEntropy {
 public:
  explicit CrossEntropy(Attributes&) {}

  void compute(Call& call) const {
    const Floats logits = call.input(0);
    const Array<const int32_t> targets = call.integers(1);
    const int64_t width = logits.width();
    if (!call.require(logits.rank == 2 && targets.size() == logits.rows(), "cross entropy: one target for each row")) return;
    for (int64_t row = 0; row < targets.size(); row++) {
      const bool inside = targets.data[row] >= 0 && targets.data[row] < width;
      if (!call.require(inside, "cross entropy: a target is outside the vocabulary")) return;
    }
    Array<float> loss, gradient;
    if (!call.output(0, {logits.rows()}, &loss)) return;
    if (kGradient && !call.outputLike(1, logits, &gradient)) return;
    parallelRows(logits.rows(), 4 * width, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        float* to = kGradient ? gradient.data + row * width : nullptr;
        loss.data[row] = ofRow(logits.data + row * width, targets.data[row], width, to);
      }
    });
  }

 private:
  static float ofRow(const float* logits, int64_t target, int64_t width, float* gradient) {
    // Blocks, so that the sum of a large vocabulary does not lose what float32 cannot add.
    constexpr int64_t kBlock = 1024;
    const float highest = maximum(logits, width);
    double sum = 0;
    for (int64_t begin = 0; begin < width; begin += kBlock) {
      const int64_t end = std::min(width, begin + kBlock);
      float partial = 0;
#pragma omp simd reduction(+ : partial)
      for (int64_t i = begin; i < end; i++) {
        const float e = expOfNegative(logits[i] - highest);
        if (kGradient) gradient[i] = e;
        partial += e;
      }
      sum += partial;
    }
    const double loss = std::log(sum) + highest - logits[target];
    if (kGradient) {
      const float inverse = static_cast<float>(1 / sum);
#pragma omp simd
      for (int64_t i = 0; i < width; i++) gradient[i] *= inverse;
      gradient[target] -= 1.0f;
    }
    return static_cast<float>(loss);
  }
};

}  // namespace

void registerCrossEntropy(TF_Status* status) {
  registerKernel<CrossEntropy<false>>(
      {"DpsynthCrossEntropy", {"logits: float", "targets: int32"}, {"loss: float"}, {}}, status);
  registerKernel<CrossEntropy<true>>({"DpsynthCrossEntropyWithGradient",
                                      {"logits: float", "targets: int32"},
                                      {"loss: float", "gradient: float"},
                                      {}},
                                     status);
}
