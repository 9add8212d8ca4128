#include <vector>

#include "codes.h"
#include "kernel.h"
#include "kernels.h"
#include "thread-pool.h"
#include "vector-math.h"

namespace {

/** Sums of more products of codes could leave the 32 bits. */
constexpr int64_t kMaxWidth = 1 << 16;
/** Covers what rounding can do to a score, as a share of |x| |c| and of |c|^2. */
constexpr float kRounding = 1e-5f;
constexpr int64_t kCoded = sizeof(Coded) / sizeof(float);

/** The codes of each row, and what else to know of it. */
class EncodeRows {
 public:
  explicit EncodeRows(Attributes&) {}

  void compute(Call& call) const {
    const Floats x = call.input(0);
    if (!call.require(x.rank == 2 && x.dims[1] <= kMaxWidth, "encode rows: a matrix of at most 65,536 columns")) return;
    const int64_t width = x.dims[1], words = wordsFor(width);
    Array<int32_t> codes;
    Array<float> about;
    if (!call.output(0, {x.dims[0], words}, &codes) || !call.output(1, {x.dims[0], kCoded}, &about)) return;
    parallelRows(x.dims[0], 8 * width, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        int32_t* const to = codes.data + row * words;
        for (int64_t word = 0; word < words; word++) to[word] = 0;
        const Coded coded = encode(x.data + row * width, width, to);
        std::memcpy(about.data + row * kCoded, &coded, sizeof coded);
      }
    });
  }
};

/** Some centroids, with what bounds the score of a row by the product of their codes. */
struct Panel {
  int32_t place[kPanel];
  Lanes scale, length, error;
  /** The largest that -|c|^2 / 2 can be. */
  Lanes bias;
};

/** One call's rows and centroids, and the answer, which `compare` makes better. */
class Search {
 public:
  Floats x, about, centroids, scoresBefore;
  Array<const int32_t> codes, labelsBefore, moved;
  Array<int32_t> labels;
  Array<float> scores;

  int64_t rows() const { return x.dims[0]; }
  int64_t clusters() const { return centroids.dims[0]; }

  bool fits() const {
    return x.rank == 2 && centroids.rank == 2 && centroids.dims[1] == width() && codes.size() == rows() * words() &&
           about.size() == rows() * kCoded && labelsBefore.size() == rows() && scoresBefore.size() == rows() &&
           moved.size() == clusters();
  }

  void run() {
    for (int32_t c = 0; c < clusters(); c++) bias_.push_back(-0.5f * dot(centroid(c), centroid(c), width()));
    parallelRows(rows(), width(), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        const int32_t own = labels.data[row] = labelsBefore.data[row];
        scores.data[row] = moved.data[own] ? score(row, own) : scoresBefore.data[row];
      }
    });
    // Of the centroids that stayed, none scores more than the row's own did.
    std::vector<int32_t> settled, open;
    for (int32_t row = 0; row < rows(); row++) (scores.data[row] >= scoresBefore.data[row] ? settled : open).push_back(row);
    std::vector<int32_t> changed, stayed;
    for (int32_t c = 0; c < clusters(); c++) (moved.data[c] ? changed : stayed).push_back(c);
    makePanels(changed);
    compare(settled);
    compare(open);
    if (open.empty()) return;
    makePanels(stayed);
    compare(open);
  }

 private:
  int64_t width() const { return x.dims[1]; }
  int64_t words() const { return wordsFor(width()); }
  const float* centroid(int32_t place) const { return centroids.data + place * width(); }
  float score(int64_t row, int32_t place) const { return dot(x.data + row * width(), centroid(place), width()) + bias_[place]; }

  void makePanels(const std::vector<int32_t>& places) {
    panels_.resize((places.size() + kPanel - 1) / kPanel);
    panelCodes_.resize(panels_.size() * words() * kPanel);
    parallelRows(panels_.size(), 8 * kPanel * width(), [&](int64_t begin, int64_t end) {
      std::vector<int32_t> codes(words());
      for (int64_t p = begin; p < end; p++) {
        for (int lane = 0; lane < kPanel; lane++) {
          // The last panel repeats the last centroid.
          const size_t at = p * kPanel + lane;
          addToPanel(p, lane, places[at < places.size() ? at : places.size() - 1], codes.data());
        }
      }
    });
  }

  void addToPanel(int64_t p, int lane, int32_t place, int32_t* codes) {
    const Coded coded = encode(centroid(place), width(), codes);
    int32_t* const to = panelCodes_.data() + p * words() * kPanel + lane;
    for (int64_t word = 0; word < words(); word++) to[word * kPanel] = panelWord(codes[word]);
    Panel& panel = panels_[p];
    panel.place[lane] = place;
    panel.scale[lane] = coded.scale;
    panel.length[lane] = coded.length;
    panel.error[lane] = coded.error + kRounding * coded.length;
    panel.bias[lane] = bias_[place] - 2 * kRounding * bias_[place];
  }

  /** Brings the labels and scores of these rows up to date with the centroids of the panels. */
  void compare(const std::vector<int32_t>& rows) {
    if (panels_.empty()) return;
    const int64_t tiles = (static_cast<int64_t>(rows.size()) + kTile - 1) / kTile;
    const int64_t cost = kTile * (width() + static_cast<int64_t>(panels_.size()) * words() / 2);
    parallelRows(tiles, cost, [&](int64_t begin, int64_t end) {
      std::vector<int32_t> tileCodes(kTile * words());
      for (int64_t tile = begin; tile < end; tile++) {
        const int64_t left = static_cast<int64_t>(rows.size()) - tile * kTile;
        compareTile(rows.data() + tile * kTile, left < kTile ? left : kTile, tileCodes.data());
      }
    });
  }

  void compareTile(const int32_t* rows, int64_t count, int32_t* tileCodes) {
    Coded coded[kTile] = {};
    for (int64_t r = 0; r < count; r++) {
      const int64_t row = rows[r];
      for (int64_t word = 0; word < words(); word++) tileCodes[word * kTile + r] = codes.data[row * words() + word];
      std::memcpy(&coded[r], about.data + row * kCoded, sizeof coded[r]);
    }
    for (size_t p = 0; p < panels_.size(); p++) {
      Sums sums[kTile];
      for (int r = 0; r < kTile; r++) sums[r] = firstSums(coded[r]);
      addAllProducts(tileCodes, panelCodes_.data() + p * words() * kPanel, words(), sums);
      for (int64_t r = 0; r < count; r++) lookCloser(rows[r], coded[r], sums[r], panels_[p]);
    }
  }

  /**
   * Computes the scores that can be the largest: the codes leave out x . c - x' . c' = (x - x') . c + x' . (c - c'), which is at
   * most |x - x'| |c| + |x'| |c - c'|.
   */
  void lookCloser(int32_t row, const Coded& of, const Sums& sums, const Panel& panel) {
    const Lanes products = __builtin_convertvector(sums, Lanes) * (panel.scale * of.scale);
    const Lanes bounds = products + panel.bias + panel.length * of.error + panel.error * (of.length + of.error);
    for (uint32_t lanes = lanesOfAtLeast(bounds, scores.data[row]); lanes != 0; lanes &= lanes - 1) {
      const int lane = __builtin_ctz(lanes);
      if (bounds[lane] >= scores.data[row]) offer(row, panel.place[lane]);
    }
  }

  /** The first of equals is the nearest. */
  void offer(int32_t row, int32_t place) {
    const float offered = score(row, place);
    int32_t& label = labels.data[row];
    if (offered < scores.data[row] || (offered == scores.data[row] && place >= label)) return;
    label = place;
    scores.data[row] = offered;
  }

  std::vector<Panel> panels_;
  /** The codes of each panel in turn. */
  std::vector<int32_t> panelCodes_;
  /** -|c|^2 / 2 of each centroid. */
  std::vector<float> bias_;
};

/**
 * Of each row the centroid with the largest x . c - |c|^2 / 2, and that score. Products of codes rule out nearly all
 * centroids; the scores that count are computed in float32, so that the result is that of an exhaustive search.
 */
class NearestCentroids {
 public:
  explicit NearestCentroids(Attributes&) {}

  void compute(Call& call) const {
    Search search;
    search.x = call.input(0);
    search.codes = call.integers(1);
    search.about = call.input(2);
    search.centroids = call.input(3);
    search.labelsBefore = call.integers(4);
    search.scoresBefore = call.input(5);
    search.moved = call.integers(6);
    if (!call.require(search.fits(), "nearest centroids: shapes do not fit")) return;
    for (int64_t row = 0; row < search.rows(); row++) {
      const int32_t own = search.labelsBefore.data[row];
      if (!call.require(own >= 0 && own < search.clusters(), "nearest centroids: a label is no centroid")) return;
    }
    if (!call.output(0, {search.rows()}, &search.labels) || !call.output(1, {search.rows()}, &search.scores)) return;
    search.run();
  }
};

}  // namespace

void registerNearestCentroids(TF_Status* status) {
  registerKernel<EncodeRows>({"DpsynthEncodeRows", {"x: float"}, {"codes: int32", "about: float"}, {}}, status);
  registerKernel<NearestCentroids>(
      {"DpsynthNearestCentroids",
       {"x: float", "codes: int32", "about: float", "centroids: float", "before: int32", "before_scores: float", "moved: int32"},
       {"labels: int32", "scores: float"},
       {}},
      status);
}
