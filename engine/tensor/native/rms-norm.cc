#include <cmath>

#include "kernel.h"
#include "kernels.h"
#include "thread-pool.h"
#include "vector-math.h"

namespace {

/** y = x * inverse * weight, with inverse = 1 / sqrt(mean(x^2) + epsilon) of each row. */
class RmsNorm {
 public:
  explicit RmsNorm(Attributes& attributes) : epsilon_(attributes.number("epsilon")) {}

  void compute(Call& call) const {
    const Floats x = call.input(0), weight = call.input(1);
    Array<float> y, inverse;
    if (!call.require(weight.size() == x.width(), "RMS norm: weight must be as long as the rows of x")) return;
    if (!call.outputLike(0, x, &y) || !call.output(1, {x.rows(), 1}, &inverse)) return;
    const int64_t width = x.width();
    parallelRows(x.rows(), 3 * width, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        inverse.data[row] = normalise(x.data + row * width, weight.data, width, y.data + row * width);
      }
    });
  }

 private:
  float normalise(const float* x, const float* weight, int64_t width, float* y) const {
    const float squares = sum(width, [=](int64_t i) { return x[i] * x[i]; });
    const float inverse = 1.0f / std::sqrt(squares / static_cast<float>(width) + epsilon_);
#pragma omp simd
    for (int64_t i = 0; i < width; i++) y[i] = x[i] * inverse * weight[i];
    return inverse;
  }

  float epsilon_;
};

/** dx = inverse * (g - x * inverse^2 * mean(g * x)) with g = dy * weight, plus the residual's gradient where given. */
class RmsNormBackward {
 public:
  explicit RmsNormBackward(Attributes&) {}

  void compute(Call& call) const {
    const Floats dy = call.input(0), x = call.input(1), weight = call.input(2), inverse = call.input(3);
    const Floats residual = call.inputs() > 4 ? call.input(4) : Floats();
    const bool fits = dy.sameShape(x) && weight.size() == x.width() && inverse.size() == x.rows();
    Array<float> dx;
    if (!call.require(fits && (!residual.data || residual.sameShape(x)), "RMS norm backward: shapes do not fit")) return;
    if (!call.outputLike(0, x, &dx)) return;
    const int64_t width = x.width();
    parallelRows(x.rows(), 4 * width, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        const int64_t at = row * width;
        backward(dy.data + at, x.data + at, weight.data, inverse.data[row], width, dx.data + at);
        if (residual.data) add(residual.data + at, width, dx.data + at);
      }
    });
  }

 private:
  static void backward(const float* dy, const float* x, const float* weight, float inverse, int64_t width, float* dx) {
    const float dot = sum(width, [=](int64_t i) { return dy[i] * weight[i] * x[i]; });
    const float correction = dot / static_cast<float>(width) * inverse * inverse;
#pragma omp simd
    for (int64_t i = 0; i < width; i++) dx[i] = inverse * (dy[i] * weight[i] - x[i] * correction);
  }

  static void add(const float* residual, int64_t width, float* dx) {
#pragma omp simd
    for (int64_t i = 0; i < width; i++) dx[i] += residual[i];
  }
};

}  // namespace

void registerRmsNorm(TF_Status* status) {
  registerKernel<RmsNorm>(
      {"DpsynthRmsNorm", {"x: float", "weight: float"}, {"y: float", "inverse: float"}, {"epsilon: float"}}, status);
  registerKernel<RmsNormBackward>({"DpsynthRmsNormBackward",
                                   {"dy: float", "x: float", "weight: float", "inverse: float", "residual: residuals * float"},
                                   {"dx: float"},
                                   {"residuals: int >= 0"}},
                                  status);
}
