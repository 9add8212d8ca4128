#pragma once

#include <cstdint>

// Products of float32 rows with a matrix that stays as it is, in bfloat16: VDPBF16PS multiplies two pairs of numbers and adds both
// products to a float32 sum. Compiled into every build for x86-64, and called only where the processor has the instruction.

/** A matrix B [inner, columns] for the right side of products: columns in panels, and in a panel the numbers of two rows side by side. */
struct PackedShape {
  static constexpr int64_t kPanel = 64;

  int64_t inner, columns;

  int64_t panels() const { return (columns + kPanel - 1) / kPanel; }
  /** Words of two bfloat16 numbers in each column. The last one ends with 0 if `inner` is odd. */
  int64_t pairs() const { return (inner + 1) / 2; }
};

/** Whether this processor, its operating system and the compiler of this file know the instruction. */
bool hasBfloat16();

/** Packs [inner, columns], or the transpose of [columns, inner], rounded to the nearest bfloat16 (ties to even). */
void packFrozen(const float* matrix, bool transposed, PackedShape shape, int32_t* packed);

/**
 * y [rows, columns] = x [rows, inner] B. Every element is one sum over `inner` in ascending order, whatever the other rows are and
 * however many. Rows are rounded to bfloat16; subnormal numbers count as 0; NaN and infinity pass through.
 */
void multiplyFrozen(const float* x, int64_t rows, const int32_t* packed, PackedShape shape, float* y);
