#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "accel/engine.hpp"
#include "accel/engine/parts.hpp"
#include "accel/engine/sample_batch.hpp"
#include "tests/bench/harness.hpp"

/// The engine beside its own backends: what dispatching costs, and what a second core brings.

namespace buri::bench {
namespace {

using accel::Assurance;
using accel::Engine;
using accel::EngineOptions;
using accel::Operation;

/// Every CPU this process may run on, while it lives: the harness may have been pinned to one core.
class AllCpus {
 public:
  AllCpus() {
    ::sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t all;
    CPU_ZERO(&all);
    for (long i = 0; i < ::sysconf(_SC_NPROCESSORS_ONLN) && i < CPU_SETSIZE; ++i) {
      CPU_SET(static_cast<std::size_t>(i), &all);
    }
    ::sched_setaffinity(0, sizeof all, &all);
  }
  ~AllCpus() { ::sched_setaffinity(0, sizeof before_, &before_); }
  AllCpus(const AllCpus&) = delete;
  AllCpus& operator=(const AllCpus&) = delete;

 private:
  cpu_set_t before_{};
};

/// An engine over the CPU backends, with its own freshly measured profile.
std::unique_ptr<Engine> start_engine(unsigned workers, const std::string& profile_directory = {}) {
  EngineOptions options;
  options.worker_threads = workers;
  options.profile_directory = profile_directory;
  options.allowed_backends = {"scalar", "avx2", "avx512"};
  auto engine = Engine::start(options);
  CHECK(engine.ok(), "the engine does not start");
  return std::move(engine).value();
}

/// Seconds that one call of `work` takes, averaged over `at_least`.
double seconds_per_call(const std::function<void()>& work, double at_least) {
  using SteadyClock = std::chrono::steady_clock;
  const auto start = SteadyClock::now();
  double calls = 0;
  double elapsed = 0;
  do {
    work();
    ++calls;
    elapsed = std::chrono::duration<double>(SteadyClock::now() - start).count();
  } while (elapsed < at_least);
  return elapsed / calls;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// The batches of one operation and size, for the engine and for a backend by itself.
class Contest {
 public:
  Contest(Operation operation, std::size_t items) : batch_(operation, items) {}

  /// The engine's time over the fastest backend's, both medians of the same interleaved rounds.
  double slowdown(accel::Backend& engine, const std::vector<accel::engine::BackendSlot>& backends,
                  Operation operation, const Options& options) {
    std::vector<std::function<void()>> subjects{[&] { run(engine); }};
    for (const auto& slot : backends) {
      if (!slot.backend->supports(operation)) continue;
      // One look tells which backends are out of the running; they need no thirty rounds.
      subjects.emplace_back([&, backend = slot.backend.get()] { run(*backend); });
    }
    drop_slow(subjects);
    std::vector<std::vector<double>> times(subjects.size());
    for (unsigned round = 0; round < options.rounds; ++round) {
      for (std::size_t i = 0; i < subjects.size(); ++i) {
        const std::size_t subject = round % 2 == 0 ? i : subjects.size() - 1 - i;
        times[subject].push_back(seconds_per_call(subjects[subject], options.round_seconds));
      }
    }
    double worst = 0;
    for (std::size_t i = 1; i < subjects.size(); ++i) {
      std::vector<double> ratios;
      for (unsigned round = 0; round < options.rounds; ++round) {
        ratios.push_back(times[0][round] / times[i][round]);
      }
      worst = std::max(worst, median(std::move(ratios)));
    }
    return worst;
  }

 private:
  void run(accel::Backend& backend) { CHECK(batch_.run(backend).ok(), "a backend failed"); }

  static void drop_slow(std::vector<std::function<void()>>& subjects) {
    std::vector<double> times;
    for (const auto& subject : subjects) {
      subject();
      times.push_back(std::min(seconds_per_call(subject, 0.001), seconds_per_call(subject, 0.001)));
    }
    const double best = *std::min_element(times.begin() + 1, times.end());
    for (std::size_t i = subjects.size(); i-- > 1;) {
      if (times[i] > 1.5 * best) subjects.erase(subjects.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  accel::engine::SampleBatch batch_;
};

/// The engine seen as a backend, so that one batch can be given to either.
class EngineAsBackend final : public accel::Backend {
 public:
  explicit EngineAsBackend(Engine& engine) : engine_(engine) {}
  [[nodiscard]] std::string_view name() const override { return "engine"; }
  [[nodiscard]] std::string description() const override { return "engine"; }
  [[nodiscard]] bool supports(Operation) const override { return true; }
  Status<accel::BackendFault> recover(std::span<const accel::RecoverRequest> requests,
                                      accel::LowS low_s,
                                      std::span<accel::RecoverResult> results) override {
    engine_.recover(requests, low_s, results);
    return Unit{};
  }
  Status<accel::BackendFault> verify(std::span<const accel::VerifyRequest> requests,
                                     accel::LowS low_s,
                                     std::span<accel::SignatureStatus> results) override {
    engine_.verify(requests, low_s, results);
    return Unit{};
  }
  Status<accel::BackendFault> verify_known(const accel::KeySet& keys,
                                           std::span<const accel::KnownKeyRequest> requests,
                                           accel::LowS low_s,
                                           std::span<accel::SignatureStatus> results) override {
    // The batch keeps its key set for the whole run; this pointer owns nothing.
    const std::shared_ptr<const accel::KeySet> alias(std::shared_ptr<void>(), &keys);
    engine_.verify_known(alias, requests, low_s, results);
    return Unit{};
  }
  Status<accel::BackendFault> keccak256(std::span<const ByteView> messages,
                                        std::span<Hash256> digests) override {
    engine_.keccak256(messages, digests);
    return Unit{};
  }
  Status<accel::BackendFault> sha256(std::span<const ByteView> messages,
                                     std::span<Hash256> digests) override {
    engine_.sha256(messages, digests);
    return Unit{};
  }

 private:
  Engine& engine_;
};

bool is_signature(Operation operation) {
  return operation == Operation::kRecover || operation == Operation::kVerify ||
         operation == Operation::kVerifyKnown;
}

/// The worst case of some operations over all batch sizes.
Figure worst_slowdown(std::string name, std::initializer_list<Operation> operations,
                      const Options& options) {
  const auto engine = start_engine(1);
  EngineAsBackend as_backend(*engine);
  accel::engine::Parts parts = accel::engine::available_parts({});
  std::erase_if(parts.backends, [](const auto& slot) { return slot.backend->is_device(); });
  Figure figure;
  figure.name = std::move(name);
  figure.rounds = options.rounds;
  figure.goal = 1.05;
  figure.goal_is_upper_bound = true;
  std::string where;
  for (const Operation operation : operations) {
    for (const std::size_t items : {1u, 16u, 100u, 1000u, 10'000u, 100'000u}) {
      // A hundred thousand signatures are half a second of work, long enough to even out what
      // thirty rounds are for.
      Options contest_options = options;
      if (is_signature(operation) && items > 10'000) {
        contest_options.rounds = std::max(5u, options.rounds / 3);
      }
      const double slowdown = Contest(operation, items)
                                  .slowdown(as_backend, parts.backends, operation, contest_options);
      if (slowdown <= figure.ratio) continue;
      figure.ratio = slowdown;
      where = std::string(accel::operation_name(operation)) + " x " + std::to_string(items);
    }
  }
  figure.peer = "best single backend, worst case " + where;
  return figure;
}

/// A single SHA-256 takes some 75 ns with the SHA extensions, of which the engine's bookkeeping is
/// a tenth: it has a figure of its own, so that it hides no other.
std::vector<Figure> dispatch(const Options& options) {
  return {worst_slowdown("engine.dispatch",
                         {Operation::kRecover, Operation::kVerify, Operation::kVerifyKnown,
                          Operation::kKeccak256},
                         options),
          worst_slowdown("engine.dispatch.sha256", {Operation::kSha256}, options)};
}

std::vector<Figure> two_cores(const Options& options) {
  const AllCpus all;
  Figure figure;
  figure.name = "recover.two_cores";
  if (::sysconf(_SC_NPROCESSORS_ONLN) < 2) {
    figure.skipped = "this machine has one CPU";
    return {figure};
  }
  char directory[] = "/tmp/buri-bench-XXXXXX";
  CHECK(::mkdtemp(directory) != nullptr, "no temporary directory");
  const auto one = start_engine(1, directory);
  const auto two = start_engine(2, directory);
  std::filesystem::remove_all(directory);
  EngineAsBackend one_core(*one);
  EngineAsBackend both_cores(*two);
  constexpr std::size_t kItems = 16384;
  accel::engine::SampleBatch first(Operation::kRecover, kItems);
  accel::engine::SampleBatch second(Operation::kRecover, kItems);
  figure =
      compare(figure.name,
              {"two workers", [&] { CHECK(first.run(both_cores).ok(), "recover failed"); }, kItems},
              {"the engine with one worker",
               [&] { CHECK(second.run(one_core).ok(), "recover failed"); }, kItems},
              options);
  figure.goal = 1.9;
  return {figure};
}

const Registration kDispatch("engine.dispatch", dispatch);
const Registration kTwoCores("recover.two_cores", two_cores);

}  // namespace
}  // namespace buri::bench
