#include <vector>

#include "kernel.h"
#include "kernels.h"
#include "thread-pool.h"

namespace {

/** The means [labels, width] of the rows of each label, added up in their order; a row with a label below 0 is in none. */
class LabelMeans {
 public:
  explicit LabelMeans(Attributes& attributes) : count_(attributes.integer("count")) {}

  void compute(Call& call) const {
    const Floats x = call.input(0);
    const Array<const int32_t> labels = call.integers(1);
    if (!call.require(x.rank == 2 && labels.size() == x.dims[0], "label means: one label for each row")) return;
    for (int64_t row = 0; row < labels.size(); row++) {
      if (!call.require(labels.data[row] < count_, "label means: a label is too large")) return;
    }
    Array<float> means;
    const int64_t width = x.dims[1];
    if (!call.output(0, {count_, width}, &means)) return;
    // Threads share the labels: a sum is added up by one of them, in order.
    parallelRows(count_, width * (1 + labels.size() / (count_ + 1)), [&](int64_t begin, int64_t end) {
      meansOf(begin, end, x.data, labels, width, means.data);
    });
  }

 private:
  static void meansOf(int64_t begin, int64_t end, const float* x, const Array<const int32_t>& labels, int64_t width, float* means) {
    std::vector<int32_t> sizes(end - begin);
    for (int64_t i = begin * width; i < end * width; i++) means[i] = 0;
    for (int64_t row = 0; row < labels.size(); row++) {
      const int32_t label = labels.data[row];
      if (label < begin || label >= end) continue;
      sizes[label - begin] += 1;
      const float* const from = x + row * width;
      float* const to = means + label * width;
#pragma omp simd
      for (int64_t i = 0; i < width; i++) to[i] += from[i];
    }
    for (int64_t label = begin; label < end; label++) {
      const float share = 1.0f / static_cast<float>(sizes[label - begin] > 0 ? sizes[label - begin] : 1);
      for (int64_t i = label * width; i < (label + 1) * width; i++) means[i] *= share;
    }
  }

  int64_t count_;
};

}  // namespace

void registerLabelMeans(TF_Status* status) {
  registerKernel<LabelMeans>({"DpsynthLabelMeans", {"x: float", "labels: int32"}, {"means: float"}, {"count: int"}}, status);
}
