#include "tests/sim/hsm/sim_fence.hpp"

namespace buri::hsm::sim {

using signer::FencedRecord;
using signer::FenceError;
using signer::FenceHolder;
using signer::FenceWrite;
using signer::StateIdentity;
using signer::StateRecord;

Result<std::uint64_t, FenceError> FenceStore::write(const FenceHolder& mine,
                                                    const std::string& purpose,
                                                    const StateRecord& record,
                                                    std::uint64_t follows) {
  if (holder.epoch != mine.epoch || holder.name != mine.name) return Failure{FenceError::kLost};
  const auto found = records.find(purpose);
  if ((found == records.end() ? 0 : found->second.revision) != follows) {
    return Failure{FenceError::kConflict};
  }
  records[purpose] = {++revision, record};
  return revision;
}

void FenceNetwork::deliver_late() {
  while (!late_.empty() && random_.chance(0.5)) {
    const std::size_t index = random_.below(late_.size());
    const auto request = std::move(late_[index]);
    late_.erase(late_.begin() + static_cast<std::ptrdiff_t>(index));
    request();
  }
}

bool SimFence::answers() {
  if (network_.meanwhile_) network_.meanwhile_();
  return !network_.random_.chance(network_.vices_.lost_answer);
}

Result<FenceHolder, FenceError> SimFence::holder(MonotonicTime) {
  if (!answers()) return Failure{FenceError::kUnreachable};
  return network_.store_.holder;
}

Result<std::uint64_t, FenceError> SimFence::take(bool force, MonotonicTime) {
  if (is_clone_) {
    is_clone_ = false;
    return mine_.epoch;
  }
  if (network_.random_.chance(network_.vices_.lost_request)) {
    return Failure{FenceError::kUnreachable};
  }
  FenceHolder& holder = network_.store_.holder;
  if (!force && !holder.name.empty() && holder.name != mine_.name) {
    return Failure{FenceError::kHeld};
  }
  holder = {holder.epoch + 1, mine_.name, true};
  ++network_.store_.revision;
  const std::uint64_t epoch = holder.epoch;
  if (!answers()) return Failure{FenceError::kUnreachable};
  mine_.epoch = epoch;
  return epoch;
}

bool SimFence::holds() const {
  const FenceHolder& holder = network_.store_.holder;
  return holder.epoch == mine_.epoch && holder.name == mine_.name;
}

Status<FenceError> SimFence::renew(MonotonicTime) {
  const bool held = holds();
  if (!answers()) return Failure{FenceError::kUnreachable};
  if (!held) return Failure{FenceError::kLost};
  return Unit{};
}

Status<FenceError> SimFence::release(MonotonicTime) {
  if (network_.random_.chance(network_.vices_.lost_request)) {
    return Failure{FenceError::kUnreachable};
  }
  if (!holds()) return Failure{FenceError::kLost};
  network_.store_.holder.name.clear();
  ++network_.store_.revision;
  return Unit{};
}

Result<std::optional<FencedRecord>, FenceError> SimFence::read(const StateIdentity& identity,
                                                               MonotonicTime) {
  const auto found = network_.store_.records.find(identity.purpose);
  std::optional<FencedRecord> record;
  if (found != network_.store_.records.end()) record = found->second;
  if (!answers()) return Failure{FenceError::kUnreachable};
  return record;
}

/// The request leaves at once; what becomes of it is settled when somebody waits.
class SimFence::Write final : public FenceWrite {
 public:
  Write(SimFence& fence, std::string purpose, StateRecord record, std::uint64_t follows)
      : fence_(fence),
        apply_([&store = fence.network_.store_, mine = fence.mine_, purpose = std::move(purpose),
                record = std::move(record),
                follows] { return store.write(mine, purpose, record, follows); }) {}

  Result<std::uint64_t, FenceError> wait() override {
    FenceNetwork& network = fence_.network_;
    if (network.meanwhile_) network.meanwhile_();
    const NetworkVices& vices = network.vices_;
    if (network.random_.chance(vices.lost_request)) return Failure{FenceError::kUnreachable};
    const auto later = [apply = apply_] { (void)apply(); };
    if (network.random_.chance(vices.delayed)) {
      network.late_.emplace_back(later);
      return Failure{FenceError::kUnreachable};
    }
    // Delivered twice: the first delivery's answer may be the one that gets lost.
    auto result = apply_();
    if (network.random_.chance(vices.duplicated)) {
      if (network.random_.chance(0.5)) {
        network.late_.emplace_back(later);
      } else {
        result = apply_();
      }
    }
    if (!fence_.answers()) return Failure{FenceError::kUnreachable};
    return result;
  }

 private:
  SimFence& fence_;
  std::function<Result<std::uint64_t, FenceError>()> apply_;
};

std::unique_ptr<FenceWrite> SimFence::write(const StateIdentity& identity,
                                            const StateRecord& record, std::uint64_t follows,
                                            MonotonicTime) {
  return std::make_unique<Write>(*this, identity.purpose, record, follows);
}

}  // namespace buri::hsm::sim
