#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#ifdef __AVX512F__
#include <immintrin.h>
#endif

#include "vector-math.h"

// Vectors as codes whose products with many others are quick: v = scale * code + error. Where the processor multiplies bytes, codes
// are 8-bit integers, four times as fast as float32; elsewhere they are the numbers themselves, without error. In both cases code
// words have 32 bits, `kWord` elements each.

/** Vectors that one step multiplies with a row, a panel [words][kPanel][kWord]: as many floats as a register of the machine holds. */
#if defined(__AVX512F__)
constexpr int kPanel = 16;
#elif defined(__AVX2__)
constexpr int kPanel = 8;
#else
constexpr int kPanel = 4;
#endif
/** Rows that one step multiplies with a panel, a tile [words][kTile][kWord]: as many sums stay in registers. */
constexpr int kTile = 12;

/** One number a vector of a panel. */
typedef float Lanes __attribute__((vector_size(kPanel * sizeof(float))));

/** What to know of a vector beside its codes: how long vector and error are, and the sum of the codes. */
struct Coded {
  float scale;
  float length;
  float error;
  float sum;
};

#ifdef __AVX512VNNI__

constexpr int kWord = 4;
typedef int32_t Sums __attribute__((vector_size(kPanel * sizeof(int32_t))));

/** Codes of -127 to 127, written from `codes` on. */
inline Coded encode(const float* v, int64_t width, int32_t* words) {
  int8_t* const codes = reinterpret_cast<int8_t*>(words);
  float largest[kWays] = {};
  inWays(width, [&](int64_t i, int way) {
    const float size = std::fabs(v[i]);
    largest[way] = size > largest[way] ? size : largest[way];
  });
  float most = 0;
  for (const float size : largest) most = size > most ? size : most;
  const float scale = most / 127.0f;
  const float inverse = most > 0 ? 127.0f / most : 0.0f;
  // Adding this number rounds to an integer.
  constexpr float kRound = 12582912.0f;
  float squares[kWays] = {}, errors[kWays] = {}, sums[kWays] = {};
  inWays(width, [&](int64_t i, int way) {
    const float code = (v[i] * inverse + kRound) - kRound;
    const float error = v[i] - code * scale;
    codes[i] = static_cast<int8_t>(static_cast<int32_t>(code));
    squares[way] += v[i] * v[i];
    errors[way] += error * error;
    sums[way] += code;
  });
  return {scale, std::sqrt(sumOf(squares)), std::sqrt(sumOf(errors)), sumOf(sums)};
}

/** The instruction takes unsigned bytes on one side: those of a panel have 128 added. */
inline int32_t panelWord(int32_t word) { return word ^ static_cast<int32_t>(0x80808080); }

/** What makes up for it. */
inline Sums firstSums(const Coded& row) { return Sums{} - 128 * static_cast<int32_t>(row.sum); }

inline Sums addProducts(Sums sums, const int32_t* row, const int32_t* panel) {
  return (Sums)_mm512_dpbusd_epi32((__m512i)sums, _mm512_loadu_si512(panel), _mm512_set1_epi32(*row));
}

#else

constexpr int kWord = 1;
typedef Lanes Sums;

inline Coded encode(const float* v, int64_t width, int32_t* words) {
  std::memcpy(words, v, width * sizeof(float));
  return {1, std::sqrt(dot(v, v, width)), 0, 0};
}

inline int32_t panelWord(int32_t word) { return word; }

inline Sums firstSums(const Coded&) { return Sums{}; }

inline Sums addProducts(Sums sums, const int32_t* row, const int32_t* panel) {
  float factor;
  std::memcpy(&factor, row, sizeof factor);
  Lanes lanes;
  std::memcpy(&lanes, panel, sizeof lanes);
  return sums + factor * lanes;
}

#endif

inline int64_t wordsFor(int64_t width) { return (width + kWord - 1) / kWord; }

/** Adds the products of a tile of rows with a panel. */
inline void addAllProducts(const int32_t* tile, const int32_t* panel, int64_t words, Sums (&sums)[kTile]) {
  Sums held[kTile];
#pragma GCC unroll 12
  for (int r = 0; r < kTile; r++) held[r] = sums[r];
  for (int64_t word = 0; word < words; word++) {
#pragma GCC unroll 12
    for (int r = 0; r < kTile; r++) held[r] = addProducts(held[r], tile + word * kTile + r, panel + word * kPanel);
  }
#pragma GCC unroll 12
  for (int r = 0; r < kTile; r++) sums[r] = held[r];
}

/** A bit for each lane that is at least `least`; the others are taken into `largest`, lane by lane. */
inline uint32_t splitAt(float least, const Lanes& lanes, Lanes& largest) {
#ifdef __AVX512F__
  const __mmask16 above = _mm512_cmp_ps_mask((__m512)lanes, _mm512_set1_ps(least), _CMP_GE_OQ);
  largest = (Lanes)_mm512_mask_max_ps((__m512)largest, ~above, (__m512)largest, (__m512)lanes);
  return above;
#else
  uint32_t above = 0;
  for (int lane = 0; lane < kPanel; lane++) above |= static_cast<uint32_t>(lanes[lane] >= least) << lane;
  for (int lane = 0; lane < kPanel; lane++) {
    largest[lane] = lanes[lane] < least && lanes[lane] > largest[lane] ? lanes[lane] : largest[lane];
  }
  return above;
#endif
}
