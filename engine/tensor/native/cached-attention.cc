#include <algorithm>
#include <cstring>
#include <vector>

#include "kernel.h"
#include "kernels.h"
#include "thread-pool.h"
#include "vector-math.h"

namespace {

/** The two products of attention for one query, over `count` rows of keys and values. */
struct Products {
  void (*score)(const float* q, const float* k, int64_t count, int64_t width, float* scores);
  void (*mix)(const float* weights, const float* v, int64_t count, int64_t width, float* y);
};

#if defined(__AVX512F__)
typedef float Register __attribute__((vector_size(64)));
#elif defined(__AVX__)
typedef float Register __attribute__((vector_size(32)));
#else
typedef float Register __attribute__((vector_size(16)));
#endif
constexpr int kElements = sizeof(Register) / sizeof(float);

inline Register load(const float* from) {
  Register lanes;
  std::memcpy(&lanes, from, sizeof lanes);
  return lanes;
}

/** For a head width that is known when this is compiled: the query, and then the sum, stay in registers. */
template <int kWidth>
struct ProductsOfWidth {
  static constexpr int kBlocks = kWidth / kElements;

  static void score(const float* q, const float* k, int64_t count, int64_t, float* scores) {
    Register query[kBlocks];
    for (int block = 0; block < kBlocks; block++) query[block] = load(q + block * kElements);
    for (int64_t key = 0; key < count; key++) {
      Register products = query[0] * load(k + key * kWidth);
      for (int block = 1; block < kBlocks; block++) products += query[block] * load(k + key * kWidth + block * kElements);
      float dot = 0;
#pragma omp simd reduction(+ : dot)
      for (int lane = 0; lane < kElements; lane++) dot += products[lane];
      scores[key] = dot;
    }
  }

  static void mix(const float* weights, const float* v, int64_t count, int64_t, float* y) {
    Register sum[kBlocks] = {};
    for (int64_t key = 0; key < count; key++) {
      for (int block = 0; block < kBlocks; block++) sum[block] += weights[key] * load(v + key * kWidth + block * kElements);
    }
    std::memcpy(y, sum, sizeof sum);
  }
};

struct ProductsOfAnyWidth {
  static void score(const float* q, const float* k, int64_t count, int64_t width, float* scores) {
    for (int64_t key = 0; key < count; key++) {
      scores[key] = sum(width, [=](int64_t i) { return q[i] * k[key * width + i]; });
    }
  }

  static void mix(const float* weights, const float* v, int64_t count, int64_t width, float* y) {
    std::fill(y, y + width, 0.0f);
    for (int64_t key = 0; key < count; key++) {
#pragma omp simd
      for (int64_t i = 0; i < width; i++) y[i] += weights[key] * v[key * width + i];
    }
  }
};

/** The widths of today's models have their own. */
Products productsOf(int64_t width) {
  switch (width) {
    case 64: return {ProductsOfWidth<64>::score, ProductsOfWidth<64>::mix};
    case 128: return {ProductsOfWidth<128>::score, ProductsOfWidth<128>::mix};
    case 256: return {ProductsOfWidth<256>::score, ProductsOfWidth<256>::mix};
    default: return {ProductsOfAnyWidth::score, ProductsOfAnyWidth::mix};
  }
}

/**
 * Attention of one token a slot over the keys that it sees of the cache: q [slots * heads, 1, headWidth], k and v
 * [slots, keyValueHeads, capacity, headWidth], visible [slots, 2] with the first key seen and the one after the last. Room of the cache
 * that a slot does not use costs nothing.
 */
class CachedAttention {
 public:
  explicit CachedAttention(Attributes& attributes) : scale_(attributes.number("scale")) {}

  void compute(Call& call) const {
    const Floats q = call.input(0), k = call.input(1), v = call.input(2);
    const Array<const int32_t> visible = call.integers(3);
    const int64_t slots = k.dims[0], keyHeads = k.dims[1], capacity = k.dims[2], headWidth = k.dims[3];
    const bool fits = k.rank == 4 && v.sameShape(k) && q.width() == headWidth && slots * keyHeads > 0 &&
                      q.rows() % (slots * keyHeads) == 0 && visible.size() == 2 * slots;
    if (!call.require(fits, "cached attention: shapes do not fit")) return;
    int64_t longest = 0;
    for (int64_t slot = 0; slot < slots; slot++) {
      const int32_t first = visible.data[2 * slot], after = visible.data[2 * slot + 1];
      const bool inside = first >= 0 && first < after && after <= capacity;
      if (!call.require(inside, "cached attention: a slot sees no key, or keys outside the cache")) return;
      if (after - first > longest) longest = after - first;
    }
    const int64_t group = q.rows() / (slots * keyHeads);
    const Products products = productsOf(headWidth);
    Array<float> y;
    if (!call.output(0, {slots, keyHeads * group * headWidth}, &y)) return;
    parallelRows(slots * keyHeads, (group + 1) * longest * headWidth, [&](int64_t begin, int64_t end) {
      std::vector<float> weights(longest);
      for (int64_t keyHead = begin; keyHead < end; keyHead++) {
        const int64_t slot = keyHead / keyHeads, first = visible.data[2 * slot];
        const int64_t count = visible.data[2 * slot + 1] - first, at = (keyHead * capacity + first) * headWidth;
        for (int64_t head = keyHead * group; head < (keyHead + 1) * group; head++) {
          products.score(q.data + head * headWidth, k.data + at, count, headWidth, weights.data());
          softmaxRow(weights.data(), count, scale_, weights.data());
          products.mix(weights.data(), v.data + at, count, headWidth, y.data + head * headWidth);
        }
      }
    });
  }

 private:
  float scale_;
};

}  // namespace

void registerCachedAttention(TF_Status* status) {
  registerKernel<CachedAttention>({"DpsynthCachedAttention",
                                   {"q: float", "k: float", "v: float", "visible: int32"},
                                   {"y: float"},
                                   {"scale: float"}},
                                  status);
}
