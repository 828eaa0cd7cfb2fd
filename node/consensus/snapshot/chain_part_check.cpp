#include <fmt/format.h>

#include "base/hex.hpp"
#include "node/consensus/app/finalize_response.hpp"
#include "node/consensus/app/results_hash.hpp"
#include "node/consensus/engine/hashes.hpp"
#include "node/consensus/snapshot/chain_part.hpp"
#include "node/consensus/sync/window_verification.hpp"

/// Whether a snapshot's chain part is one. The rules for the block above are those of block sync.

namespace buri::consensus::snapshot {
namespace {

using engine::ChainState;
using Checked = Status<std::string>;

std::string text(const engine::OptionalHash& hash) { return hash ? to_hex(*hash) : "none"; }

Checked expect_hash(std::string_view what, const engine::OptionalHash& expected,
                    const Hash256& found) {
  if (expected == found) return Unit{};
  return Failure{fmt::format("{} {}, expected {}", what, to_hex(found), text(expected))};
}

/// Addresses are in no hash.
Checked check_addresses(accel::Engine& crypto, const engine::ValidatorSet& set,
                        std::string_view whose) {
  const auto addresses = engine::key_addresses(crypto, set.validators());
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (addresses[i] == set.validators()[i].address) continue;
    return Failure{fmt::format("the {} validator {} has the address {}, its key that of {}", whose,
                               i, to_hex(set.validators()[i].address), to_hex(addresses[i]))};
  }
  return Unit{};
}

/// A set is centred when it changes and rotation keeps the sum.
Checked check_priorities(const engine::ValidatorSet& set, std::string_view whose) {
  __int128 sum = 0;
  for (const engine::Validator& validator : set.validators()) sum += validator.proposer_priority;
  if (sum >= 0 && sum < static_cast<__int128>(set.size())) return Unit{};
  return Failure{
      fmt::format("the priorities of the {} validators do not come from a rotation", whose)};
}

Checked check_sets(accel::Engine& crypto, const ChainState& chain) {
  const std::pair<std::string_view, const engine::ValidatorSet*> sets[] = {
      {"last", &chain.last_validators},
      {"current", &chain.validators},
      {"next", &chain.next_validators}};
  for (const auto& [whose, set] : sets) {
    RETURN_IF_ERROR(check_addresses(crypto, *set, whose));
    RETURN_IF_ERROR(check_priorities(*set, whose));
  }
  return Unit{};
}

/// The height's own block: the one that the state names, decided by the last validators.
Result<engine::PartSet, std::string> check_last_block(accel::Engine& crypto,
                                                      engine::SignatureChecker& signatures,
                                                      const ChainPart& part) {
  const ChainState& chain = part.chain;
  const auto block = engine::decode_block(part.block);
  if (!block.ok() || part.block.empty() || part.block.size() > engine::kMaxBlockBytes) {
    return Failure{fmt::format("block {} does not decode", part.height())};
  }
  if (block->header.height != part.height() || block->header.chain_id != chain.chain_id ||
      !block->header.validators_hash) {
    return Failure{fmt::format("the block is number {} of {}, expected {} of {}",
                               block->header.height, block->header.chain_id, part.height(),
                               chain.chain_id)};
  }
  RETURN_IF_ERROR(expect_hash("the block has the hash", chain.last_block_id.hash,
                              engine::header_hash(crypto, block->header)));
  RETURN_IF_ERROR(expect_hash("the last validators have the hash", block->header.validators_hash,
                              engine::validators_hash(crypto, chain.last_validators.validators())));
  if (block->header.time != chain.last_time) {
    return Failure{std::string("the state's time is not that of its last block")};
  }
  engine::PartSet parts = engine::PartSet::split(part.block);
  if (parts.header() != chain.last_block_id.parts) {
    return Failure{std::string("the block is cut into other parts than the state names")};
  }
  const engine::CommitClaim claim{chain.chain_id, part.height(), chain.last_block_id};
  const auto tally = signatures.check_commit(chain.last_validators, claim, part.commit.commit());
  if (!tally.ok()) {
    return Failure{fmt::format("the commit of block {} does not hold: {}: expected {}, found {}",
                               part.height(), engine::describe(tally.error().rule),
                               tally.error().expected, tally.error().found)};
  }
  return parts;
}

Checked check_extensions(engine::SignatureChecker& signatures, const ChainPart& part) {
  const bool expected = part.chain.has_extensions(part.height());
  if (part.has_extensions != expected) {
    return Failure{fmt::format("the commit of block {} is kept {} extensions, expected it {}",
                               part.height(), part.has_extensions ? "with" : "without",
                               expected ? "with" : "without")};
  }
  if (!expected) return Unit{};
  const auto verdicts =
      signatures.check_votes(engine::votes_of(part.commit), part.chain.last_validators,
                             engine::SignatureChecker::Extensions::kOn);
  for (const engine::VoteVerdict verdict : verdicts) {
    if (verdict == engine::VoteVerdict::kGood) continue;
    return Failure{fmt::format("the extended commit of block {}: {}", part.height(),
                               engine::describe(verdict))};
  }
  return Unit{};
}

Checked check_results(accel::Engine& crypto, const ChainPart& part) {
  const auto result = app::decode_finalize_response(part.results);
  if (!result.ok()) {
    return Failure{fmt::format("the results of block {} do not decode", part.height())};
  }
  return expect_hash("the results have the hash", part.chain.last_results_hash,
                     app::results_hash(crypto, result->txs));
}

/// Somebody who would have proposed in one of the rounds up to the one that decided.
Checked check_proposer(const ChainPart& part, const engine::Header& header) {
  engine::ValidatorSet set = part.chain.validators;
  const auto rounds =
      std::min<std::int64_t>(part.next_commit.round, static_cast<std::int64_t>(2 * set.size()));
  for (std::int64_t round = 0;; ++round) {
    if (set.proposer().address == header.proposer_address) return Unit{};
    if (round >= rounds) break;
    set.increment_proposer_priority(1);
  }
  return Failure{fmt::format("by the validators' priorities 0x{} would not have proposed block {}",
                             to_hex(header.proposer_address), header.height)};
}

}  // namespace

Result<ChainProof, std::string> check_chain_part(accel::Engine& crypto, const ChainPart& part) {
  const ChainState& chain = part.chain;
  if (chain.last_height < 1 || chain.last_height < chain.initial_height ||
      chain.last_height == INT64_MAX || chain.app_hash.size() != Hash256::kSize) {
    return Failure{
        fmt::format("a state after height {} cannot be gone on from", chain.last_height)};
  }
  RETURN_IF_ERROR(check_sets(crypto, chain));
  engine::BatchedSignatures signatures(crypto, chain.chain_id);
  ASSIGN_OR_RETURN(engine::PartSet parts, check_last_block(crypto, signatures, part));
  RETURN_IF_ERROR(check_extensions(signatures, part));
  RETURN_IF_ERROR(check_results(crypto, part));
  auto next = engine::decode_block(part.next_block);
  if (!next.ok()) {
    return Failure{fmt::format("block {} does not decode", chain.next_height())};
  }
  sync::PooledBlock above;
  above.response.block = std::move(next).value();
  if (chain.has_extensions(chain.next_height())) above.response.extended_commit = part.next_commit;
  sync::PooledBlock commit_for_it;
  commit_for_it.response.block.last_commit = part.next_commit.commit();
  const auto verified = sync::verify_block(crypto, signatures, chain, above, commit_for_it);
  if (!verified.ok()) {
    return Failure{fmt::format("block {} does not follow from the state: {}", chain.next_height(),
                               verified.error().reason)};
  }
  const engine::Header& header = above.response.block.header;
  RETURN_IF_ERROR(expect_hash("the next validators have the hash", header.next_validators_hash,
                              engine::validators_hash(crypto, chain.next_validators.validators())));
  RETURN_IF_ERROR(check_proposer(part, header));
  return ChainProof{*verified->block_id.hash, Hash256::from(chain.app_hash), std::move(parts)};
}

}  // namespace buri::consensus::snapshot
