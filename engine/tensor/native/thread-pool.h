#pragma once

#include <cstdint>

/** Runs `run(context, chunk)` for each chunk below `chunks`, on this thread and the pool's, and returns when all are done. */
void runChunks(int chunks, void (*run)(void* context, int chunk), void* context);

/** How many threads `runChunks` uses: as many as TensorFlow does within one operation. */
int threadCount();

/**
 * Calls `body(begin, end)` for ranges that cover all rows, on several threads where the work is worth waking them.
 * `rowCost` is about how many elements a row reads and writes, more where their arithmetic is heavy.
 */
template <class Body>
void parallelRows(int64_t rows, int64_t rowCost, const Body& body) {
  // Some 20 microseconds on one core: less is done before another thread is awake.
  constexpr int64_t kChunkCost = 1 << 16;
  // More chunks than threads, so that a thread whose core is taken does not hold up all.
  constexpr int kChunksPerThread = 4;
  const int64_t worthwhile = rows * rowCost / kChunkCost;
  int64_t chunks = kChunksPerThread * threadCount();
  if (chunks > worthwhile) chunks = worthwhile;
  if (chunks > rows) chunks = rows;
  if (chunks <= 1) return body(0, rows);

  struct Job {
    const Body& body;
    int64_t rows;
    int64_t chunks;
  } job{body, rows, chunks};
  runChunks(
      static_cast<int>(chunks),
      [](void* context, int chunk) {
        const Job& job = *static_cast<Job*>(context);
        job.body(job.rows * chunk / job.chunks, job.rows * (chunk + 1) / job.chunks);
      },
      &job);
}
