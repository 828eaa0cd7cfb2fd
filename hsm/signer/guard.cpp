#include "hsm/signer/guard.hpp"

namespace buri::hsm::signer {
namespace {

// A record may land in the fence between reading and writing this often before we give up.
constexpr int kMostRounds = 3;

Failure<GuardError> halt(std::string reason) {
  return Failure{GuardError{GuardFault::kHalt, std::move(reason)}};
}

GuardError error_of(StateError error) {
  const bool passing = error == StateError::kNoSpace || error == StateError::kReadOnly ||
                       error == StateError::kTooLarge;
  return {passing ? GuardFault::kTryLater : GuardFault::kHalt, std::string(describe(error))};
}

GuardError error_of(FenceError error) {
  GuardFault fault = GuardFault::kHalt;
  if (error == FenceError::kUnreachable) fault = GuardFault::kTryLater;
  if (error == FenceError::kLost || error == FenceError::kHeld || error == FenceError::kConflict) {
    fault = GuardFault::kFencedOff;
  }
  return {fault, std::string(describe(error))};
}

}  // namespace

Guard::Guard(StateFile file, Fence* fence, RollbackAnchor* anchor)
    : file_(std::move(file)), fence_(fence), anchor_(anchor), agreed_(fence == nullptr) {}

Status<GuardError> Guard::check_anchor() {
  if (anchor_ == nullptr) return Unit{};
  const auto anchor = anchor_->read(identity());
  if (!anchor.ok() && anchor.error() == AnchorError::kMalformed) {
    return halt("what the rollback anchor keeps is no anchor");
  }
  if (!anchor.ok()) return Failure{GuardError{GuardFault::kTryLater, "no rollback anchor to read"}};
  if (anchor->has_value()) {
    const Anchor& known = **anchor;
    if (head().sequence < known.sequence ||
        (head().sequence == known.sequence && head_hash() != known.record_hash)) {
      return halt("sign-state is older than its rollback anchor: a restored or cloned disk");
    }
  }
  const Anchor mine{head().epoch, head().sequence, head_hash()};
  if (!anchor_->write(identity(), mine).ok()) {
    return Failure{GuardError{GuardFault::kTryLater, "the rollback anchor cannot be written"}};
  }
  anchored_sequence_ = head().sequence;
  return Unit{};
}

void Guard::renew_anchor() {
  if (anchor_ == nullptr || head().sequence < anchored_sequence_ + kRecordsPerAnchor) return;
  const Anchor mine{head().epoch, head().sequence, head_hash()};
  if (anchor_->write(identity(), mine).ok()) anchored_sequence_ = mine.sequence;
}

Status<GuardError> Guard::agree(MonotonicTime deadline) {
  for (int round = 0; round < kMostRounds && !agreed_; ++round) {
    const auto fenced = fence_->read(identity(), deadline);
    if (!fenced.ok()) return Failure{error_of(fenced.error())};
    RETURN_IF_ERROR(settle(*fenced, deadline));
  }
  if (agreed_) return Unit{};
  return Failure{GuardError{GuardFault::kFencedOff, "another signer keeps writing to the fence"}};
}

// The head that was committed last is confirmed in the fence, except when the last commit did not
// end. So the fence is at most one record behind; anything else is a fence that lost records.
Status<GuardError> Guard::settle(const std::optional<FencedRecord>& fenced,
                                 MonotonicTime deadline) {
  if (!fenced) {
    if (head().epoch != 0) return halt("the fence has lost the record of this key and purpose");
    return push_head(0, deadline);
  }
  const std::uint64_t theirs = fenced->record.sequence;
  const Hash256 their_hash = hash_of(identity(), fenced->record);
  const bool was_signed = !head_signature().empty();
  if (theirs > head().sequence) return adopt(*fenced);
  if (theirs == head().sequence) {
    if (their_hash != head_hash()) {
      if (was_signed) return halt("the fence holds another record than the one that was signed");
      return adopt(*fenced);
    }
    revision_ = fenced->revision;
    agreed_ = true;
    return Unit{};
  }
  if (theirs + 1 == head().sequence && their_hash == head().previous && !was_signed) {
    return push_head(fenced->revision, deadline);
  }
  return halt("the fence is behind sign-state: it was restored from an old backup");
}

Status<GuardError> Guard::push_head(std::uint64_t follows, MonotonicTime deadline) {
  const auto written = fence_->write(identity(), head(), follows, deadline)->wait();
  if (written.ok()) {
    revision_ = *written;
    agreed_ = true;
  } else if (written.error() != FenceError::kConflict) {
    return Failure{error_of(written.error())};
  }
  return Unit{};
}

Status<GuardError> Guard::adopt(const FencedRecord& fenced) {
  const auto written = file_.append(fenced.record);
  if (!written.ok()) return Failure{error_of(written.error())};
  revision_ = fenced.revision;
  agreed_ = true;
  return Unit{};
}

// What contradicts itself is for agree() to judge, when it matters who is right.
Status<GuardError> Guard::follow(MonotonicTime deadline) {
  const auto fenced = fence_->read(identity(), deadline);
  if (!fenced.ok()) return Failure{error_of(fenced.error())};
  if (!fenced->has_value() || (*fenced)->record.sequence <= head().sequence) return Unit{};
  const auto written = file_.append((*fenced)->record);
  if (!written.ok()) return Failure{error_of(written.error())};
  return Unit{};
}

Status<GuardError> Guard::commit(std::uint64_t epoch, Bytes payload, MonotonicTime deadline) {
  CHECK(agreed_, "a record was committed on a head that disk and fence do not agree on");
  const StateRecord record = file_.next(epoch, std::move(payload));
  if (fence_ == nullptr) {
    const auto written = file_.append(record);
    if (!written.ok()) return Failure{error_of(written.error())};
    return Unit{};
  }
  agreed_ = false;
  const auto pending = fence_->write(identity(), record, revision_, deadline);
  const auto written = file_.append(record);
  const auto fenced = pending->wait();
  if (!written.ok()) return Failure{error_of(written.error())};
  if (!fenced.ok() && fenced.error() == FenceError::kConflict) {
    return after_conflict(file_.head_hash(), deadline);
  }
  if (!fenced.ok()) return Failure{error_of(fenced.error())};
  revision_ = *fenced;
  agreed_ = true;
  return Unit{};
}

// A conflict may be our own write, delivered twice. `mine` is a copy: agreeing may replace the
// head.
Status<GuardError> Guard::after_conflict(Hash256 mine, MonotonicTime deadline) {
  RETURN_IF_ERROR(agree(deadline));
  if (head_hash() == mine) return Unit{};
  return Failure{error_of(FenceError::kConflict)};
}

}  // namespace buri::hsm::signer
