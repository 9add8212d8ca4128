#include <vector>

#include "kernel.h"
#include "kernels.h"
#include "nearest-centroids.h"
#include "thread-pool.h"

namespace {

/** The centroids marked in `stale` go to the means of their rows, added up in the order of the rows. */
void moveToMeans(const Floats& x, const std::vector<int32_t>& labels, const std::vector<char>& stale,
                 const std::vector<int32_t>& sizes, float* centroids) {
  const int64_t width = x.dims[1], clusters = sizes.size();
  // Threads share the clusters: a sum is added up by one of them, in order.
  parallelRows(clusters, width * (1 + x.dims[0] / clusters), [&](int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; c++) {
      for (int64_t i = c * width; stale[c] && i < (c + 1) * width; i++) centroids[i] = 0;
    }
    for (int64_t row = 0; row < x.dims[0]; row++) {
      const int32_t c = labels[row];
      if (c < begin || c >= end || !stale[c]) continue;
      const float* const from = x.data + row * width;
      float* const to = centroids + c * width;
#pragma omp simd
      for (int64_t i = 0; i < width; i++) to[i] += from[i];
    }
    for (int64_t c = begin; c < end; c++) {
      const float share = 1.0f / static_cast<float>(sizes[c]);
      for (int64_t i = c * width; stale[c] && i < (c + 1) * width; i++) centroids[i] *= share;
    }
  });
}

/**
 * Lloyd's k-means: gives each row the label of the nearest centroid and moves the centroids to the means of their rows, until no
 * label changes from what it was, `before` at first, or a cluster is empty, or the iterations are over. `progress` is how many
 * there were, and 1 if no label changed. Where a cluster is empty, the others have been moved and it has stayed.
 */
class Lloyd {
 public:
  explicit Lloyd(Attributes& attributes) : iterations_(attributes.integer("iterations")) {}

  void compute(Call& call) const {
    const Floats x = call.input(0), start = call.input(1);
    const Array<const int32_t> before = call.integers(2);
    const int64_t rows = x.dims[0], clusters = start.dims[0], width = x.dims[1];
    const bool fits = x.rank == 2 && start.rank == 2 && start.dims[1] == width && before.size() == rows && clusters > 0;
    if (!call.require(fits && width <= NearestCentroids::kMaxWidth, "k-means: shapes do not fit")) return;
    Array<int32_t> labels, progress;
    Array<float> scores, centroids;
    if (!call.output(0, {rows}, &labels) || !call.output(1, {rows}, &scores)) return;
    if (!call.outputLike(2, start, &centroids) || !call.output(3, {2}, &progress)) return;

    for (int64_t i = 0; i < start.size(); i++) centroids.data[i] = start.data[i];
    NearestCentroids search(x.data, rows, width);
    Nearest nearest(rows);
    std::vector<int32_t> last(before.data, before.data + rows);
    std::vector<char> moved(clusters, 1);
    bool finished = false;
    int64_t done = 0;
    while (true) {
      search.update(centroids.data, moved, nearest);
      done += 1;
      // At first all: the caller may have moved any of them.
      std::vector<char> stale(clusters, done == 1);
      finished = !noteChanges(nearest.labels, last, stale);
      if (finished || done == iterations_) break;
      std::vector<int32_t> sizes(clusters);
      for (const int32_t label : nearest.labels) sizes[label] += 1;
      bool empty = false;
      for (int64_t c = 0; c < clusters; c++) {
        if (sizes[c] > 0) continue;
        empty = true;
        stale[c] = 0;
      }
      moveToMeans(x, nearest.labels, stale, sizes, centroids.data);
      if (empty) break;
      moved = stale;
    }
    for (int64_t row = 0; row < rows; row++) {
      labels.data[row] = nearest.labels[row];
      scores.data[row] = nearest.scores[row];
    }
    progress.data[0] = static_cast<int32_t>(done);
    progress.data[1] = finished;
  }

 private:
  /** Marks the clusters that won or lost a row since `last`, and makes `last` what is now. */
  static bool noteChanges(const std::vector<int32_t>& labels, std::vector<int32_t>& last, std::vector<char>& stale) {
    bool changed = false;
    for (size_t row = 0; row < labels.size(); row++) {
      if (labels[row] == last[row]) continue;
      changed = true;
      stale[labels[row]] = 1;
      if (last[row] >= 0) stale[last[row]] = 1;
      last[row] = labels[row];
    }
    return changed;
  }

  int64_t iterations_;
};

}  // namespace

void registerLloyd(TF_Status* status) {
  registerKernel<Lloyd>({"DpsynthLloyd",
                         {"x: float", "start: float", "before: int32"},
                         {"labels: int32", "scores: float", "centroids: float", "progress: int32"},
                         {"iterations: int"}},
                        status);
}
