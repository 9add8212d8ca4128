#include "thread-pool.h"

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace {

void pauseBriefly() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

constexpr int kSpins = 1000;

/**
 * Threads that spin for some microseconds after their last work, because kernels follow each other closely, and then sleep.
 * `state_` is the number of the job, how many chunks it has and the next one to take, in one word: who has taken a chunk by exchanging
 * that word knows that the job is the present one, and the job waits for him. A thread that wakes too late finds nothing to take and
 * has touched nothing.
 */
class ThreadPool {
 public:
  explicit ThreadPool(int threads) : threads_(threads) {
    for (int i = 1; i < threads; i++) std::thread([this] { serve(); }).detach();
  }

  int threads() const { return threads_; }

  void run(int chunks, void (*run)(void*, int), void* context) {
    // Another JavaScript thread is using the pool: this one does its work alone.
    std::unique_lock<std::mutex> alone(busy_, std::try_to_lock);
    if (!alone.owns_lock() || threads_ == 1) {
      for (int chunk = 0; chunk < chunks; chunk++) run(context, chunk);
      return;
    }
    run_ = run;
    context_ = context;
    done_.store(0, std::memory_order_relaxed);
    const uint64_t job = (state_.load(std::memory_order_relaxed) >> 32) + 1;
    state_.store(job << 32 | static_cast<uint64_t>(chunks) << 16);
    if (sleepers_.load() > 0) {
      { std::lock_guard<std::mutex> lock(sleep_); }
      wake_.notify_all();
    }
    takeChunks();
    for (int spins = 0; done_.load(std::memory_order_acquire) < chunks; spins++) {
      if (spins < kSpins) pauseBriefly();
      else std::this_thread::yield();
    }
  }

 private:
  static bool hasChunk(uint64_t state) { return (state & 0xffff) < (state >> 16 & 0xffff); }

  void takeChunks() {
    uint64_t state = state_.load();
    while (hasChunk(state)) {
      if (!state_.compare_exchange_weak(state, state + 1)) continue;
      run_(context_, static_cast<int>(state & 0xffff));
      done_.fetch_add(1, std::memory_order_release);
      state = state_.load();
    }
  }

  void serve() {
    while (true) {
      for (int spins = 0; spins < kSpins && !hasChunk(state_.load(std::memory_order_relaxed)); spins++) pauseBriefly();
      if (!hasChunk(state_.load())) {
        std::unique_lock<std::mutex> lock(sleep_);
        sleepers_.fetch_add(1);
        wake_.wait(lock, [this] { return hasChunk(state_.load()); });
        sleepers_.fetch_sub(1);
      }
      takeChunks();
    }
  }

  const int threads_;
  std::mutex busy_;
  std::atomic<uint64_t> state_{0};
  std::atomic<int> done_{0};
  void (*run_)(void*, int) = nullptr;
  void* context_ = nullptr;
  std::mutex sleep_;
  std::condition_variable wake_;
  std::atomic<int> sleepers_{0};
};

int wantedThreads() {
  const char* asked = std::getenv("TF_NUM_INTRAOP_THREADS");
  const int threads = asked ? std::atoi(asked) : 0;
  return threads > 0 ? threads : static_cast<int>(std::thread::hardware_concurrency());
}

/** Never destroyed: its threads sleep in it until the process has ended. */
ThreadPool& pool() {
  static ThreadPool* const pool = new ThreadPool(wantedThreads() < 1 ? 1 : wantedThreads());
  return *pool;
}

}  // namespace

void runChunks(int chunks, void (*run)(void*, int), void* context) { pool().run(chunks, run, context); }

int threadCount() { return pool().threads(); }
