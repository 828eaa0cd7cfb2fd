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
                  tx::SignatureMemory& memory, Comparison& comparison) {
  const auto tally = engine::verify_commit(validators, claim, commit,
                                           remembered(memory, validators, claim.chain_id, commit));
  if (tally.ok()) return;
  const engine::CommitFailure& failure = tally.error();
  comparison.note({.rule = std::string(name) + " " + std::string(engine::describe(failure.rule)) +
                           ", entry " + std::to_string(failure.index),
                   .expected = failure.expected,
                   .found = failure.found});
}

/// Whoever committed has signed both extensions: CometBFT takes no other precommit.
void check_extended_commit(const ChainFollower& chain, const engine::BlockId& block_id,
                           const engine::ExtendedCommitRecord& commit, tx::SignatureMemory& memory,
                           Comparison& comparison) {
  if (commit.signatures.empty()) return;
  const auto& members = chain.validators().validators();
  comparison.compare("extended commit height", std::to_string(chain.next_height()),
                     std::to_string(commit.height));
  comparison.compare("extended commit block", text_of(block_id.hash),
                     text_of(commit.block_id.hash));
  comparison.compare("extended commit entries", std::to_string(members.size()),
                     std::to_string(commit.signatures.size()));
  for (std::size_t i = 0; i < std::min(members.size(), commit.signatures.size()); ++i) {
    const engine::ExtendedCommitSig& entry = commit.signatures[i];
    if (entry.vote.flag != BlockIdFlag::kCommit) continue;
    const bool is_signed =
        memory.is_valid(extension_claim(members[i], chain.chain_id(), commit, i)) &&
        memory.is_valid(non_rp_claim(members[i], entry));
    if (is_signed) continue;
    comparison.note({.rule = "extended commit entry " + std::to_string(i),
                     .expected = "valid extension signatures",
                     .found = "a bad one of " + to_hex(members[i].address)});
  }
}

/// The signatures on the ordinary extensions that the block carries as its first transaction.
void check_carried_extensions(const ChainFollower& chain, const engine::Block& block,
                              tx::SignatureMemory& memory, Comparison& comparison) {
  if (block.txs.empty()) return;
  const auto carried = codec::decode<app::ExtendedCommit>(block.txs.front());
  if (!carried.ok()) return;
  for (const app::ExtendedVote& vote : carried->votes) {
    const auto& address = vote.validator.address;
    if (!app::counts(vote) || address.size() != Address::kSize) continue;
    const engine::Validator* member = chain.last_validators().find(Address::from(address));
    if (member == nullptr) continue;
    engine::ExtendedCommitRecord commit;
    commit.height = chain.next_height() - 1;
    commit.round = carried->round;
    commit.signatures.push_back({.vote = {},
                                 .extension = vote.vote_extension,
                                 .extension_signature = vote.extension_signature,
                                 .non_rp_extension = {},
                                 .non_rp_signature = {}});
    if (memory.is_valid(extension_claim(*member, chain.chain_id(), commit, 0))) continue;
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
                 const engine::BlockId& block_id, const DecodedHeight& height,
                 Comparison& comparison) {
  const records::BlockRecord& record = height.record;
  comparison.compare("block hash", to_hex(record.block_hash), text_of(block_id.hash));
  comparison.compare("part set hash", to_hex(record.parts_hash), text_of(block_id.parts.hash));
  comparison.compare("number of parts", std::to_string(record.part_count),
                     std::to_string(block_id.parts.total));
  if (!is_same_set(height.validators, chain.validators().validators())) {
    comparison.compare("validators", text_of(height.validators),
                       text_of(chain.validators().validators()));
  }
  chain.check_header(height.block, comparison);
  if (!chain.is_first()) {
    const engine::CommitClaim claim{chain.chain_id(), chain.next_height() - 1,
                                    chain.last_block_id()};
    check_commit("last commit", chain.last_validators(), claim, height.block.last_commit, memory,
                 comparison);
    check_carried_extensions(chain, height.block, memory, comparison);
  }
  if (!record.seen_commit.empty()) {
    const engine::CommitClaim claim{chain.chain_id(), chain.next_height(), block_id};
    check_commit("seen commit", chain.validators(), claim, height.seen_commit, memory, comparison);
  }
  check_extended_commit(chain, block_id, height.extended_commit, memory, comparison);
}

}  // namespace buri::consensus::replay
