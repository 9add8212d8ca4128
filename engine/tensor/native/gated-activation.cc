#include "kernel.h"
#include "kernels.h"
#include "thread-pool.h"
#include "vector-math.h"

namespace {

// Both activations are x * sigmoid(z): z = x for SiLU; for GELU by its tanh approximation z = 2 sqrt(2 / pi) (x + 0.044715 x^3),
// because (1 + tanh(u)) / 2 = sigmoid(2u).
struct Silu {
  static float inner(float x) { return x; }
  static float innerSlope(float) { return 1.0f; }
};

struct GeluTanh {
  static constexpr float kScale = 1.5957691216057308f;
  static constexpr float kCubic = 0.044715f;
  static float inner(float x) { return kScale * x * (1.0f + kCubic * x * x); }
  static float innerSlope(float x) { return kScale * (1.0f + 3.0f * kCubic * x * x); }
};

/** Chunks of elements instead of rows, since all are alike. */
constexpr int64_t kBlock = 4096;
/** An exponential and a division cost as much as moving this many elements. */
constexpr int64_t kArithmetic = 4;

template <class Body>
void parallelElements(int64_t count, const Body& body) {
  parallelRows((count + kBlock - 1) / kBlock, kArithmetic * kBlock, [&](int64_t begin, int64_t end) {
    body(begin * kBlock, end * kBlock < count ? end * kBlock : count);
  });
}

struct Activated {
  float value;
  float slope;
};

template <class Activation>
inline Activated activate(float x) {
  const float s = sigmoid(Activation::inner(x));
  const float value = x * s;
  return {value, s + value * (1.0f - s) * Activation::innerSlope(x)};
}

/** y = activation(x) */
template <class Activation>
class Activate {
 public:
  explicit Activate(Attributes&) {}

  void compute(Call& call) const {
    const Floats x = call.input(0);
    Array<float> y;
    if (!call.outputLike(0, x, &y)) return;
    parallelElements(x.size(), [x = x.data, y = y.data](int64_t begin, int64_t end) {
#pragma omp simd
      for (int64_t i = begin; i < end; i++) y[i] = activate<Activation>(x[i]).value;
    });
  }
};

/** dx = dy * activation'(x) */
template <class Activation>
class ActivateBackward {
 public:
  explicit ActivateBackward(Attributes&) {}

  void compute(Call& call) const {
    const Floats dy = call.input(0), x = call.input(1);
    Array<float> dx;
    if (!call.require(dy.sameShape(x), "activation backward: dy and x differ in shape")) return;
    if (!call.outputLike(0, x, &dx)) return;
    parallelElements(x.size(), [dy = dy.data, x = x.data, dx = dx.data](int64_t begin, int64_t end) {
#pragma omp simd
      for (int64_t i = begin; i < end; i++) dx[i] = dy[i] * activate<Activation>(x[i]).slope;
    });
  }
};

/** y = activation(gate) * up */
template <class Activation>
class GatedActivation {
 public:
  explicit GatedActivation(Attributes&) {}

  void compute(Call& call) const {
    const Floats gate = call.input(0), up = call.input(1);
    Array<float> y;
    if (!call.require(gate.sameShape(up), "gated activation: gate and up differ in shape")) return;
    if (!call.outputLike(0, gate, &y)) return;
    parallelElements(gate.size(), [g = gate.data, u = up.data, y = y.data](int64_t begin, int64_t end) {
#pragma omp simd
      for (int64_t i = begin; i < end; i++) y[i] = activate<Activation>(g[i]).value * u[i];
    });
  }
};

/** dGate = dy * up * activation'(gate), dUp = dy * activation(gate) */
template <class Activation>
class GatedActivationBackward {
 public:
  explicit GatedActivationBackward(Attributes&) {}

  void compute(Call& call) const {
    const Floats dy = call.input(0), gate = call.input(1), up = call.input(2);
    Array<float> dGate, dUp;
    const bool fits = gate.sameShape(dy) && gate.sameShape(up);
    if (!call.require(fits, "gated activation backward: dy, gate and up differ in shape")) return;
    if (!call.outputLike(0, gate, &dGate) || !call.outputLike(1, gate, &dUp)) return;
    const float *d = dy.data, *g = gate.data, *u = up.data;
    float *dg = dGate.data, *du = dUp.data;
    parallelElements(gate.size(), [=](int64_t begin, int64_t end) {
#pragma omp simd
      for (int64_t i = begin; i < end; i++) {
        const Activated activated = activate<Activation>(g[i]);
        dg[i] = d[i] * u[i] * activated.slope;
        du[i] = d[i] * activated.value;
      }
    });
  }
};

template <class Activation>
void registerActivation(const char* forward, const char* backward, TF_Status* status) {
  registerKernel<GatedActivation<Activation>>({forward, {"gate: float", "up: float"}, {"y: float"}, {}}, status);
  registerKernel<GatedActivationBackward<Activation>>(
      {backward, {"dy: float", "gate: float", "up: float"}, {"d_gate: float", "d_up: float"}, {}}, status);
}

}  // namespace

void registerGatedActivation(TF_Status* status) {
  registerActivation<Silu>("DpsynthGatedSilu", "DpsynthGatedSiluBackward", status);
  registerActivation<GeluTanh>("DpsynthGatedGelu", "DpsynthGatedGeluBackward", status);
  registerKernel<Activate<GeluTanh>>({"DpsynthGelu", {"x: float"}, {"y: float"}, {}}, status);
  registerKernel<ActivateBackward<GeluTanh>>({"DpsynthGeluBackward", {"dy: float", "x: float"}, {"dx: float"}, {}}, status);
}
