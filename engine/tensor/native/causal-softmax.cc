#include <algorithm>

#include "kernel.h"
#include "kernels.h"
#include "thread-pool.h"
#include "vector-math.h"

namespace {

/**
 * Softmax over the keys of scale * scores [batch, queries, keys]. Row r is token r % tokens, whose own key is
 * keys - tokens + r % tokens; it sees the keys up to its own, of these the last `window` only where that is not 0.
 */
class CausalSoftmax {
 public:
  explicit CausalSoftmax(Attributes& attributes)
      : scale_(attributes.number("scale")),
        tokens_(attributes.integer("tokens")),
        window_(attributes.integer("window")) {}

  void compute(Call& call) const {
    const Floats scores = call.input(0);
    const int64_t keys = scores.width();
    const bool fits = scores.rank == 3 && scores.dims[1] % tokens_ == 0 && keys >= tokens_;
    if (!call.require(fits, "causal softmax: scores must be [batch, group * tokens, keys] with a key for each token")) return;
    Array<float> y;
    if (!call.outputLike(0, scores, &y)) return;
    parallelRows(scores.rows(), 4 * keys, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        const int64_t after = keys - tokens_ + row % tokens_ + 1;
        const int64_t first = window_ == 0 ? 0 : std::max<int64_t>(0, after - window_);
        const float* from = scores.data + row * keys;
        float* to = y.data + row * keys;
        std::fill(to, to + first, 0.0f);
        softmaxRow(from + first, after - first, scale_, to + first);
        std::fill(to + after, to + keys, 0.0f);
      }
    });
  }

 private:
  float scale_;
  int64_t tokens_, window_;
};

/** scale * y * (dy - sum(dy * y)) over the last axis. */
class SoftmaxBackward {
 public:
  explicit SoftmaxBackward(Attributes& attributes) : scale_(attributes.number("scale")) {}

  void compute(Call& call) const {
    const Floats dy = call.input(0), y = call.input(1);
    Array<float> dx;
    if (!call.require(dy.sameShape(y), "softmax backward: dy and y differ in shape")) return;
    if (!call.outputLike(0, y, &dx)) return;
    const int64_t width = y.width();
    parallelRows(y.rows(), 3 * width, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        const int64_t at = row * width;
        backward(dy.data + at, y.data + at, width, dx.data + at);
      }
    });
  }

 private:
  void backward(const float* dy, const float* y, int64_t width, float* dx) const {
    const float dot = sum(width, [=](int64_t i) { return dy[i] * y[i]; });
#pragma omp simd
    for (int64_t i = 0; i < width; i++) dx[i] = scale_ * y[i] * (dy[i] - dot);
  }

  float scale_;
};

}  // namespace

void registerCausalSoftmax(TF_Status* status) {
  registerKernel<CausalSoftmax>({"DpsynthCausalSoftmax",
                                 {"scores: float"},
                                 {"y: float"},
                                 {"scale: float", "tokens: int >= 1", "window: int >= 0"}},
                                status);
  registerKernel<SoftmaxBackward>(
      {"DpsynthSoftmaxBackward", {"dy: float", "y: float"}, {"dx: float"}, {"scale: float"}}, status);
}
