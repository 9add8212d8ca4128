#pragma once

#include <cfloat>
#include <cstdint>
#include <vector>

#include "codes.h"

/** The nearest centroids of all rows, up to date after each move of the centroids. */
struct Nearest {
  std::vector<int32_t> labels;
  /** x . c - |c|^2 / 2: the larger, the nearer. */
  std::vector<float> scores;
  /** No other centroid scores more. */
  std::vector<float> others;

  /** Nothing is known of them. */
  explicit Nearest(int64_t rows) : labels(rows), scores(rows, -FLT_MAX), others(rows, FLT_MAX) {}
};

/**
 * Finds, for each row x, the centroid with the largest x . c - |c|^2 / 2, the first of equals. Products of codes rule out nearly all
 * centroids; the scores that count are computed in float32, so that the result is that of an exhaustive search.
 */
class NearestCentroids {
 public:
  /** Of the widest rows that the sums of codes have room for. */
  static constexpr int64_t kMaxWidth = 1 << 16;

  NearestCentroids(const float* x, int64_t rows, int64_t width);

  /**
   * Brings `nearest` up to date with centroids [clusters, width] of which those that are not marked in `moved` are where they were.
   * In the first call all are marked.
   */
  void update(const float* centroids, const std::vector<char>& moved, Nearest& nearest);

 private:
  /** Some centroids, with what bounds the score of a row by the product of their codes. */
  struct Panel {
    int32_t place[kPanel];
    Lanes scale, length, error;
    /** The largest that -|c|^2 / 2 can be. */
    Lanes bias;
  };

  void makePanels(const std::vector<int32_t>& places);
  void addToPanel(int64_t p, int lane, int32_t place, int32_t* codes);
  void compareAll(Nearest& nearest) const;
  void compareSome(const std::vector<int32_t>& rows, Nearest& nearest) const;
  void compareTile(const int32_t* rows, int64_t count, const int32_t* tile, Nearest& nearest) const;
  void offer(int32_t at, int32_t place, Nearest& nearest) const;
  static void noteOther(int32_t at, float bound, Nearest& nearest);

  const float* row(int64_t at) const { return x_ + at * width_; }
  const float* centroid(int32_t place) const { return centroids_ + place * width_; }
  float score(int64_t at, int32_t place) const { return dot(row(at), centroid(place), width_) + bias_[place]; }
  /** Where the codes of a row's tile begin. */
  int64_t tileOf(int64_t at) const { return at / kTile * words_ * kTile; }
  static int64_t tilesFor(int64_t rows) { return (rows + kTile - 1) / kTile; }
  /** What to compare a tile costs, in the measure of `parallelRows`. */
  int64_t tileCost() const { return kTile * (width_ + static_cast<int64_t>(panels_.size()) * words_ / 2); }

  const float* x_;
  const int64_t rows_, width_, words_;
  /** Tiles of rows that follow each other. */
  std::vector<int32_t> codes_;
  std::vector<Coded> coded_;

  const float* centroids_ = nullptr;
  /** -|c|^2 / 2 of each centroid. */
  std::vector<float> bias_;
  std::vector<Panel> panels_;
  /** The codes of each panel in turn. */
  std::vector<int32_t> panelCodes_;
};
