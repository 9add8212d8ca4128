#include <cstring>

#include "kernel.h"
#include "kernels.h"
#include "thread-pool.h"

namespace {

/** Copies one head of one token, turned by the angles where there are tables; `kDirection` -1 turns it back. */
template <int kDirection>
void turn(const float* from, const float* cosine, const float* sine, int64_t width, float* to) {
  if (!cosine) {
    std::memcpy(to, from, width * sizeof(float));
    return;
  }
  const int64_t half = width / 2;
#pragma omp simd
  for (int64_t i = 0; i < half; i++) {
    const float low = from[i], high = from[i + half], turned = kDirection * sine[i];
    to[i] = low * cosine[i] - high * turned;
    to[i + half] = high * cosine[i] + low * turned;
  }
}

/** Cosines and sines of each position: inputs 1 and 2, or none. Their rows are tokens, or all records' tokens. */
class RotaryTables {
 public:
  RotaryTables(Call& call, int64_t records, int64_t tokens, int64_t headWidth) : half_(headWidth / 2) {
    if (call.inputs() == 1) return;
    cosine_ = call.input(1), sine_ = call.input(2);
    ofRecords_ = cosine_.rows() != tokens;
    const bool rowsFit = cosine_.rows() == tokens || cosine_.rows() == records * tokens;
    call.require(rowsFit && headWidth % 2 == 0 && cosine_.width() == half_ && sine_.sameShape(cosine_),
                 "heads: the rotary tables must be [tokens or records * tokens, headWidth / 2]");
  }

  const float* cosine(int64_t record, int64_t token, int64_t tokens) const {
    return at(cosine_, record, token, tokens);
  }
  const float* sine(int64_t record, int64_t token, int64_t tokens) const { return at(sine_, record, token, tokens); }

 private:
  const float* at(const Floats& table, int64_t record, int64_t token, int64_t tokens) const {
    return table.data ? table.data + (ofRecords_ ? record * tokens + token : token) * half_ : nullptr;
  }

  Floats cosine_, sine_;
  int64_t half_;
  bool ofRecords_ = false;
};

/** [records * tokens, heads * headWidth] -> [records * heads, tokens, headWidth] */
class ToHeads {
 public:
  explicit ToHeads(Attributes& attributes) : heads_(attributes.integer("heads")), tokens_(attributes.integer("tokens")) {}

  void compute(Call& call) const {
    const Floats x = call.input(0);
    if (!call.require(x.rank == 2 && x.width() % heads_ == 0 && x.rows() % tokens_ == 0,
                      "to heads: x must be [records * tokens, heads * headWidth]")) {
      return;
    }
    const int64_t records = x.rows() / tokens_, headWidth = x.width() / heads_;
    const RotaryTables tables(call, records, tokens_, headWidth);
    Array<float> y;
    if (!call.output(0, {records * heads_, tokens_, headWidth}, &y)) return;
    parallelRows(x.rows(), 2 * x.width(), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        const int64_t record = row / tokens_, token = row % tokens_;
        const float* cosine = tables.cosine(record, token, tokens_);
        const float* sine = tables.sine(record, token, tokens_);
        for (int64_t head = 0; head < heads_; head++) {
          float* to = y.data + ((record * heads_ + head) * tokens_ + token) * headWidth;
          turn<1>(x.data + (row * heads_ + head) * headWidth, cosine, sine, headWidth, to);
        }
      }
    });
  }

 private:
  int64_t heads_, tokens_;
};

/** [records * heads, tokens, headWidth] -> [records * tokens, heads * headWidth] */
class FromHeads {
 public:
  explicit FromHeads(Attributes& attributes) : heads_(attributes.integer("heads")) {}

  void compute(Call& call) const {
    const Floats x = call.input(0);
    if (!call.require(x.rank == 3 && x.dims[0] % heads_ == 0,
                      "from heads: x must be [records * heads, tokens, headWidth]")) {
      return;
    }
    const int64_t records = x.dims[0] / heads_, tokens = x.dims[1], headWidth = x.dims[2];
    const RotaryTables tables(call, records, tokens, headWidth);
    Array<float> y;
    if (!call.output(0, {records * tokens, heads_ * headWidth}, &y)) return;
    parallelRows(y.rows(), 2 * y.width(), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        const int64_t record = row / tokens, token = row % tokens;
        const float* cosine = tables.cosine(record, token, tokens);
        const float* sine = tables.sine(record, token, tokens);
        for (int64_t head = 0; head < heads_; head++) {
          const float* from = x.data + ((record * heads_ + head) * tokens + token) * headWidth;
          turn<-1>(from, cosine, sine, headWidth, y.data + (row * heads_ + head) * headWidth);
        }
      }
    });
  }

 private:
  int64_t heads_;
};

}  // namespace

void registerHeads(TF_Status* status) {
  registerKernel<ToHeads>({"DpsynthToHeads",
                           {"x: float", "tables: tables_count * float"},
                           {"y: float"},
                           {"heads: int >= 1", "tokens: int >= 1", "tables_count: int >= 0"}},
                          status);
  registerKernel<FromHeads>({"DpsynthFromHeads",
                             {"x: float", "tables: tables_count * float"},
                             {"y: float"},
                             {"heads: int >= 1", "tables_count: int >= 0"}},
                            status);
}
