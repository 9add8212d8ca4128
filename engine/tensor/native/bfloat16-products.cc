#include "frozen-matmul.h"

// Older compilers lack the instruction; so do processors other than x86-64.
#if defined(__x86_64__) && ((defined(__clang__) && __clang_major__ >= 12) || (!defined(__clang__) && __GNUC__ >= 10))

#include <cpuid.h>
#include <immintrin.h>

#include <algorithm>
#include <vector>

#include "thread-pool.h"

// Function by function, so that nothing which other files share is compiled for it.
#define WITH_BFLOAT16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16")))

namespace {

constexpr int64_t kPanel = PackedShape::kPanel;
constexpr int kVectors = kPanel / 16;
/** With 4 vectors of columns, 24 sums, which leaves registers for one row of the panel. */
constexpr int kTileRows = 6;
/** Rows and pairs at a time: they and a panel of as many pairs stay in a second-level cache. */
constexpr int64_t kBlockRows = 16 * kTileRows;
constexpr int64_t kBlockPairs = 512;
/** The converted rows of a block begin in different sets of the first-level cache. */
constexpr int64_t kRowStride = kBlockPairs + 16;

/** Which of 16 places exist if `count` do, from the first on. */
__mmask16 firstOf(int64_t count) {
  return count >= 16 ? 0xffff : count <= 0 ? 0 : static_cast<__mmask16>((1u << count) - 1);
}

/** Words of two numbers of a row each, as far as it goes; the rest of the last 16 words is 0. */
WITH_BFLOAT16 void convertRow(const float* from, int64_t count, uint32_t* to) {
  for (int64_t at = 0; at < count; at += 32) {
    const __m512 low = _mm512_maskz_loadu_ps(firstOf(count - at), from + at);
    const __m512 high = _mm512_maskz_loadu_ps(firstOf(count - at - 16), from + at + 16);
    _mm512_storeu_si512(to + at / 2, (__m512i)_mm512_cvtne2ps_pbh(high, low));
  }
}

/** Some rows of one panel: y = rows B, or y += rows B after the first pairs. */
template <int Rows>
WITH_BFLOAT16 void multiplyTile(const uint32_t* rows, const int32_t* panel, int64_t pairs, bool first, float* y,
                                int64_t width, int64_t columns) {
  __m512 sums[Rows][kVectors];
  for (int r = 0; r < Rows; r++) {
    for (int v = 0; v < kVectors; v++) {
      sums[r][v] = first ? _mm512_setzero_ps()
                         : _mm512_maskz_loadu_ps(firstOf(columns - 16 * v), y + r * width + 16 * v);
    }
  }
  for (int64_t pair = 0; pair < pairs; pair++) {
    __m512i weights[kVectors];
    for (int v = 0; v < kVectors; v++) weights[v] = _mm512_loadu_si512(panel + pair * kPanel + 16 * v);
    for (int r = 0; r < Rows; r++) {
      const __m512i own = _mm512_set1_epi32(static_cast<int>(rows[r * kRowStride + pair]));
      for (int v = 0; v < kVectors; v++) sums[r][v] = _mm512_dpbf16_ps(sums[r][v], (__m512bh)own, (__m512bh)weights[v]);
    }
  }
  for (int r = 0; r < Rows; r++) {
    for (int v = 0; v < kVectors; v++) {
      _mm512_mask_storeu_ps(y + r * width + 16 * v, firstOf(columns - 16 * v), sums[r][v]);
    }
  }
}

using Tile = void (*)(const uint32_t*, const int32_t*, int64_t, bool, float*, int64_t, int64_t);
constexpr Tile kTiles[] = {nullptr,         multiplyTile<1>, multiplyTile<2>, multiplyTile<3>,
                           multiplyTile<4>, multiplyTile<5>, multiplyTile<6>};

/** Up to `kBlockRows` rows with the panels from `begin` to `end`. */
void multiplyBlock(const float* x, int64_t rows, const int32_t* packed, PackedShape shape, int64_t begin, int64_t end,
                   float* y) {
  static thread_local std::vector<uint32_t> converted;
  converted.resize(kBlockRows * kRowStride);
  for (int64_t from = 0; from < shape.pairs(); from += kBlockPairs) {
    const int64_t pairs = std::min(kBlockPairs, shape.pairs() - from);
    const int64_t count = std::min(2 * pairs, shape.inner - 2 * from);
    for (int64_t r = 0; r < rows; r++) convertRow(x + r * shape.inner + 2 * from, count, converted.data() + r * kRowStride);
    for (int64_t p = begin; p < end; p++) {
      const int32_t* panel = packed + (p * shape.pairs() + from) * kPanel;
      for (int64_t r = 0; r < rows; r += kTileRows) {
        const Tile multiply = kTiles[std::min<int64_t>(kTileRows, rows - r)];
        multiply(converted.data() + r * kRowStride, panel, pairs, from == 0, y + r * shape.columns + p * kPanel,
                 shape.columns, shape.columns - p * kPanel);
      }
    }
  }
}

/** One panel, of the columns from `p * kPanel` on. */
WITH_BFLOAT16 void packPanel(const float* matrix, PackedShape shape, int64_t p, int32_t* to) {
  for (int64_t pair = 0; pair < shape.pairs(); pair++) {
    for (int v = 0; v < kVectors; v++) {
      const int64_t column = p * kPanel + 16 * v;
      const __mmask16 some = firstOf(shape.columns - column);
      const float* row = matrix + 2 * pair * shape.columns + column;
      const __m512 low = _mm512_maskz_loadu_ps(some, row);
      const __mmask16 below = 2 * pair + 1 < shape.inner ? some : 0;
      const __m512 high = _mm512_maskz_loadu_ps(below, row + shape.columns);
      const __m512i lowWords = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(low));
      const __m512i highWords = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(high));
      _mm512_storeu_si512(to + pair * kPanel + 16 * v, _mm512_or_si512(lowWords, _mm512_slli_epi32(highWords, 16)));
    }
  }
}

/** The same of the transpose of a matrix [columns, inner]. */
void packPanelOfTranspose(const float* matrix, PackedShape shape, int64_t p, int32_t* to) {
  std::vector<uint32_t> words(shape.pairs() + 16);
  for (int64_t lane = 0; lane < kPanel; lane++) {
    const int64_t column = p * kPanel + lane;
    const bool exists = column < shape.columns;
    if (exists) convertRow(matrix + column * shape.inner, shape.inner, words.data());
    for (int64_t pair = 0; pair < shape.pairs(); pair++) to[pair * kPanel + lane] = exists ? words[pair] : 0;
  }
}

}  // namespace

bool hasBfloat16() {
  // Asked once: a virtual machine leaves its processor for each answer.
  static const bool known = [] {
    // Bit 5 of EAX of leaf 7.1. The operating system must keep the registers, which the other questions ask.
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & 1u << 5) != 0;
  }();
  return known;
}

void packFrozen(const float* matrix, bool transposed, PackedShape shape, int32_t* packed) {
  parallelRows(shape.panels(), 2 * kPanel * shape.inner, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; p++) {
      int32_t* to = packed + p * shape.pairs() * kPanel;
      if (transposed) packPanelOfTranspose(matrix, shape, p, to);
      else packPanel(matrix, shape, p, to);
    }
  });
}

void multiplyFrozen(const float* x, int64_t rows, const int32_t* packed, PackedShape shape, float* y) {
  const int64_t panels = shape.panels();
  const int64_t blocks = (rows + kBlockRows - 1) / kBlockRows;
  // Threads share out panels of blocks: few rows have enough of them as well.
  const int64_t cost = std::min(rows, kBlockRows) * kPanel * shape.inner / 32;
  parallelRows(blocks * panels, cost, [&](int64_t begin, int64_t end) {
    while (begin < end) {
      const int64_t block = begin / panels, first = begin % panels;
      const int64_t last = std::min(panels, first + end - begin);
      const int64_t row = block * kBlockRows;
      multiplyBlock(x + row * shape.inner, std::min(kBlockRows, rows - row), packed, shape, first, last,
                    y + row * shape.columns);
      begin += last - first;
    }
  });
}

#else

bool hasBfloat16() { return false; }
void packFrozen(const float*, bool, PackedShape, int32_t*) {}
void multiplyFrozen(const float*, int64_t, const int32_t*, PackedShape, float*) {}

#endif
