#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "accel/backend.hpp"
#include "accel/engine/calls.hpp"
#include "base/random.hpp"

/// A caller's batch without its types: what the scheduler's tasks do to it. CPU work goes straight
/// to the caller's memory. A device never sees that memory: it works on a staged copy, because a
/// call that hangs in a driver may touch its buffers after the caller has long gone.

namespace buri::accel {

/// Items [begin, end) of a batch.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  [[nodiscard]] std::uint64_t size() const { return end - begin; }
  friend bool operator==(const Range&, const Range&) = default;
};

/// A copy of a range of a batch for one device call, with room for the answers. Owns everything it
/// points at. Not thread-safe: passed from thread to thread.
class Staged {
 public:
  virtual ~Staged() = default;

  /// Computes on the device; blocks.
  virtual Status<BackendFault> run(Backend& device) = 0;
  /// After a good run: whether any answer is a failure status.
  [[nodiscard]] virtual bool reports_failure() const = 0;
};

/// How much of a device's answers is recomputed once it is trusted.
struct Sampling {
  double rate = 1.0;           ///< share of the items, 0..1
  std::uint64_t at_least = 1;  ///< items per device call, where it has so many
};

/// One batch of one operation. Tasks on disjoint ranges may run at the same time.
class Work {
 public:
  virtual ~Work() = default;

  [[nodiscard]] virtual Operation operation() const = 0;
  [[nodiscard]] virtual std::uint64_t items() const = 0;
  /// False for trees: one answer for the whole batch.
  [[nodiscard]] virtual bool divisible() const = 0;

  /// Computes a range on a CPU backend into the caller's memory.
  virtual Status<BackendFault> compute(Backend& cpu, Range range) = 0;
  /// Copies a range for a device call.
  virtual std::shared_ptr<Staged> stage(Range range, Random& random) const = 0;
  /// Computes `range` on the CPU into the caller's memory and says whether the device gave the
  /// same; `staged` covers `chunk`, which contains `range`.
  virtual bool compare(Backend& cpu, Range range, Range chunk, const Staged& staged) = 0;
  /// Recomputes a sample of the chunk on the CPU. When the device gave the same, copies its answers
  /// to the caller's memory and returns true; else leaves that memory alone.
  virtual bool sample_and_accept(Backend& cpu, Range chunk, const Staged& staged, Random& random,
                                 const Sampling& sampling) = 0;
};

/// Indices of a sample of `items`, ascending: one drawn from each of equal strata, so that k wrong
/// answers stay unseen with a probability of at most (1 - rate)^k.
std::vector<std::uint64_t> draw_sample(std::uint64_t items, const Sampling& sampling,
                                       Random& random);

namespace engine {

/// Requests owned by a staged copy. Messages are copied with their bytes.
template <class Request>
class OwnedRequests {
 public:
  explicit OwnedRequests(std::vector<Request> requests) : requests_(std::move(requests)) {}
  [[nodiscard]] std::span<const Request> view() const { return requests_; }

 private:
  std::vector<Request> requests_;
};

template <HasMessage Request>
class OwnedRequests<Request> {
 public:
  explicit OwnedRequests(std::vector<Request> requests) : requests_(std::move(requests)) {
    std::size_t total = 0;
    for (Request& request : requests_) total += message_of(request)->size();
    bytes_.reserve(total);
    for (Request& request : requests_) {
      ByteView& message = *message_of(request);
      const std::size_t offset = bytes_.size();
      append(bytes_, message);
      message = ByteView(bytes_).subspan(offset, message.size());
    }
  }
  OwnedRequests(const OwnedRequests&) = delete;
  OwnedRequests& operator=(const OwnedRequests&) = delete;
  [[nodiscard]] std::span<const Request> view() const { return requests_; }

 private:
  Bytes bytes_;
  std::vector<Request> requests_;
};

/// Staged items of an itemwise call. For signatures one extra item is hidden among them, the
/// canary: a copy of a real one, spoiled so that it must fail. It is always among the recomputed
/// items, so a device that answers "ok" to everything is caught by its first batch.
template <class Call>
class StagedItems final : public Staged {
 public:
  using Request = typename Call::Request;
  using Answer = typename Call::Answer;

  StagedItems(const Call& call, std::span<const Request> requests, Random& random)
      : call_(call),
        canary_(Call::kHasCanary ? random.below(requests.size() + 1) : requests.size()),
        requests_(with_canary(requests, canary_, random)),
        answers_(requests_.view().size()) {}

  Status<BackendFault> run(Backend& device) override {
    return call_.run(device, requests_.view(), answers_);
  }
  [[nodiscard]] bool reports_failure() const override {
    for (std::size_t i = 0; i < answers_.size(); ++i) {
      if (!(Call::kHasCanary && i == canary_) && Call::failed(answers_[i])) return true;
    }
    return false;
  }
  /// Where the chunk's item `index` lies among the staged ones.
  [[nodiscard]] std::size_t place(std::uint64_t index) const {
    return index < canary_ ? index : index + (Call::kHasCanary ? 1 : 0);
  }
  [[nodiscard]] const Answer& answer(std::uint64_t index) const { return answers_[place(index)]; }

  /// Whether the CPU gives the same for the canary and for the items of the sample.
  [[nodiscard]] bool agrees(Backend& cpu, const std::vector<std::uint64_t>& sample) const {
    std::vector<std::size_t> places;
    if (Call::kHasCanary) places.push_back(canary_);
    for (const std::uint64_t index : sample) places.push_back(place(index));
    std::vector<Request> requests;
    requests.reserve(places.size());
    for (const std::size_t i : places) requests.push_back(requests_.view()[i]);
    std::vector<Answer> answers(requests.size());
    const auto status = call_.run(cpu, requests, answers);
    CHECK(status.ok(), "a CPU backend failed a cross-check");
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (!(answers[i] == answers_[places[i]])) return false;
    }
    return true;
  }

 private:
  static std::vector<Request> with_canary(std::span<const Request> requests, std::size_t canary,
                                          Random& random) {
    std::vector<Request> result;
    result.reserve(requests.size() + 1);
    result.assign(requests.begin(), requests.end());
    if constexpr (Call::kHasCanary) {
      Request spoiled = requests[random.below(requests.size())];
      Call::spoil(spoiled, random);
      result.insert(result.begin() + static_cast<std::ptrdiff_t>(canary), spoiled);
    }
    return result;
  }

  Call call_;
  std::size_t canary_;
  OwnedRequests<Request> requests_;
  std::vector<Answer> answers_;
};

/// A batch with one answer per item.
template <class Call>
class ItemWork final : public Work {
 public:
  using Request = typename Call::Request;
  using Answer = typename Call::Answer;

  ItemWork(Call call, std::span<const Request> requests, std::span<Answer> answers)
      : call_(std::move(call)), requests_(requests), answers_(answers) {}

  [[nodiscard]] Operation operation() const override { return Call::kOperation; }
  [[nodiscard]] std::uint64_t items() const override { return requests_.size(); }
  [[nodiscard]] bool divisible() const override { return true; }

  Status<BackendFault> compute(Backend& cpu, Range range) override {
    return call_.run(cpu, requests_.subspan(range.begin, range.size()),
                     answers_.subspan(range.begin, range.size()));
  }
  std::shared_ptr<Staged> stage(Range range, Random& random) const override {
    return std::make_shared<StagedItems<Call>>(call_, requests_.subspan(range.begin, range.size()),
                                               random);
  }
  bool compare(Backend& cpu, Range range, Range chunk, const Staged& staged) override {
    const auto& items = static_cast<const StagedItems<Call>&>(staged);
    const auto status = compute(cpu, range);
    CHECK(status.ok(), "a CPU backend failed a cross-check");
    bool same = items.agrees(cpu, {});
    for (std::uint64_t i = range.begin; i < range.end; ++i) {
      same = same && answers_[i] == items.answer(i - chunk.begin);
    }
    return same;
  }
  bool sample_and_accept(Backend& cpu, Range chunk, const Staged& staged, Random& random,
                         const Sampling& sampling) override {
    const auto& items = static_cast<const StagedItems<Call>&>(staged);
    if (!items.agrees(cpu, draw_sample(chunk.size(), sampling, random))) return false;
    for (std::uint64_t i = chunk.begin; i < chunk.end; ++i) {
      answers_[i] = items.answer(i - chunk.begin);
    }
    return true;
  }

 private:
  Call call_;
  std::span<const Request> requests_;
  std::span<Answer> answers_;
};

/// Staged leaves of a tree.
template <class Call>
class StagedTree final : public Staged {
 public:
  StagedTree(std::span<const typename Call::Request> leaves)
      : leaves_({leaves.begin(), leaves.end()}) {}

  Status<BackendFault> run(Backend& device) override {
    return Call::run(device, leaves_.view(), root_);
  }
  [[nodiscard]] bool reports_failure() const override { return false; }
  [[nodiscard]] const Hash256& root() const { return root_; }

 private:
  OwnedRequests<typename Call::Request> leaves_;
  Hash256 root_;
};

/// A tree: its one answer is recomputed whole with the probability of the sampling rate.
template <class Call>
class TreeWork final : public Work {
 public:
  using Leaf = typename Call::Request;

  TreeWork(std::span<const Leaf> leaves, Hash256& root) : leaves_(leaves), root_(root) {}

  [[nodiscard]] Operation operation() const override { return Call::kOperation; }
  [[nodiscard]] std::uint64_t items() const override { return leaves_.size(); }
  [[nodiscard]] bool divisible() const override { return false; }

  Status<BackendFault> compute(Backend& cpu, Range) override {
    return Call::run(cpu, leaves_, root_);
  }
  std::shared_ptr<Staged> stage(Range, Random&) const override {
    return std::make_shared<StagedTree<Call>>(leaves_);
  }
  bool compare(Backend& cpu, Range range, Range, const Staged& staged) override {
    const auto status = compute(cpu, range);
    CHECK(status.ok(), "a CPU backend failed a cross-check");
    return root_ == static_cast<const StagedTree<Call>&>(staged).root();
  }
  bool sample_and_accept(Backend& cpu, Range chunk, const Staged& staged, Random& random,
                         const Sampling& sampling) override {
    if (random.chance(sampling.rate)) return compare(cpu, chunk, chunk, staged);
    root_ = static_cast<const StagedTree<Call>&>(staged).root();
    return true;
  }

 private:
  std::span<const Leaf> leaves_;
  Hash256& root_;
};

}  // namespace engine
}  // namespace buri::accel
