#include "nearest-centroids.h"

#include <algorithm>
#include <cfloat>

#include "thread-pool.h"

NearestCentroids::NearestCentroids(const float* x, int64_t rows, int64_t width)
    : x_(x), rows_(rows), width_(width), words_(wordsFor(width)), codes_(tilesFor(rows) * words_ * kTile), coded_(rows) {
  parallelRows(rows, 8 * width, [this](int64_t begin, int64_t end) {
    std::vector<int32_t> codes(words_);
    for (int64_t at = begin; at < end; at++) {
      coded_[at] = encode(row(at), width_, codes.data());
      for (int64_t word = 0; word < words_; word++) codes_[tileOf(at) + word * kTile + at % kTile] = codes[word];
    }
  });
}

void NearestCentroids::update(const float* centroids, const std::vector<char>& moved, Nearest& nearest) {
  centroids_ = centroids;
  const int32_t clusters = static_cast<int32_t>(moved.size());
  bias_.resize(clusters);
  for (int32_t c = 0; c < clusters; c++) {
    if (moved[c]) bias_[c] = -0.5f * dot(centroid(c), centroid(c), width_);
  }
  // The centroids that stayed are for rows whose own has moved away from them. For the others, what bounded all others still does.
  std::vector<char> open(rows_);
  parallelRows(rows_, width_, [&](int64_t begin, int64_t end) {
    for (int64_t at = begin; at < end; at++) {
      const int32_t own = nearest.labels[at];
      if (!moved[own]) continue;
      const float now = score(at, own);
      nearest.scores[at] = now;
      if (now > nearest.others[at]) continue;
      open[at] = 1;
      nearest.others[at] = -FLT_MAX;
    }
  });
  std::vector<int32_t> opened, changed, stayed;
  for (int32_t at = 0; at < rows_; at++) {
    if (open[at]) opened.push_back(at);
  }
  for (int32_t c = 0; c < clusters; c++) (moved[c] ? changed : stayed).push_back(c);
  makePanels(changed);
  compareAll(nearest);
  if (opened.empty()) return;
  makePanels(stayed);
  compareSome(opened, nearest);
}

void NearestCentroids::makePanels(const std::vector<int32_t>& places) {
  panels_.resize((places.size() + kPanel - 1) / kPanel);
  panelCodes_.resize(panels_.size() * words_ * kPanel);
  parallelRows(panels_.size(), 8 * kPanel * width_, [&](int64_t begin, int64_t end) {
    std::vector<int32_t> codes(words_);
    for (int64_t p = begin; p < end; p++) {
      for (int lane = 0; lane < kPanel; lane++) {
        // The last panel repeats the last centroid.
        const size_t at = p * kPanel + lane;
        addToPanel(p, lane, places[at < places.size() ? at : places.size() - 1], codes.data());
      }
    }
  });
}

void NearestCentroids::addToPanel(int64_t p, int lane, int32_t place, int32_t* codes) {
  const Coded coded = encode(centroid(place), width_, codes);
  int32_t* const to = panelCodes_.data() + p * words_ * kPanel + lane;
  for (int64_t word = 0; word < words_; word++) to[word * kPanel] = panelWord(codes[word]);
  Panel& panel = panels_[p];
  panel.place[lane] = place;
  panel.scale[lane] = coded.scale;
  panel.length[lane] = coded.length;
  // What rounding can do to a sum of so many products, as a share of |x| |c| and of |c|^2.
  const float rounding = static_cast<float>(width_ + 16) * FLT_EPSILON;
  panel.error[lane] = coded.error + rounding * coded.length;
  panel.bias[lane] = bias_[place] - 2 * rounding * bias_[place];
}

/** Brings the labels and scores of all rows up to date with the centroids of the panels. */
void NearestCentroids::compareAll(Nearest& nearest) const {
  parallelRows(tilesFor(rows_), tileCost(), [&](int64_t begin, int64_t end) {
    for (int64_t first = begin * kTile; first < end * kTile; first += kTile) {
      int32_t rows[kTile];
      for (int r = 0; r < kTile; r++) rows[r] = static_cast<int32_t>(first) + r;
      compareTile(rows, std::min<int64_t>(kTile, rows_ - first), codes_.data() + tileOf(first), nearest);
    }
  });
}

/** Those of some rows. */
void NearestCentroids::compareSome(const std::vector<int32_t>& rows, Nearest& nearest) const {
  const int64_t count = rows.size();
  parallelRows(tilesFor(count), tileCost(), [&](int64_t begin, int64_t end) {
    std::vector<int32_t> tile(words_ * kTile);
    for (int64_t first = begin * kTile; first < end * kTile; first += kTile) {
      const int64_t taken = std::min<int64_t>(kTile, count - first);
      for (int64_t r = 0; r < taken; r++) {
        const int64_t at = rows[first + r];
        for (int64_t word = 0; word < words_; word++) tile[word * kTile + r] = codes_[tileOf(at) + word * kTile + at % kTile];
      }
      compareTile(rows.data() + first, taken, tile.data(), nearest);
    }
  });
}

void NearestCentroids::compareTile(const int32_t* rows, int64_t count, const int32_t* tile, Nearest& nearest) const {
  Coded coded[kTile];
  Lanes largest[kTile];
  float best[kTile];
  float length = 0, error = 0;
  for (int r = 0; r < kTile; r++) {
    // What the last tile has too many repeats what is known of its last row.
    const int64_t at = rows[r < count ? r : count - 1];
    coded[r] = coded_[at];
    largest[r] = Lanes{} - FLT_MAX;
    best[r] = nearest.scores[at];
    length = std::fmax(length, coded[r].length + coded[r].error);
    error = std::fmax(error, coded[r].error);
  }
  for (size_t p = 0; p < panels_.size(); p++) {
    const Panel& panel = panels_[p];
    Sums sums[kTile];
    for (int r = 0; r < kTile; r++) sums[r] = firstSums(coded[r]);
    addAllProducts(tile, panelCodes_.data() + p * words_ * kPanel, words_, sums);
    // The codes leave out x . c - x' . c' = (x - x') . c + x' . (c - c'), which is at most |x - x'| |c| + |x'| |c - c'|.
    const Lanes bias = panel.bias + panel.length * error + panel.error * length;
    uint32_t above[kTile];
    uint32_t any = 0;
    for (int r = 0; r < kTile; r++) {
      const Lanes bounds = __builtin_convertvector(sums[r], Lanes) * panel.scale * coded[r].scale + bias;
      above[r] = splitAt(best[r], bounds, largest[r]);
      any |= above[r];
    }
    if (any == 0) continue;
    for (int64_t r = 0; r < count; r++) {
      for (uint32_t lanes = above[r]; lanes != 0; lanes &= lanes - 1) {
        const int lane = __builtin_ctz(lanes);
        const float bound = static_cast<float>(sums[r][lane]) * panel.scale[lane] * coded[r].scale + bias[lane];
        // One of its neighbours may have been nearer.
        if (bound < nearest.scores[rows[r]]) noteOther(rows[r], bound, nearest);
        else offer(rows[r], panel.place[lane], nearest);
      }
      best[r] = nearest.scores[rows[r]];
    }
  }
  for (int64_t r = 0; r < count; r++) {
    for (int lane = 0; lane < kPanel; lane++) noteOther(rows[r], largest[r][lane], nearest);
  }
}

/** Compares a row with a centroid in float32. The first of equals is the nearest. */
void NearestCentroids::offer(int32_t at, int32_t place, Nearest& nearest) const {
  int32_t& label = nearest.labels[at];
  float& best = nearest.scores[at];
  if (place == label) return;
  const float offered = score(at, place);
  if (offered < best || (offered == best && place > label)) return noteOther(at, offered, nearest);
  noteOther(at, best, nearest);
  label = place;
  best = offered;
}

void NearestCentroids::noteOther(int32_t at, float bound, Nearest& nearest) {
  if (bound > nearest.others[at]) nearest.others[at] = bound;
}
