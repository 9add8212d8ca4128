#include "frozen-matmul.h"

#include "kernel.h"
#include "kernels.h"

namespace {

constexpr const char* kUnsupported = "bfloat16 products: this processor has no AVX512_BF16";

/** [rows, columns] -> [panels, pairs, 64], of the matrix or of its transpose. */
class FrozenPack {
 public:
  explicit FrozenPack(Attributes& attributes) : transposed_(attributes.integer("transposed") != 0) {}

  void compute(Call& call) const {
    const Floats x = call.input(0);
    if (!call.require(hasBfloat16(), kUnsupported) || !call.require(x.rank == 2, "frozen pack: x must be a matrix")) return;
    const PackedShape shape = transposed_ ? PackedShape{x.dims[1], x.dims[0]} : PackedShape{x.dims[0], x.dims[1]};
    Array<int32_t> packed;
    if (!call.output(0, {shape.panels(), shape.pairs(), PackedShape::kPanel}, &packed)) return;
    packFrozen(x.data, transposed_, shape, packed.data);
  }

 private:
  bool transposed_;
};

/** [rows, inner] -> [rows, columns] */
class FrozenMatMul {
 public:
  explicit FrozenMatMul(Attributes& attributes) : columns_(attributes.integer("columns")) {}

  void compute(Call& call) const {
    const Floats x = call.input(0);
    const Array<const int32_t> packed = call.integers(1);
    const PackedShape shape{x.dims[1], columns_};
    if (!call.require(hasBfloat16(), kUnsupported) ||
        !call.require(x.rank == 2 && packed.rank == 3 && packed.dims[0] == shape.panels() && packed.dims[1] == shape.pairs() &&
                          packed.dims[2] == PackedShape::kPanel,
                      "frozen product: x must be [rows, inner] and the packed matrix of inner rows")) {
      return;
    }
    Array<float> y;
    if (!call.output(0, {x.dims[0], columns_}, &y)) return;
    multiplyFrozen(x.data, x.dims[0], packed.data, shape, y.data);
  }

 private:
  int64_t columns_;
};

}  // namespace

void registerFrozenMatMul(TF_Status* status) {
  registerKernel<FrozenPack>({"DpsynthFrozenPack", {"x: float"}, {"packed: int32"}, {"transposed: int >= 0"}}, status);
  registerKernel<FrozenMatMul>(
      {"DpsynthFrozenMatMul", {"x: float", "packed: int32"}, {"y: float"}, {"columns: int >= 1"}}, status);
}
