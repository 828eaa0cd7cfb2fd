#include "node/consensus/engine/block_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/hex.hpp"
#include "node/consensus/engine/hashes.hpp"
#include "node/consensus/engine/part_set.hpp"

namespace buri::consensus::engine {
namespace {

/// Longest header; what stands around transactions; the fixed part of a commit and each entry of
/// it.
constexpr std::int64_t kMaxHeaderBytes = 626;
constexpr std::int64_t kBlockOverheadBytes = 11;
constexpr std::int64_t kMaxCommitBytes = 94;
constexpr std::int64_t kMaxCommitEntryBytes = 112;
constexpr std::size_t kMaxChainIdBytes = 50;

using RuleKept = Status<BlockFault>;

std::string block_text(ByteView bytes) { return bytes.empty() ? "none" : to_upper_hex(bytes); }
std::string block_text(const OptionalHash& hash) {
  return hash ? to_upper_hex(*hash) : std::string("none");
}
std::string block_text(const Timestamp& time) {
  return fmt::format("{}.{:09}", time.seconds, time.nanos);
}
std::string block_text(const BlockId& id) {
  return fmt::format("{} in {} parts {}", block_text(id.hash), id.parts.total,
                     block_text(id.parts.hash));
}
std::string block_text(std::int64_t value) { return std::to_string(value); }
std::string block_text(const std::string& value) { return value; }

/// The rule that one value is another.
template <class T>
RuleKept same(std::string_view rule, const T& expected, const T& found) {
  if (expected == found) return Unit{};
  return Failure{BlockFault{rule, block_text(expected), block_text(found)}};
}

RuleKept rule_broken(std::string_view rule, std::string expected, std::string found) {
  return Failure{BlockFault{rule, std::move(expected), std::move(found)}};
}

/// Bytes of a repeated length-delimited field of one byte's tag.
std::int64_t field_bytes(std::size_t content) {
  std::int64_t length = 1;
  for (std::size_t rest = content >> 7; rest > 0; rest >>= 7) ++length;
  return 1 + length + static_cast<std::int64_t>(content);
}

RuleKept check_content_hashes(accel::Engine& crypto, const Block& block) {
  const Header& header = block.header;
  RETURN_IF_ERROR(same("last commit hash", OptionalHash(commit_hash(crypto, block.last_commit)),
                       header.last_commit_hash));
  RETURN_IF_ERROR(same("data hash", OptionalHash(data_hash(crypto, block.txs)), header.data_hash));
  return same("evidence hash", OptionalHash(evidence_hash(crypto, block.evidence)),
              header.evidence_hash);
}

RuleKept check_header_place(const ChainState& chain, const Header& header) {
  RETURN_IF_ERROR(same("block version", static_cast<std::int64_t>(kBlockProtocol),
                       static_cast<std::int64_t>(header.block_version)));
  RETURN_IF_ERROR(same("app version", static_cast<std::int64_t>(chain.app_version),
                       static_cast<std::int64_t>(header.app_version)));
  RETURN_IF_ERROR(same("chain id", chain.chain_id, header.chain_id));
  if (header.chain_id.size() > kMaxChainIdBytes) {
    return rule_broken("chain id", fmt::format("up to {} bytes", kMaxChainIdBytes),
                       header.chain_id);
  }
  RETURN_IF_ERROR(same("height", chain.next_height(), header.height));
  return same("last block id", chain.last_block_id, header.last_block_id);
}

RuleKept check_promises(accel::Engine& crypto, const ChainState& chain, const Header& header) {
  RETURN_IF_ERROR(same("app hash", chain.app_hash, header.app_hash));
  RETURN_IF_ERROR(same("consensus hash",
                       OptionalHash(consensus_hash(crypto, chain.params.max_block_bytes,
                                                   chain.params.max_block_gas)),
                       header.consensus_hash));
  RETURN_IF_ERROR(
      same("last results hash", OptionalHash(chain.last_results_hash), header.last_results_hash));
  RETURN_IF_ERROR(same("validators hash",
                       OptionalHash(validators_hash(crypto, chain.validators.validators())),
                       header.validators_hash));
  RETURN_IF_ERROR(same("next validators hash",
                       OptionalHash(validators_hash(crypto, chain.next_validators.validators())),
                       header.next_validators_hash));
  if (chain.validators.find(header.proposer_address) != nullptr) return Unit{};
  return rule_broken("proposer", "a validator", to_upper_hex(header.proposer_address));
}

RuleKept check_last_round(const ChainState& chain, const Commit& commit) {
  if (chain.is_first() || commit.round >= 0) return Unit{};
  return rule_broken("last commit round", "0 or more", block_text(commit.round));
}

RuleKept check_last_commit(SignatureChecker& signatures, const ChainState& chain,
                           const Commit& commit) {
  if (chain.is_first()) {
    if (commit.signatures.empty()) return Unit{};
    return rule_broken("last commit", "none in the first block",
                       fmt::format("{} entries", commit.signatures.size()));
  }
  const CommitClaim claim{chain.chain_id, chain.last_height, chain.last_block_id};
  const auto tally = signatures.check_commit(chain.last_validators, claim, commit);
  if (tally.ok()) return Unit{};
  const CommitFailure& failure = tally.error();
  return rule_broken(
      "last commit",
      fmt::format("{} {} at entry {}", describe(failure.rule), failure.expected, failure.index),
      failure.found);
}

/// What stands before the last commit's votes among the rules.
RuleKept check_content(accel::Engine& crypto, const ChainState& chain, const Block& block) {
  RETURN_IF_ERROR(check_header_place(chain, block.header));
  RETURN_IF_ERROR(check_content_hashes(crypto, block));
  RETURN_IF_ERROR(check_promises(crypto, chain, block.header));
  const std::int64_t evidence = evidence_bytes(block.evidence);
  if (evidence > chain.params.max_evidence_bytes) {
    return rule_broken("evidence", fmt::format("up to {} bytes", chain.params.max_evidence_bytes),
                       block_text(evidence));
  }
  return check_last_round(chain, block.last_commit);
}

RuleKept check_block_time(const ChainState& chain, const Block& block) {
  const Timestamp& time = block.header.time;
  if (chain.is_first()) return same("time", chain.last_time, time);
  if (time <= chain.last_time) {
    return rule_broken("time", "after " + block_text(chain.last_time), block_text(time));
  }
  return same("time", median_time(block.last_commit, chain.last_validators), time);
}

}  // namespace

Timestamp median_time(const Commit& commit, const ValidatorSet& validators) {
  struct Weighted {
    Timestamp time;
    std::int64_t power;
  };
  std::vector<Weighted> times;
  std::int64_t total = 0;
  for (const CommitSig& entry : commit.signatures) {
    if (entry.flag == BlockIdFlag::kAbsent || !entry.validator_address) continue;
    const Validator* validator = validators.find(*entry.validator_address);
    if (validator == nullptr) continue;
    times.push_back({entry.timestamp, validator->voting_power});
    total = add_clipped(total, validator->voting_power);
  }
  std::ranges::sort(times, {}, &Weighted::time);
  std::int64_t median = total / 2;
  for (const Weighted& weighted : times) {
    if (median <= weighted.power) return weighted.time;
    median -= weighted.power;
  }
  return kZeroTime;
}

std::int64_t max_transaction_bytes(const ChainState& chain, std::int64_t evidence_bytes) {
  const auto count = static_cast<std::int64_t>(chain.validators.size());
  return chain.params.block_bytes() - kBlockOverheadBytes - kMaxHeaderBytes - kMaxCommitBytes -
         kMaxCommitEntryBytes * count - evidence_bytes;
}

std::int64_t transaction_bytes(std::span<const Bytes> txs) {
  std::int64_t bytes = 0;
  for (const Bytes& tx : txs) bytes += field_bytes(tx.size());
  return bytes;
}

std::int64_t evidence_bytes(std::span<const EvidencePiece> evidence) {
  std::int64_t bytes = 0;
  for (const EvidencePiece& piece : evidence) {
    bytes += field_bytes(static_cast<std::size_t>(field_bytes(piece.encoded.size())));
  }
  return bytes;
}

Block make_block(accel::Engine& crypto, const ChainState& chain, BlockContent content,
                 const Address& proposer) {
  Block block;
  block.txs = std::move(content.txs);
  block.evidence = std::move(content.evidence);
  block.last_commit = std::move(content.last_commit);
  Header& header = block.header;
  header.block_version = kBlockProtocol;
  header.app_version = chain.app_version;
  header.chain_id = chain.chain_id;
  header.height = chain.next_height();
  header.time =
      chain.is_first() ? chain.last_time : median_time(block.last_commit, chain.last_validators);
  header.last_block_id = chain.last_block_id;
  header.last_commit_hash = commit_hash(crypto, block.last_commit);
  header.data_hash = data_hash(crypto, block.txs);
  header.validators_hash = validators_hash(crypto, chain.validators.validators());
  header.next_validators_hash = validators_hash(crypto, chain.next_validators.validators());
  header.consensus_hash =
      consensus_hash(crypto, chain.params.max_block_bytes, chain.params.max_block_gas);
  header.app_hash = chain.app_hash;
  header.last_results_hash = chain.last_results_hash;
  header.evidence_hash = evidence_hash(crypto, block.evidence);
  header.proposer_address = proposer;
  return block;
}

std::string describe(const BlockFault& fault) {
  return fmt::format("{}: expected {}, found {}", fault.rule, fault.expected, fault.found);
}

Status<BlockFault> check_block(accel::Engine& crypto, SignatureChecker& signatures,
                               const ChainState& chain, const Block& block) {
  RETURN_IF_ERROR(check_content(crypto, chain, block));
  RETURN_IF_ERROR(check_last_commit(signatures, chain, block.last_commit));
  return check_block_time(chain, block);
}

Status<BlockFault> check_proven_block(accel::Engine& crypto, const ChainState& chain,
                                      const Block& block) {
  RETURN_IF_ERROR(check_content(crypto, chain, block));
  return check_block_time(chain, block);
}

}  // namespace buri::consensus::engine
