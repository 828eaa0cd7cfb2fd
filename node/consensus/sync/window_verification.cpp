#include "node/consensus/sync/window_verification.hpp"

#include <algorithm>

#include "node/consensus/engine/hashes.hpp"

namespace buri::consensus::sync {
namespace {

using engine::BatchedSignatures;
using engine::CommitBatch;
using engine::ExtendedCommitRecord;
using engine::KeptVerdict;
using engine::ValidatorSet;
using engine::Vote;
using engine::VoteVerdict;
using Keys = std::shared_ptr<const accel::KeySet>;

/// Whether entry `index` of a last commit is the vote that the extended commit has there.
bool is_same_vote(const ExtendedCommitRecord& extended, const engine::Commit& commit,
                  std::size_t index) {
  return index < extended.signatures.size() && extended.height == commit.height &&
         extended.round == commit.round && extended.block_id == commit.block_id &&
         extended.signatures[index].vote == commit.signatures[index];
}

/// What the verdict on a vote with extensions says of the vote's own signature. One that lacks an
/// extension, or has one too many, was not looked at.
KeptVerdict vote_part(const KeptVerdict& verdict) {
  if (!verdict) return std::nullopt;
  switch (*verdict) {
    case VoteVerdict::kNoExtensionSignature:
    case VoteVerdict::kUnwantedExtension:
      return std::nullopt;
    case VoteVerdict::kSignature:
      return VoteVerdict::kSignature;
    case VoteVerdict::kGood:
    case VoteVerdict::kExtensionSignature:
    case VoteVerdict::kNonRpSignature:
      return VoteVerdict::kGood;
  }
  return std::nullopt;
}

/// The batch of a window. Verdicts that are there under the same keys are left alone.
class WindowBatch {
 public:
  WindowBatch(const engine::ChainState& chain, Keys keys)
      : validators_(chain.validators), keys_(std::move(keys)), batch_(chain.chain_id) {}

  void add_extended(PooledBlock& block) {
    if (!block.response.extended_commit || block.votes.keys == keys_) return;
    block.votes.keys = keys_;
    batch_.add_extended(*block.response.extended_commit, validators_, block.votes.verdicts);
  }

  /// `before` is the block whose last commit `block` brings.
  void add_last_commit(const PooledBlock& before, PooledBlock& block) {
    if (block.last_votes.keys == keys_) return;
    const engine::Commit& commit = block.response.block.last_commit;
    block.last_votes.keys = keys_;
    block.last_votes.verdicts.assign(commit.signatures.size(), std::nullopt);
    for (std::size_t i = 0; i < commit.signatures.size(); ++i) {
      KeptVerdict& verdict = block.last_votes.verdicts[i];
      if (before.response.extended_commit &&
          is_same_vote(*before.response.extended_commit, commit, i)) {
        copies_.push_back({&before.votes.verdicts[i], &verdict});
      } else if (engine::is_in_place(validators_, commit.signatures[i], i)) {
        batch_.add_vote({commit.height, commit.round, commit.block_id}, commit.signatures[i],
                        static_cast<std::uint32_t>(i), verdict);
      }
    }
  }

  void run(accel::Engine& crypto) {
    batch_.run(crypto, keys_);
    for (const auto& [from, to] : copies_) *to = vote_part(*from);
  }

 private:
  struct Copy {
    const KeptVerdict* from;
    KeptVerdict* to;
  };
  const ValidatorSet& validators_;
  Keys keys_;
  CommitBatch batch_;
  std::vector<Copy> copies_;
};

std::string sentence(std::string_view what, const engine::CommitFailure& failure) {
  return std::string(what) + ": " + std::string(engine::describe(failure.rule)) + ": expected " +
         failure.expected + ", found " + failure.found;
}

/// One block's turn.
class Turn {
 public:
  Turn(BatchedSignatures& signatures, const engine::ChainState& chain,
       const engine::BlockId& block_id)
      : signatures_(signatures),
        chain_(chain),
        claim_{chain.chain_id, chain.next_height(), block_id},
        keys_(signatures.keys_of(chain.validators)) {}

  /// Whether a commit decides the block; `kept` are the verdicts on its votes.
  [[nodiscard]] Status<std::string> check_commit(std::string_view what,
                                                 const engine::Commit& commit,
                                                 const std::vector<KeptVerdict>& kept) const {
    const auto tally = engine::verify_commit(chain_.validators, claim_, commit,
                                             [&](std::span<const engine::VoteSigner> signers) {
                                               return statuses(commit, kept, signers);
                                             });
    if (tally.ok()) return Unit{};
    return Failure{sentence(what, tally.error())};
  }

  [[nodiscard]] Status<std::string> check_last_commit(const PooledBlock& second) const {
    return check_commit("commit in the next block", second.response.block.last_commit,
                        verdicts(second.last_votes));
  }

  /// `proven`: a commit that is known to decide the block, if there is one.
  [[nodiscard]] Status<std::string> check_extensions(const PooledBlock& first,
                                                     const engine::Commit* proven) const {
    const auto& extended = first.response.extended_commit;
    if (!chain_.has_extensions(claim_.height)) {
      if (!extended) return Unit{};
      return Failure{std::string("an extended commit where extensions are off")};
    }
    if (!extended) return Failure{std::string("no extended commit where extensions are on")};
    const std::vector<KeptVerdict>& kept = verdicts(first.votes);
    if (proven == nullptr || !is_same_commit(*extended, *proven)) {
      std::vector<KeptVerdict> votes(kept.size());
      std::ranges::transform(kept, votes.begin(), vote_part);
      RETURN_IF_ERROR(check_commit("extended commit", extended->commit(), votes));
    }
    return check_all_votes(*extended, kept);
  }

 private:
  /// Those that were reached under the keys of this height.
  [[nodiscard]] const std::vector<KeptVerdict>& verdicts(const CheckedVotes& votes) const {
    static const std::vector<KeptVerdict> kNone;
    return votes.keys == keys_ ? votes.verdicts : kNone;
  }

  static bool is_same_commit(const ExtendedCommitRecord& extended, const engine::Commit& commit) {
    if (extended.signatures.size() != commit.signatures.size()) return false;
    for (std::size_t i = 0; i < commit.signatures.size(); ++i) {
      if (!is_same_vote(extended, commit, i)) return false;
    }
    return true;
  }

  [[nodiscard]] std::vector<accel::SignatureStatus> statuses(
      const engine::Commit& commit, const std::vector<KeptVerdict>& kept,
      std::span<const engine::VoteSigner> signers) const {
    std::vector<VoteVerdict> verdicts(signers.size(), VoteVerdict::kGood);
    std::vector<Vote> unknown;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < signers.size(); ++i) {
      const std::size_t entry = signers[i].entry;
      if (entry < kept.size() && kept[entry]) {
        verdicts[i] = *kept[entry];
      } else {
        unknown.push_back(engine::vote_of(commit, entry));
        places.push_back(i);
      }
    }
    fill(verdicts, places, unknown, BatchedSignatures::Extensions::kOff);
    std::vector<accel::SignatureStatus> statuses;
    statuses.reserve(verdicts.size());
    for (const VoteVerdict verdict : verdicts) {
      statuses.push_back(verdict == VoteVerdict::kGood ? accel::SignatureStatus::kOk
                                                       : accel::SignatureStatus::kMismatch);
    }
    return statuses;
  }

  /// REQUIRES: every vote stands in its validator's place.
  [[nodiscard]] Status<std::string> check_all_votes(const ExtendedCommitRecord& extended,
                                                    const std::vector<KeptVerdict>& kept) const {
    std::vector<VoteVerdict> verdicts(extended.signatures.size(), VoteVerdict::kGood);
    std::vector<Vote> unknown;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      if (extended.signatures[i].vote.flag == engine::BlockIdFlag::kAbsent) continue;
      if (i < kept.size() && kept[i]) {
        verdicts[i] = *kept[i];
      } else {
        unknown.push_back(engine::vote_of(extended, i));
        places.push_back(i);
      }
    }
    fill(verdicts, places, unknown, BatchedSignatures::Extensions::kOn);
    for (const VoteVerdict verdict : verdicts) {
      if (verdict == VoteVerdict::kGood) continue;
      return Failure{"extended commit: " + std::string(engine::describe(verdict))};
    }
    return Unit{};
  }

  void fill(std::vector<VoteVerdict>& verdicts, std::span<const std::size_t> places,
            std::span<const Vote> unknown, BatchedSignatures::Extensions extensions) const {
    const auto checked = signatures_.check_votes(unknown, chain_.validators, extensions);
    for (std::size_t i = 0; i < places.size(); ++i) verdicts[places[i]] = checked[i];
  }

  BatchedSignatures& signatures_;
  const engine::ChainState& chain_;
  engine::CommitClaim claim_;
  Keys keys_;
};

}  // namespace

void check_signatures_ahead(accel::Engine& crypto, BatchedSignatures& signatures,
                            const engine::ChainState& chain, std::span<PooledBlock* const> window) {
  WindowBatch batch(chain, signatures.keys_of(chain.validators));
  for (std::size_t i = 0; i < window.size(); ++i) {
    batch.add_extended(*window[i]);
    // The first one's last commit is of the set before.
    if (i > 0) batch.add_last_commit(*window[i - 1], *window[i]);
  }
  batch.run(crypto);
}

Result<VerifiedBlock, PairFault> verify_block(accel::Engine& crypto, BatchedSignatures& signatures,
                                              const engine::ChainState& chain,
                                              const PooledBlock& first, PooledBlock& second) {
  const engine::Block& block = first.response.block;
  if (!block.header.validators_hash) {
    return Failure{PairFault{Blame::kFirst, "a header without the hash of its validators"}};
  }
  const Bytes encoded = engine::encode_block(block);
  if (encoded.size() > engine::kMaxBlockBytes) {
    return Failure{PairFault{Blame::kFirst, "a block of " + std::to_string(encoded.size()) +
                                                " bytes, more than any may be"}};
  }
  engine::PartSet parts = engine::PartSet::split(encoded);
  const engine::BlockId block_id{engine::header_hash(crypto, block.header), parts.header()};
  const Turn turn(signatures, chain, block_id);
  const auto proof = turn.check_last_commit(second);
  const auto extensions =
      turn.check_extensions(first, proof.ok() ? &second.response.block.last_commit : nullptr);
  if (!proof.ok()) {
    const bool tells = chain.has_extensions(chain.next_height());
    const Blame blame = extensions.ok() ? Blame::kSecond : Blame::kFirst;
    return Failure{PairFault{tells ? blame : Blame::kBoth, proof.error()}};
  }
  const bool is_proof_known = !chain.is_first() && first.proves == chain.last_block_id;
  const auto checked = is_proof_known ? engine::check_proven_block(crypto, chain, block)
                                      : engine::check_block(crypto, signatures, chain, block);
  if (!checked.ok()) {
    return Failure{PairFault{Blame::kNobody, engine::describe(checked.error())}};
  }
  if (!extensions.ok()) return Failure{PairFault{Blame::kFirst, extensions.error()}};
  second.proves = block_id;
  return VerifiedBlock{block_id, std::move(parts)};
}

}  // namespace buri::consensus::sync
