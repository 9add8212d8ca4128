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
    const float highest = maximum(logits, width);
    const float total = sum(width, [=](int64_t i) {
      const float e = expOfNegative(logits[i] - highest);
      if (kGradient) gradient[i] = e;
      return e;
    });
    if (kGradient) {
      const float inverse = 1.0f / total;
#pragma omp simd
      for (int64_t i = 0; i < width; i++) gradient[i] *= inverse;
      gradient[target] -= 1.0f;
    }
    return std::log(total) + (highest - logits[target]);
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
