#include "node/consensus/replay/block_checks.hpp"

#include "base/hex.hpp"
#include "node/consensus/app/extension_rules.hpp"
#include "node/consensus/engine/hashes.hpp"

namespace buri::consensus::replay {
namespace {

using engine::BlockIdFlag;

std::string text_of(const engine::OptionalHash& hash) { return hash ? to_hex(*hash) : "none"; }

void check_commit(std::string_view name, const engine::ValidatorSet& validators,
                  const engine::CommitClaim& claim, const engine::Commit& commit,
                  const engine::VoteChecker& checker, Comparison& comparison) {
  const auto tally = engine::verify_commit(validators, claim, commit, checker);
  if (tally.ok()) return;
  const engine::CommitFailure& failure = tally.error();
  comparison.note({.rule = std::string(name) + " " + std::string(engine::describe(failure.rule)) +
                           ", entry " + std::to_string(failure.index),
                   .expected = failure.expected,
                   .found = failure.found});
}

/// Whoever committed has signed both extensions: CometBFT takes no other precommit.
void check_extended_commit(tx::SignatureMemory& memory, const ChainFollower& chain,
                           const engine::BlockId& block_id, const DecodedHeight& height,
                           Comparison& comparison) {
  const engine::ExtendedCommitRecord& commit = height.extended_commit;
  if (commit.signatures.empty()) return;
  const auto& members = chain.validators().validators();
  comparison.compare("extended commit height", chain.next_height(), commit.height);
  if (block_id.hash != commit.block_id.hash) {
    comparison.compare("extended commit block", text_of(block_id.hash),
                       text_of(commit.block_id.hash));
  }
  comparison.compare("extended commit entries", members.size(), commit.signatures.size());
  for (std::size_t i = 0; i < std::min(members.size(), commit.signatures.size()); ++i) {
    const engine::ExtendedCommitSig& entry = commit.signatures[i];
    if (entry.vote.flag != BlockIdFlag::kCommit) continue;
    const bool is_checked = i < height.validators.size() &&
                            height.validators[i].public_key == members[i].public_key &&
                            height.verdicts.extensions[i] != 0 && height.verdicts.non_rps[i] != 0;
    if (is_checked) continue;
    const bool is_signed =
        memory.is_valid(extension_claim(members[i], chain.chain_id(), commit.height, commit.round,
                                        entry.extension, entry.extension_signature)) &&
        memory.is_valid(non_rp_claim(members[i], entry));
    if (is_signed) continue;
    comparison.note({.rule = "extended commit entry " + std::to_string(i),
                     .expected = "valid extension signatures",
                     .found = "a bad one of " + to_hex(members[i].address)});
  }
}

/// The signatures on the ordinary extensions that the block carries as its first transaction.
void check_carried_extensions(tx::SignatureMemory& memory, const ChainFollower& chain,
                              const Neighbours& heights, Comparison& comparison) {
  const DecodedHeight& height = *heights.height;
  const auto members = chain.last_validators().validators();
  for (std::size_t i = 0; i < height.carried.votes.size(); ++i) {
    const app::ExtendedVote& vote = height.carried.votes[i];
    const auto& address = vote.validator.address;
    if (!app::counts(vote) || address.size() != Address::kSize) continue;
    // Votes stand in the order of the set, unless a proposer chose another.
    const engine::Validator* member = i < members.size() && equal(members[i].address, address)
                                          ? &members[i]
                                          : chain.last_validators().find(Address::from(address));
    if (member == nullptr) continue;
    const bool is_checked = heights.before != nullptr && i < height.verdicts.carried.size() &&
                            height.verdicts.carried[i] != 0 &&
                            heights.before->validators[i].public_key == member->public_key;
    if (is_checked || memory.is_valid(extension_claim(
                          *member, chain.chain_id(), chain.next_height() - 1, height.carried.round,
                          vote.vote_extension, vote.extension_signature))) {
      continue;
    }
    comparison.note({.rule = "carried vote extension",
                     .expected = "a valid signature",
                     .found = "a bad one of " + to_hex(address)});
  }
}

std::string text_of(std::span<const engine::Validator> validators) {
  std::string text;
  for (const engine::Validator& validator : validators) {
    text += to_hex(validator.address) + "=" + std::to_string(validator.voting_power) + " ";
  }
  return text;
}

bool is_same_set(std::span<const engine::Validator> a, std::span<const engine::Validator> b) {
  return std::ranges::equal(a, b, [](const auto& one, const auto& other) {
    return one.public_key == other.public_key && one.voting_power == other.voting_power;
  });
}

}  // namespace

engine::BlockId block_id_of(accel::Engine& crypto, const DecodedHeight& height) {
  return {engine::header_hash(crypto, height.block.header),
          engine::part_set_header(crypto, height.record.block)};
}

void check_block(tx::SignatureMemory& memory, const ChainFollower& chain,
                 const engine::BlockId& block_id, const Neighbours& heights,
                 Comparison& comparison) {
  const DecodedHeight& height = *heights.height;
  const records::BlockRecord& record = height.record;
  const auto& members = chain.validators().validators();
  comparison.compare("block hash", record.block_hash, block_id.hash);
  comparison.compare("part set hash", record.parts_hash, block_id.parts.hash);
  comparison.compare("number of parts", record.part_count, block_id.parts.total);
  if (!is_same_set(height.validators, members)) {
    comparison.compare("validators", text_of(height.validators), text_of(members));
  }
  chain.check_header(height.block, comparison);
  if (!chain.is_first()) {
    const engine::Commit& commit = height.block.last_commit;
    const engine::CommitClaim claim{chain.chain_id(), chain.next_height() - 1,
                                    chain.last_block_id()};
    CommitVerdicts verdicts;
    if (heights.before != nullptr) {
      verdicts = {heights.before->validators, height.verdicts.last_votes};
    }
    check_commit("last commit", chain.last_validators(), claim, commit,
                 remembered(memory, chain.last_validators(), claim.chain_id, commit, verdicts),
                 comparison);
    check_carried_extensions(memory, chain, heights, comparison);
  }
  if (!record.seen_commit.empty()) {
    const engine::CommitClaim claim{chain.chain_id(), chain.next_height(), block_id};
    check_commit("seen commit", chain.validators(), claim, height.seen_commit,
                 remembered(memory, chain.validators(), claim.chain_id, height.seen_commit,
                            {height.validators, height.verdicts.votes}),
                 comparison);
  }
  check_extended_commit(memory, chain, block_id, height, comparison);
}

}  // namespace buri::consensus::replay
