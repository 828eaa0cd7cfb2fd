#include "node/consensus/sync/window_verification.hpp"

#include <algorithm>

#include "node/consensus/engine/hashes.hpp"

namespace buri::consensus::sync {
namespace {

using engine::SignatureChecker;
using engine::ValidatorSet;
using engine::Vote;

/// Whether the place of a vote is the one that the set gives its validator.
bool is_in_place(const ValidatorSet& validators, const engine::CommitSig& entry,
                 std::size_t index) {
  return entry.flag != engine::BlockIdFlag::kAbsent && index < validators.size() &&
         entry.validator_address == validators.validators()[index].address;
}

void append_extended(std::vector<Vote>& votes, const ValidatorSet& validators,
                     const engine::ExtendedCommitRecord& commit) {
  for (std::size_t i = 0; i < commit.signatures.size(); ++i) {
    if (!is_in_place(validators, commit.signatures[i].vote, i)) continue;
    votes.push_back(engine::vote_of(commit, i));
  }
}

void append_plain(std::vector<Vote>& votes, const ValidatorSet& validators,
                  const engine::Commit& commit) {
  for (std::size_t i = 0; i < commit.signatures.size(); ++i) {
    if (!is_in_place(validators, commit.signatures[i], i)) continue;
    votes.push_back(engine::vote_of(commit, i));
  }
}

std::string sentence(std::string_view what, const engine::CommitFailure& failure) {
  return std::string(what) + ": " + std::string(engine::describe(failure.rule)) + ": expected " +
         failure.expected + ", found " + failure.found;
}

/// `proven`: a commit that is known to decide the block, if there is one.
Status<std::string> check_extensions(SignatureChecker& signatures, const engine::ChainState& chain,
                                     const engine::BlockId& block_id, const BlockResponse& response,
                                     const engine::Commit* proven) {
  const std::int64_t height = response.block.header.height;
  const auto& extended = response.extended_commit;
  if (!chain.has_extensions(height)) {
    if (!extended) return Unit{};
    return Failure{std::string("an extended commit where extensions are off")};
  }
  if (!extended) return Failure{std::string("no extended commit where extensions are on")};
  const engine::Commit commit = extended->commit();
  if (proven == nullptr || commit != *proven) {
    const auto tally =
        signatures.check_commit(chain.validators, {chain.chain_id, height, block_id}, commit);
    if (!tally.ok()) return Failure{sentence("extended commit", tally.error())};
  }
  const auto votes = engine::votes_of(*extended);
  const auto verdicts =
      signatures.check_votes(votes, chain.validators, SignatureChecker::Extensions::kOn);
  for (const engine::VoteVerdict verdict : verdicts) {
    if (verdict == engine::VoteVerdict::kGood) continue;
    return Failure{"extended commit: " + std::string(engine::describe(verdict))};
  }
  return Unit{};
}

}  // namespace

void check_signatures_ahead(SignatureChecker& signatures, const engine::ChainState& chain,
                            std::span<const BlockResponse* const> window) {
  std::vector<Vote> extended;
  std::vector<Vote> plain;
  for (std::size_t i = 0; i < window.size(); ++i) {
    const BlockResponse& response = *window[i];
    if (response.extended_commit) {
      append_extended(extended, chain.validators, *response.extended_commit);
    }
    // The first one's last commit is of the set before.
    if (i > 0) append_plain(plain, chain.validators, response.block.last_commit);
  }
  static_cast<void>(
      signatures.check_votes(extended, chain.validators, SignatureChecker::Extensions::kOn));
  static_cast<void>(
      signatures.check_votes(plain, chain.validators, SignatureChecker::Extensions::kOff));
}

Result<VerifiedBlock, PairFault> verify_block(accel::Engine& crypto, SignatureChecker& signatures,
                                              const engine::ChainState& chain,
                                              const BlockResponse& first,
                                              const BlockResponse& second) {
  if (!first.block.header.validators_hash) {
    return Failure{PairFault{Blame::kFirst, "a header without the hash of its validators"}};
  }
  const Bytes encoded = engine::encode_block(first.block);
  if (encoded.size() > engine::kMaxBlockBytes) {
    return Failure{PairFault{Blame::kFirst, "a block of " + std::to_string(encoded.size()) +
                                                " bytes, more than any may be"}};
  }
  engine::PartSet parts = engine::PartSet::split(encoded);
  const engine::BlockId block_id{engine::header_hash(crypto, first.block.header), parts.header()};
  const engine::CommitClaim claim{chain.chain_id, chain.next_height(), block_id};
  const auto tally = signatures.check_commit(chain.validators, claim, second.block.last_commit);
  const engine::Commit* proven = tally.ok() ? &second.block.last_commit : nullptr;
  const auto extensions = check_extensions(signatures, chain, block_id, first, proven);
  if (!tally.ok()) {
    const bool tells = chain.has_extensions(chain.next_height());
    const Blame blame = extensions.ok() ? Blame::kSecond : Blame::kFirst;
    return Failure{PairFault{tells ? blame : Blame::kBoth,
                             sentence("commit in the next block", tally.error())}};
  }
  const auto checked = engine::check_block(crypto, signatures, chain, first.block);
  if (!checked.ok()) {
    return Failure{PairFault{Blame::kNobody, engine::describe(checked.error())}};
  }
  if (!extensions.ok()) return Failure{PairFault{Blame::kFirst, extensions.error()}};
  return VerifiedBlock{block_id, std::move(parts)};
}

}  // namespace buri::consensus::sync
