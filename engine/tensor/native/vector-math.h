#pragma once

#include <cfloat>
#include <cstdint>
#include <cstring>

// Written as plain loops that the compiler turns into vector instructions. Nothing here assumes finite numbers: a NaN or an
// infinity must reach the loss and the gradients, where training looks for it.

inline float fromBits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline uint32_t toBits(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

/**
 * e^x for x <= 0, to 2e-7 relative; 0 where the result would be below the normal numbers; NaN for NaN.
 * x = n ln 2 + r with |r| <= ln 2 / 2, and Cephes' polynomial for e^r (Moshier, expf.c).
 */
inline float expOfNegative(float x) {
  // Adding this number rounds to an integer, which is then in the low bits of the sum.
  constexpr float kRound = 12582912.0f;
  const float shifted = x * 1.44269504089f + kRound;
  const float n = shifted - kRound;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const float power = fromBits((toBits(shifted) << 23) + 0x3f800000u);
  const float result = (p * r * r + r + 1.0f) * power;
  return x < -87.33654f ? 0.0f : result;
}

/** 1 / (1 + e^-x) */
inline float sigmoid(float x) {
  const float e = expOfNegative(x < 0 ? x : -x);
  const float inverse = 1.0f / (1.0f + e);
  return x < 0 ? e * inverse : inverse;
}

/** Lanes by hand, so that sums are the same whatever the width of the machine's vectors. */
constexpr int kLanes = 32;

/** The sum of term(i) for i below `count`; `term` may also store what it computes. */
template <class Term>
inline float sum(int64_t count, const Term& term) {
  // In blocks, so that a long sum does not lose what float32 cannot add.
  constexpr int64_t kBlock = 64 * kLanes;
  double total = 0;
  for (int64_t begin = 0; begin < count; begin += kBlock) {
    const int64_t end = begin + kBlock < count ? begin + kBlock : count;
    float lanes[kLanes] = {};
    int64_t i = begin;
    for (; i + kLanes <= end; i += kLanes) {
#pragma omp simd
      for (int lane = 0; lane < kLanes; lane++) lanes[lane] += term(i + lane);
    }
#pragma omp simd
    for (int64_t rest = i; rest < end; rest++) lanes[rest - i] += term(rest);
    for (int width = kLanes / 2; width > 0; width /= 2) {
      for (int lane = 0; lane < width; lane++) lanes[lane] += lanes[lane + width];
    }
    total += lanes[0];
  }
  return static_cast<float>(total);
}

/** Lanes by hand for vectors of some hundred elements, which `sum` takes twice as long for; the same on all machines. */
constexpr int kWays = 16;

/** Calls each(i, way) for every i below `width`, with way = i % kWays: what it adds up for a way does not wait for the others. */
template <class Each>
inline void inWays(int64_t width, const Each& each) {
  int64_t i = 0;
  for (; i + kWays <= width; i += kWays) {
#pragma omp simd
    for (int way = 0; way < kWays; way++) each(i + way, way);
  }
  for (int way = 0; i + way < width; way++) each(i + way, way);
}

inline float sumOf(float (&ways)[kWays]) {
  for (int half = kWays / 2; half > 0; half /= 2) {
    for (int way = 0; way < half; way++) ways[way] += ways[way + half];
  }
  return ways[0];
}

inline float dot(const float* a, const float* b, int64_t width) {
  float ways[kWays] = {};
  inWays(width, [&](int64_t i, int way) { ways[way] += a[i] * b[i]; });
  return sumOf(ways);
}

/** The largest of scale * x; any of its numbers where there is a NaN among them. */
inline float maximum(const float* x, int64_t count, float scale = 1.0f) {
  float lanes[kLanes];
  for (int lane = 0; lane < kLanes; lane++) lanes[lane] = -FLT_MAX;
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
#pragma omp simd
    for (int lane = 0; lane < kLanes; lane++) {
      const float value = x[i + lane] * scale;
      lanes[lane] = value > lanes[lane] ? value : lanes[lane];
    }
  }
  float result = -FLT_MAX;
  for (; i < count; i++) result = x[i] * scale > result ? x[i] * scale : result;
  for (int lane = 0; lane < kLanes; lane++) result = lanes[lane] > result ? lanes[lane] : result;
  return result;
}

/** Softmax of scale * x, which may stand in the same place as y. NaN in all of y where x holds a NaN or +infinity. */
inline void softmaxRow(const float* x, int64_t count, float scale, float* y) {
  const float highest = maximum(x, count, scale);
  const float total = sum(count, [=](int64_t i) { return y[i] = expOfNegative(x[i] * scale - highest); });
  const float inverse = 1.0f / total;
#pragma omp simd
  for (int64_t i = 0; i < count; i++) y[i] *= inverse;
}
