#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "hsm/signer/anchor.hpp"
#include "hsm/signer/fence.hpp"
#include "hsm/signer/state_file.hpp"

/// One key's memory for one purpose, on this disk and in the fence together. A record that commit()
/// accepted is durable in both; nothing is decided on a record that is not.

namespace buri::hsm::signer {

/// What a failure means for the signer.
enum class GuardFault : std::uint8_t {
  kTryLater,   ///< disk full or read-only, or the fence unreachable: this request fails, no more
  kFencedOff,  ///< another signer is active: drop to standby
  kHalt,       ///< disk, fence and anchor contradict each other, or the disk failed: halt
};

struct GuardError {
  GuardFault fault{};
  std::string reason;  ///< for people
};

/// Not thread-safe.
class Guard {
 public:
  /// `fence` may be null: then this disk alone counts. `anchor` may be null. What the pointers lead
  /// to must outlive the guard.
  Guard(StateFile file, Fence* fence, RollbackAnchor* anchor);

  /// Compares the head with the rollback anchor and renews it. Call once, before anything else.
  Status<GuardError> check_anchor();

  /// Makes disk and fence say the same, by the rules of docs/formats/sign-state.md. Needed before
  /// the first decision of an epoch and whenever agreed() is false.
  Status<GuardError> agree(MonotonicTime deadline);
  /// Whether head() may be built upon.
  [[nodiscard]] bool agreed() const { return agreed_; }
  /// Takes over a newer record from the fence while another signer is active, so that less is left
  /// to agree on later. It is no agreement: agreed() stays as it is. REQUIRES: a fence.
  Status<GuardError> follow(MonotonicTime deadline);
  /// Forgets the agreement: another signer may write from now on.
  void disagree() { agreed_ = fence_ == nullptr; }

  [[nodiscard]] const StateIdentity& identity() const { return file_.identity(); }
  [[nodiscard]] const StateRecord& head() const { return file_.head(); }
  [[nodiscard]] const Hash256& head_hash() const { return file_.head_hash(); }
  [[nodiscard]] const Bytes& head_signature() const { return file_.head_signature(); }

  /// Makes a record of `payload` the head, on the disk and in the fence, side by side. Only when
  /// this returns without error may the HSM be asked. REQUIRES: agreed().
  Status<GuardError> commit(std::uint64_t epoch, Bytes payload, MonotonicTime deadline);

  /// Keeps the signatures of the head for replays. Failure costs a replay its equal bytes, no more.
  void store_signature(ByteView signature) { (void)file_.store_signature(signature); }

  /// Writes the rollback anchor if kRecordsPerAnchor records followed the last one. A failure is
  /// left to the next call.
  void renew_anchor();

 private:
  Status<GuardError> settle(const std::optional<FencedRecord>& fenced, MonotonicTime deadline);
  Status<GuardError> push_head(std::uint64_t follows, MonotonicTime deadline);
  Status<GuardError> adopt(const FencedRecord& fenced);
  Status<GuardError> after_conflict(Hash256 mine, MonotonicTime deadline);

  StateFile file_;
  Fence* fence_;
  RollbackAnchor* anchor_;
  std::uint64_t revision_ = 0;  // of the head in the fence
  std::uint64_t anchored_sequence_ = 0;
  bool agreed_;
};

}  // namespace buri::hsm::signer
