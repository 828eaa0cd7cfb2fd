#include "node/consensus/replay/signature_warming.hpp"

#include <deque>
#include <functional>
#include <optional>

#include "accel/hasher.hpp"
#include "node/consensus/app/extension_rules.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/canonical.hpp"

namespace buri::consensus::replay {
namespace {

tx::SignatureClaim claim_of(const engine::Validator& validator, ByteView message,
                            ByteView signature) {
  Hash256 digest;
  accel::best_hasher().keccak256_batch(std::span(&message, 1), std::span(&digest, 1));
  return {validator.public_key, digest, signature};
}

template <class T>
Result<T, std::string> named(Result<T, codec::DecodeError> decoded, std::string_view part) {
  if (decoded.ok()) return std::move(decoded).value();
  return Failure{std::string(part) + ": " + std::string(codec::describe(decoded.error()))};
}

/// Messages to hash and signatures to check together.
class ClaimBatch {
 public:
  /// Names a message of the batch.
  using Message = std::size_t;

  /// `bytes` must stay until run().
  Message message(ByteView bytes) {
    messages_.push_back(bytes);
    return messages_.size() - 1;
  }
  Message message(Bytes bytes) {
    made_.push_back(std::move(bytes));
    return message(ByteView(made_.back()));
  }
  /// `signature` and `verdict` must stay until run().
  void add(const engine::Validator& validator, Message message, ByteView signature,
           std::uint8_t& verdict) {
    entries_.push_back({&validator, message, signature, &verdict});
  }

  void run(tx::SignatureMemory& memory) const {
    std::vector<Hash256> digests(messages_.size());
    accel::best_hasher().keccak256_batch(messages_, digests);
    std::vector<tx::SignatureClaim> claims;
    claims.reserve(entries_.size());
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const Entry& entry = entries_[i];
      claims.emplace_back(entry.validator->public_key, digests[entry.message], entry.signature);
    }
    const auto verdicts = memory.check_apart(claims);
    for (std::size_t i = 0; i < entries_.size(); ++i) *entries_[i].verdict = verdicts[i];
  }

 private:
  struct Entry {
    const engine::Validator* validator;
    Message message;
    ByteView signature;
    std::uint8_t* verdict;
  };
  std::vector<Entry> entries_;
  std::vector<ByteView> messages_;
  std::deque<Bytes> made_;
};

/// Most validators sign the same: what is signed for the content before is not made and hashed
/// again for an equal one.
class SignedContent {
 public:
  explicit SignedContent(ClaimBatch& batch) : batch_(batch) {}

  /// `content` must stay; `make` gives what is signed for it, which may be the content itself.
  template <class Make>
  ClaimBatch::Message message(ByteView content, const Make& make) {
    if (!last_ || !equal(content_, content)) {
      content_ = content;
      last_ = batch_.message(make(content));
    }
    return *last_;
  }

 private:
  ClaimBatch& batch_;
  ByteView content_;
  std::optional<ClaimBatch::Message> last_;
};

/// Whether both commits are about the same decision, so that equal entries are equal votes.
bool is_same_decision(const engine::Commit& a, const engine::Commit& b) {
  return a.height == b.height && a.round == b.round && a.block_id == b.block_id;
}

bool is_same_vote(const engine::Commit& a, const engine::Commit& b, std::size_t entry) {
  if (entry >= std::min(a.signatures.size(), b.signatures.size())) return false;
  const engine::CommitSig& one = a.signatures[entry];
  const engine::CommitSig& other = b.signatures[entry];
  return one.flag == other.flag && one.timestamp == other.timestamp &&
         one.signature == other.signature;
}

void add_votes(ClaimBatch& batch, std::string_view chain_id,
               std::span<const engine::Validator> validators, const engine::Commit& commit,
               std::vector<std::uint8_t>& verdicts, const engine::Commit* checked) {
  verdicts.assign(commit.signatures.size(), 0);
  for (std::size_t i = 0; i < std::min(validators.size(), verdicts.size()); ++i) {
    const engine::CommitSig& entry = commit.signatures[i];
    if (entry.flag == engine::BlockIdFlag::kAbsent) continue;
    if (checked != nullptr && is_same_vote(*checked, commit, i)) continue;
    batch.add(validators[i], batch.message(engine::precommit_sign_bytes(chain_id, commit, i)),
              entry.signature, verdicts[i]);
  }
}

void add_extensions(ClaimBatch& batch, std::string_view chain_id, DecodedHeight& height) {
  const engine::ExtendedCommitRecord& commit = height.extended_commit;
  height.verdicts.extensions.assign(commit.signatures.size(), 0);
  height.verdicts.non_rps.assign(commit.signatures.size(), 0);
  const auto sign_bytes = [&](ByteView extension) {
    return app::extension_sign_bytes(chain_id, commit.height, commit.round, extension);
  };
  SignedContent extensions(batch);
  SignedContent non_rps(batch);
  for (std::size_t i = 0; i < std::min(height.validators.size(), commit.signatures.size()); ++i) {
    const engine::ExtendedCommitSig& entry = commit.signatures[i];
    if (entry.vote.flag != engine::BlockIdFlag::kCommit) continue;
    batch.add(height.validators[i], extensions.message(entry.extension, sign_bytes),
              entry.extension_signature, height.verdicts.extensions[i]);
    batch.add(height.validators[i], non_rps.message(entry.non_rp_extension, std::identity{}),
              entry.non_rp_signature, height.verdicts.non_rps[i]);
  }
}

/// The seen commit of the height before if the block's last commit is about the same decision.
const engine::Commit* checked_commit(const DecodedHeight* before, const engine::Block& block) {
  if (before == nullptr) return nullptr;
  return is_same_decision(before->seen_commit, block.last_commit) ? &before->seen_commit : nullptr;
}

/// Whether the extension that the next block carries from validator `index` is the one that the
/// height's extended commit has.
bool is_same_extension(const DecodedHeight& height, std::size_t index, std::int32_t round,
                       const app::ExtendedVote& vote) {
  const engine::ExtendedCommitRecord& commit = height.extended_commit;
  if (index >= commit.signatures.size() || commit.round != round) return false;
  const engine::ExtendedCommitSig& entry = commit.signatures[index];
  return entry.vote.flag == engine::BlockIdFlag::kCommit &&
         entry.extension == vote.vote_extension &&
         entry.extension_signature == vote.extension_signature;
}

/// Votes stand in the order of the set; one that does not is left to whoever looks.
void add_carried(ClaimBatch& batch, std::string_view chain_id, const DecodedHeight& before,
                 DecodedHeight& height) {
  const auto& votes = height.carried.votes;
  height.verdicts.carried.assign(votes.size(), 0);
  const auto sign_bytes = [&](ByteView extension) {
    return app::extension_sign_bytes(chain_id, before.record.height, height.carried.round,
                                     extension);
  };
  SignedContent extensions(batch);
  for (std::size_t i = 0; i < std::min(votes.size(), before.validators.size()); ++i) {
    const bool is_member = equal(before.validators[i].address, votes[i].validator.address);
    if (!app::counts(votes[i]) || !is_member) continue;
    if (is_same_extension(before, i, height.carried.round, votes[i])) continue;
    batch.add(before.validators[i], extensions.message(votes[i].vote_extension, sign_bytes),
              votes[i].extension_signature, height.verdicts.carried[i]);
  }
}

/// Takes over what the height before was checked for.
void copy_verdicts(const DecodedHeight& before, DecodedHeight& height) {
  const auto& votes = height.carried.votes;
  for (std::size_t i = 0; i < std::min(votes.size(), before.validators.size()); ++i) {
    const bool is_member = equal(before.validators[i].address, votes[i].validator.address);
    if (!is_member || !is_same_extension(before, i, height.carried.round, votes[i])) continue;
    height.verdicts.carried[i] = before.verdicts.extensions[i];
  }
  const engine::Commit* checked = checked_commit(&before, height.block);
  if (checked == nullptr) return;
  for (std::size_t i = 0; i < height.verdicts.last_votes.size(); ++i) {
    if (!is_same_vote(*checked, height.block.last_commit, i)) continue;
    height.verdicts.last_votes[i] = before.verdicts.votes[i];
  }
}

}  // namespace

Result<DecodedHeight, std::string> decode_height(records::BlockRecord record) {
  DecodedHeight height;
  ASSIGN_OR_RETURN(height.block, named(engine::decode_block(record.block), "block"));
  ASSIGN_OR_RETURN(
      height.extended_commit,
      named(engine::decode_extended_commit(record.extended_commit), "extended_commit"));
  ASSIGN_OR_RETURN(height.seen_commit,
                   named(engine::decode_commit(record.seen_commit), "seen_commit"));
  ASSIGN_OR_RETURN(height.validators,
                   named(engine::decode_validators(record.validators), "validators"));
  if (!height.block.txs.empty()) {
    auto carried = codec::decode<app::ExtendedCommit>(height.block.txs.front());
    height.has_carried = carried.ok();
    if (carried.ok()) height.carried = std::move(carried).value();
  }
  height.record = std::move(record);
  return height;
}

tx::SignatureClaim vote_claim(const engine::Validator& validator, std::string_view chain_id,
                              const engine::Commit& commit, std::size_t entry) {
  return claim_of(validator, engine::precommit_sign_bytes(chain_id, commit, entry),
                  commit.signatures[entry].signature);
}

tx::SignatureClaim extension_claim(const engine::Validator& validator, std::string_view chain_id,
                                   std::int64_t height, std::int32_t round, ByteView extension,
                                   ByteView signature) {
  return claim_of(validator, app::extension_sign_bytes(chain_id, height, round, extension),
                  signature);
}

tx::SignatureClaim non_rp_claim(const engine::Validator& validator,
                                const engine::ExtendedCommitSig& entry) {
  return claim_of(validator, entry.non_rp_extension, entry.non_rp_signature);
}

void warm(tx::SignatureMemory& memory, std::string_view chain_id, const DecodedHeight* before,
          std::span<DecodedHeight> heights) {
  ClaimBatch batch;
  const DecodedHeight* last = before;
  for (DecodedHeight& height : heights) {
    add_votes(batch, chain_id, height.validators, height.seen_commit, height.verdicts.votes,
              nullptr);
    if (last != nullptr) {
      add_votes(batch, chain_id, last->validators, height.block.last_commit,
                height.verdicts.last_votes, checked_commit(last, height.block));
      add_carried(batch, chain_id, *last, height);
    }
    add_extensions(batch, chain_id, height);
    last = &height;
  }
  batch.run(memory);
  last = before;
  for (DecodedHeight& height : heights) {
    if (last != nullptr) copy_verdicts(*last, height);
    last = &height;
  }
}

engine::VoteChecker remembered(tx::SignatureMemory& memory, const engine::ValidatorSet& validators,
                               std::string_view chain_id, const engine::Commit& commit,
                               CommitVerdicts verdicts) {
  return [=, &memory, &validators, &commit](std::span<const engine::VoteSigner> votes) {
    std::vector<accel::SignatureStatus> statuses;
    statuses.reserve(votes.size());
    for (const engine::VoteSigner& vote : votes) {
      const engine::Validator& member = validators.validators()[vote.key_index];
      const bool is_good =
          vote.entry < std::min(verdicts.votes.size(), verdicts.validators.size()) &&
          verdicts.votes[vote.entry] != 0 &&
          verdicts.validators[vote.entry].public_key == member.public_key;
      const bool is_valid =
          is_good || memory.is_valid(vote_claim(member, chain_id, commit, vote.entry));
      statuses.push_back(is_valid ? accel::SignatureStatus::kOk
                                  : accel::SignatureStatus::kMismatch);
    }
    return statuses;
  };
}

}  // namespace buri::consensus::replay
