#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "accel/engine.hpp"
#include "node/consensus/engine/block.hpp"
#include "node/consensus/engine/vote_verifier.hpp"

/// The signatures of many commits, hashed and checked as one batch. Nothing is remembered: each
/// verdict goes to whoever keeps it beside the vote, so that nobody has to find it again.

namespace buri::consensus::engine {

/// The verdict on a vote; nothing while its signatures have not been checked.
using KeptVerdict = std::optional<VoteVerdict>;

/// What the votes of a commit have in common.
struct CommitPlace {
  std::int64_t height = 0;
  std::int32_t round = 0;
  const BlockId& block_id;
};

/// Adds up what is to be checked, then checks it. Commits and verdicts must stay until run().
class CommitBatch {
 public:
  explicit CommitBatch(std::string_view chain_id) : chain_id_(chain_id) {}

  /// A vote without extensions. REQUIRES: it is not absent.
  void add_vote(const CommitPlace& place, const CommitSig& vote, std::uint32_t key_index,
                KeptVerdict& verdict);
  /// Every vote of a commit at a height with extensions that stands where `validators` has its
  /// signer; the others' verdicts stay empty. `verdicts` becomes as long as the commit.
  void add_extended(const ExtendedCommitRecord& commit, const ValidatorSet& validators,
                    std::vector<KeptVerdict>& verdicts);
  /// Fills in the verdicts. `keys` are the tables of the validators' keys. REQUIRES: called once.
  void run(accel::Engine& crypto, const std::shared_ptr<const accel::KeySet>& keys);

 private:
  struct Entry {
    std::size_t message = 0;
    ByteView signature;
    std::uint32_t key_index = 0;
    VoteVerdict if_bad = VoteVerdict::kSignature;
    KeptVerdict* verdict = nullptr;
  };
  std::size_t add_message(Bytes bytes);
  /// Most validators sign the same: where `content` is that of the vote before, so is the message.
  struct LastMessage {
    const Bytes* content = nullptr;
    std::size_t message = 0;
  };
  template <class Make>
  std::size_t message_of(LastMessage& last, const Bytes& content, const Make& make);

  std::string_view chain_id_;
  std::deque<Bytes> made_;
  std::vector<ByteView> messages_;
  std::vector<Entry> entries_;
};

/// Whether the member at that place of the set gave the vote.
bool is_in_place(const ValidatorSet& validators, const CommitSig& vote, std::size_t index);

}  // namespace buri::consensus::engine
