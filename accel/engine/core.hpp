#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "accel/engine.hpp"
#include "accel/engine/parts.hpp"
#include "accel/engine/runtime.hpp"

/// The inside of an Engine: what start-up found out, and the two ways a batch can go: at once on
/// the calling thread, or through the runtime.

namespace buri::accel::engine {

/// How start-up judged one backend.
struct BackendRecord {
  std::string name;
  std::string description;
  bool is_device = false;
  std::string refusal;                      ///< empty: in use
  std::optional<std::size_t> device_index;  ///< among the runtime's devices
  bool absent = false;                      ///< never was there to be judged
};

/// Immutable after start but for the runtime, which guards itself. Thread-safe.
class Core {
 public:
  static Result<std::unique_ptr<Core>, EngineError> start(const EngineOptions& options,
                                                          const EngineServices& services,
                                                          Parts parts);

  /// Computes an itemwise batch.
  template <class Call>
  void run(const Call& call, std::span<const typename Call::Request> requests,
           std::span<typename Call::Answer> answers, Assurance assurance) {
    CHECK(requests.size() == answers.size(),
          "a batch with another number of answers than requests");
    if (requests.empty()) return;
    const std::uint64_t units = units_of(requests);
    if (units <= at(Call::kOperation).inline_units) return run_here(call, requests, answers);
    ItemWork<Call> work(call, requests, answers);
    runtime_->run(work, units, assurance == Assurance::kSampled);
  }

  /// Queues an itemwise batch; nothing if it was small enough to be done at once.
  template <class Call>
  std::optional<BatchId> submit(const Call& call, std::span<const typename Call::Request> requests,
                                std::span<typename Call::Answer> answers, Assurance assurance) {
    CHECK(requests.size() == answers.size(),
          "a batch with another number of answers than requests");
    if (requests.empty()) return std::nullopt;
    const std::uint64_t units = units_of(requests);
    if (units <= at(Call::kOperation).hand_over_units) {
      run_here(call, requests, answers);
      return std::nullopt;
    }
    return runtime_->submit(std::make_unique<ItemWork<Call>>(call, requests, answers), units,
                            assurance == Assurance::kSampled);
  }

  template <class Call>
  Hash256 root(std::span<const typename Call::Request> leaves, Assurance assurance) {
    Hash256 root;
    const std::uint64_t units = std::max<std::uint64_t>(1, units_of(leaves));
    TreeWork<Call> work(leaves, root);
    if (units <= at(Call::kOperation).inline_units || leaves.empty()) {
      const auto cpu = cpu_for(Call::kOperation, std::max<std::size_t>(1, leaves.size()));
      CHECK(work.compute(*cpu.backend, {}).ok(), "a CPU backend failed a tree");
      telemetry_->on_items(cpu.index, Call::kOperation, leaves.size());
    } else {
      runtime_->run(work, units, assurance == Assurance::kSampled);
    }
    return root;
  }

  void wait(BatchId batch) { runtime_->wait(batch); }
  [[nodiscard]] EngineStatus status() const;

 private:
  /// What the hot path asks about one operation.
  struct OperationTable {
    std::uint64_t inline_units = 0;     ///< up to here the calling thread alone is fastest
    std::uint64_t hand_over_units = 0;  ///< up to here queueing costs more than computing
    CpuBackends cpu;
  };

  Core() = default;
  [[nodiscard]] const OperationTable& at(Operation operation) const {
    return tables_[static_cast<std::size_t>(operation)];
  }
  [[nodiscard]] CpuBackends::Entry cpu_for(Operation operation, std::uint64_t items) const {
    const CpuBackends& cpu = at(operation).cpu;
    return cpu.entries[cpu.choice.index_for(items)];
  }
  template <class Call>
  void run_here(const Call& call, std::span<const typename Call::Request> requests,
                std::span<typename Call::Answer> answers) {
    const auto cpu = cpu_for(Call::kOperation, requests.size());
    const auto status = call.run(*cpu.backend, requests, answers);
    CHECK(status.ok(), "a CPU backend failed a batch");
    telemetry_->on_items(cpu.index, Call::kOperation, requests.size());
  }

  /// Cost in measured items: a message longer than the measured 64 bytes counts several times, and
  /// hashing the messages of signatures counts as one more for every 8 KiB.
  template <class Request>
  static std::uint64_t units_of(std::span<const Request> requests) {
    if constexpr (HasMessage<Request>) {
      constexpr bool kHashesOnly = std::is_same_v<Request, ByteView>;
      std::uint64_t bytes = 0;
      for (Request request : requests) bytes += message_of(request)->size();
      return kHashesOnly ? std::max<std::uint64_t>(requests.size(), bytes / 64)
                         : requests.size() + bytes / 8192;
    } else {
      return requests.size();
    }
  }

  std::array<OperationTable, kOperationCount> tables_;
  std::vector<BackendRecord> records_;
  std::shared_ptr<Telemetry> telemetry_;
  std::unique_ptr<Runtime> runtime_;
  unsigned workers_ = 0;
  bool profile_from_cache_ = false;
  std::chrono::nanoseconds start_time_{0};

  friend class Starter;
};

}  // namespace buri::accel::engine
