#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "node/consensus/app/abci.hpp"
#include "node/consensus/engine/chain_state.hpp"
#include "node/consensus/engine/effects.hpp"
#include "node/consensus/engine/round_state.hpp"
#include "node/consensus/engine/wal_record.hpp"

/// What those hear who report on consensus: subscriptions of the RPC, metrics, the log. They see
/// everything the host does and have no say in it.

namespace buri::consensus::host {

/// A block that is executed, committed and durable.
struct AppliedBlock {
  engine::ProposedBlockPtr block;
  engine::BlockId block_id;
  std::shared_ptr<const app::BlockResult> result;
  std::vector<engine::Validator> changes;  ///< that it makes; a removed one has no power
  /// The chain after the block.
  std::shared_ptr<const engine::ChainState> chain;
};

/// What the signer was asked for.
enum class OwnMessageKind : std::uint8_t { kProposal, kPrevote, kPrecommit };

/// A request to the validator's key and what came of it.
struct OwnSignature {
  OwnMessageKind kind{};
  bool is_signed = false;
  std::string reason;             ///< why not; empty if it is signed
  std::chrono::nanoseconds took;  ///< from the request to the answer
};

/// Called on the host's loop, one call at a time; the next step of consensus waits for it, so that
/// whatever takes time belongs elsewhere. Every function does nothing unless it is overridden.
class Observer {
 public:
  virtual ~Observer() = default;

  /// A block was applied, by consensus or by block sync, in the order of heights.
  virtual void block_applied(const AppliedBlock& /*applied*/) {}
  /// The node entered a step; a step that a replay of the log passes is not told. `state` may be
  /// some steps further on.
  virtual void step_entered(const engine::StepEntered& /*step*/,
                            const engine::RoundState& /*state*/) {}
  /// Something happened; kVoteAdded comes with the vote.
  virtual void noted(const engine::Noted& /*note*/, const engine::RoundState& /*state*/) {}
  /// A proposal, part or vote was counted; the peer's id is empty for the node's own.
  virtual void message_counted(const engine::MessageArrived& /*arrived*/) {}
  /// The validator's key signed something, or did not.
  virtual void signed_own(const OwnSignature& /*outcome*/) {}
  /// The host cannot go on; the reason is a sentence.
  virtual void failed(const std::string& /*reason*/) {}
};

/// Tells several of them, in the order they were added.
class Observers final : public Observer {
 public:
  /// REQUIRES: before the host starts; `observer` outlives it.
  void add(Observer& observer) { all_.push_back(&observer); }

  void block_applied(const AppliedBlock& applied) override {
    for (Observer* one : all_) one->block_applied(applied);
  }
  void step_entered(const engine::StepEntered& step, const engine::RoundState& state) override {
    for (Observer* one : all_) one->step_entered(step, state);
  }
  void noted(const engine::Noted& note, const engine::RoundState& state) override {
    for (Observer* one : all_) one->noted(note, state);
  }
  void message_counted(const engine::MessageArrived& arrived) override {
    for (Observer* one : all_) one->message_counted(arrived);
  }
  void signed_own(const OwnSignature& outcome) override {
    for (Observer* one : all_) one->signed_own(outcome);
  }
  void failed(const std::string& reason) override {
    for (Observer* one : all_) one->failed(reason);
  }

 private:
  std::vector<Observer*> all_;
};

}  // namespace buri::consensus::host
