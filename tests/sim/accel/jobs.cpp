#include "tests/sim/accel/jobs.hpp"

#include "tests/sim/accel/toy_backends.hpp"

namespace buri::accel::sim {
namespace {

constexpr std::size_t kPool = 1024;

/// Requests that all jobs borrow from, and their right answers. Those of the second half contain
/// failures, one in thirty.
struct Pool {
  std::vector<VerifyRequest> verify{2 * kPool};
  std::vector<SignatureStatus> verdicts{2 * kPool};
  std::vector<RecoverRequest> recover{2 * kPool};
  std::vector<RecoverResult> recoveries{2 * kPool};
  std::vector<Hash256> messages{2 * kPool};
  std::vector<ByteView> views{2 * kPool};
  std::vector<Hash256> digests{2 * kPool};

  Pool() {
    SeededRandom random(99);
    for (std::size_t i = 0; i < 2 * kPool; ++i) {
      const bool bad = i >= kPool && random.chance(1.0 / 30);
      random.fill(verify[i].signature.digest.bytes);
      verify[i].signature.r = bad ? Hash256{} : verify[i].signature.digest;
      recover[i].signature = verify[i].signature;
      recover[i].recovery_id = bad ? 4 : 0;
      random.fill(messages[i].bytes);
      views[i] = messages[i];
      verdicts[i] = toy_verdict(verify[i]);
      recoveries[i] = toy_recovery(recover[i]);
      digests[i] = toy_digest(views[i]);
    }
  }
};

const Pool& pool() {
  static const Pool pool;
  return pool;
}

SignatureStatus status_of(SignatureStatus status) { return status; }
SignatureStatus status_of(const RecoverResult& result) { return result.status; }
SignatureStatus status_of(const Hash256&) { return SignatureStatus::kOk; }

template <class Call>
class ItemJob final : public Job {
 public:
  using Request = typename Call::Request;
  using Answer = typename Call::Answer;

  ItemJob(Call call, std::span<const Request> requests, std::span<const Answer> right)
      : right_(right), answers_(requests.size()), work_(call, requests, answers_) {}

  [[nodiscard]] Work& work() override { return work_; }
  [[nodiscard]] Verdict judge() const override {
    Verdict verdict;
    for (std::size_t i = 0; i < answers_.size(); ++i) {
      if (answers_[i] == right_[i]) continue;
      ++verdict.wrong;
      const bool rejected = status_of(answers_[i]) != SignatureStatus::kOk;
      if (rejected && status_of(right_[i]) == SignatureStatus::kOk) ++verdict.false_rejections;
    }
    return verdict;
  }
  [[nodiscard]] std::uint64_t lies_in(const Staged& staged, Range chunk) const override {
    const auto& items = static_cast<const engine::StagedItems<Call>&>(staged);
    std::uint64_t lies = 0;
    for (std::uint64_t i = 0; i < chunk.size(); ++i) {
      lies += items.answer(i) == right_[chunk.begin + i] ? 0 : 1;
    }
    return lies;
  }

 private:
  std::span<const Answer> right_;
  std::vector<Answer> answers_;
  engine::ItemWork<Call> work_;
};

class RootJob final : public Job {
 public:
  explicit RootJob(std::span<const Hash256> leaves)
      : right_(toy_root(leaves)), work_(leaves, root_) {}

  [[nodiscard]] Work& work() override { return work_; }
  [[nodiscard]] Verdict judge() const override {
    return {root_ == right_ ? std::uint64_t{0} : std::uint64_t{1}, 0};
  }
  [[nodiscard]] std::uint64_t lies_in(const Staged& staged, Range) const override {
    using Tree = engine::StagedTree<engine::CheckpointRootCall>;
    return static_cast<const Tree&>(staged).root() == right_ ? 0 : 1;
  }

 private:
  Hash256 right_;
  Hash256 root_;
  engine::TreeWork<engine::CheckpointRootCall> work_;
};

}  // namespace

std::unique_ptr<Job> make_job(Random& random) {
  const Pool& all = pool();
  const std::size_t size = 1 + random.below(random.chance(0.3) ? 600 : 120);
  const bool with_failures = random.chance(0.25);
  const std::size_t begin = (with_failures ? kPool : 0) + random.below(kPool - size);
  const auto slice = [&](const auto& list) { return std::span(list).subspan(begin, size); };
  switch (random.below(8)) {
    case 0:
      return std::make_unique<RootJob>(slice(all.messages));
    case 1:
    case 2:
      return std::make_unique<ItemJob<engine::Keccak256Call>>(engine::Keccak256Call{},
                                                              slice(all.views), slice(all.digests));
    case 3:
    case 4:
      return std::make_unique<ItemJob<engine::RecoverCall>>(
          engine::RecoverCall{LowS::kAny}, slice(all.recover), slice(all.recoveries));
    default:
      return std::make_unique<ItemJob<engine::VerifyCall>>(engine::VerifyCall{LowS::kAny},
                                                           slice(all.verify), slice(all.verdicts));
  }
}

}  // namespace buri::accel::sim
