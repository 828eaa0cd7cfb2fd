#include "node/execution/chain/header_rules.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "node/execution/chain/base_fee.hpp"

namespace buri::execution::chain {
namespace {

using protocol::BorFork;

constexpr std::uint64_t kMaxGasLimit = (std::uint64_t{1} << 63) - 1;
constexpr std::uint64_t kAnnouncementSeconds = 30;  // from Giugliano on

BlockFault future_fault(std::uint64_t latest_s, std::uint64_t found_s) {
  return {BlockRule::kFuture, "a time up to " + std::to_string(latest_s), std::to_string(found_s)};
}

/// The latest time that a block may have now, whoever sealed it.
std::uint64_t latest_time_s(const Header& header, const ChainConfig& config, std::uint64_t now_s) {
  if (config.is_active(BorFork::kGiugliano, header.number)) return now_s + kAnnouncementSeconds;
  if (!config.is_active(BorFork::kBhilai, header.number)) return now_s;
  return now_s + producer_delay_s(config, header.number, 0);
}

Status<BlockFault> check_validator_bytes(const Header& header, const ExtraData& extra,
                                         const ChainConfig& config) {
  if (!config.is_sprint_end(header.number)) {
    if (extra.validators.empty()) return Unit{};
    return Failure{number_fault(BlockRule::kValidatorsOffEnd, 0, extra.validators.size())};
  }
  if (extra.validators.size() % kValidatorBytes == 0) return Unit{};
  return Failure{BlockFault{BlockRule::kValidatorsAtEnd, "a multiple of 40 bytes",
                            std::to_string(extra.validators.size())}};
}

Status<BlockFault> check_extra(const Header& header, const ChainConfig& config) {
  const std::size_t size = header.extra.size();
  if (size < kVanityBytes) return Failure{number_fault(BlockRule::kVanity, kVanityBytes, size)};
  if (size < kVanityBytes + kSealBytes) {
    return Failure{number_fault(BlockRule::kSealMissing, kVanityBytes + kSealBytes, size)};
  }
  const ExtraData extra = read_extra_data(header, config);
  RETURN_IF_ERROR(check_validator_bytes(header, extra, config));
  const bool is_complete = extra.gas_target && extra.base_fee_denominator;
  if (config.is_active(BorFork::kGiugliano, header.number) && !is_complete) {
    return Failure{BlockFault{BlockRule::kGasParameters, "gas target and denominator",
                              "a payload without them"}};
  }
  return Unit{};
}

std::string shown(const ValidatorSet& producers) {
  std::string text;
  for (const Validator& member : producers.members()) {
    text += (text.empty() ? "one of 0x" : ", 0x") + to_hex(member.signer);
  }
  return text;
}

}  // namespace

std::uint64_t producer_delay_s(const ChainConfig& config, std::uint64_t block_number,
                               std::uint64_t succession) {
  const std::uint64_t period = *config.period_s.at(block_number);
  if (config.is_active(BorFork::kRio, block_number)) return period;
  const std::uint64_t delay =
      config.is_sprint_start(block_number) ? *config.producer_delay_s.at(block_number) : period;
  return delay + succession * *config.backup_multiplier_s.at(block_number);
}

Status<BlockFault> check_header(const Header& header, const ChainConfig& config,
                                std::uint64_t now_s) {
  const std::uint64_t latest = latest_time_s(header, config, now_s);
  if (header.time > latest) return Failure{future_fault(latest, header.time)};
  RETURN_IF_ERROR(check_extra(header, config));
  if (!header.mix_digest.is_zero()) {
    return Failure{bytes_fault(BlockRule::kMixDigest, Hash256{}, header.mix_digest)};
  }
  if (header.uncles_hash != kEmptyListHash) {
    return Failure{bytes_fault(BlockRule::kUnclesHash, kEmptyListHash, header.uncles_hash)};
  }
  if (header.gas_limit > kMaxGasLimit) {
    return Failure{number_fault(BlockRule::kGasLimitMax, kMaxGasLimit, header.gas_limit)};
  }
  if (header.withdrawals_root || header.blob_gas_used || header.excess_blob_gas ||
      header.parent_beacon_root || header.requests_hash) {
    return Failure{BlockFault{BlockRule::kForkField, "no field behind the base fee",
                              "a root of withdrawals or more"}};
  }
  return Unit{};
}

Status<BlockFault> check_after_parent(const Header& header, const Header& parent,
                                      const ChainConfig& config, std::uint64_t now_s) {
  if (header.number != parent.number + 1) {
    return Failure{number_fault(BlockRule::kNumber, parent.number + 1, header.number)};
  }
  if (config.is_active(BorFork::kGiugliano, header.number) && now_s < parent.time) {
    return Failure{future_fault(now_s, parent.time)};
  }
  if (header.gas_used > header.gas_limit) {
    return Failure{number_fault(BlockRule::kGasUsedAboveLimit, header.gas_limit, header.gas_used)};
  }
  RETURN_IF_ERROR(check_gas_fields(config, header, parent));
  const std::uint64_t earliest = parent.time + *config.period_s.at(header.number);
  if (header.time < earliest) {
    return Failure{number_fault(BlockRule::kTime, earliest, header.time)};
  }
  return Unit{};
}

Status<BlockFault> check_seal(const Header& header, const Address& signer,
                              const SealContext& context) {
  const ChainConfig& config = context.config;
  const auto extra = config.extra_signers_at(header.number);
  const bool is_extra = std::ranges::find(extra, signer) != extra.end();
  const auto place = context.producers.index_of(signer);
  if (!place && !is_extra) {
    return Failure{
        BlockFault{BlockRule::kNotProducer, shown(context.producers), "0x" + to_hex(signer)}};
  }
  const std::uint64_t succession = place ? context.producers.succession_of(signer) : 0;
  const std::uint64_t earliest =
      context.parent.time + producer_delay_s(config, header.number, succession);
  if (header.time < earliest) {
    return Failure{number_fault(BlockRule::kTooSoon, earliest, header.time)};
  }
  if (config.is_active(BorFork::kBhilai, header.number) && succession != 0 &&
      header.time > context.now_s) {
    return Failure{future_fault(context.now_s, header.time)};
  }
  const U256 difficulty = U256::from_uint64(context.producers.members().size() - succession);
  if (header.difficulty == difficulty) return Unit{};
  return Failure{number_fault(BlockRule::kDifficulty, difficulty, header.difficulty)};
}

Status<BlockFault> check_body(const Block& block) {
  const Header& header = block.header;
  if (!block.uncles.empty()) {
    return Failure{number_fault(BlockRule::kUncles, 0, block.uncles.size())};
  }
  const Hash256 root = transactions_root(block.transactions);
  if (root != header.transactions_root) {
    return Failure{bytes_fault(BlockRule::kTransactionsRoot, root, header.transactions_root)};
  }
  if (block.withdrawals) {
    return Failure{BlockFault{BlockRule::kWithdrawals, "no list",
                              "a list of " + std::to_string(block.withdrawals->size())}};
  }
  const bool has_blobs = std::ranges::any_of(block.transactions, [](const auto& transaction) {
    return transaction.type == EnvelopeType::kBlob;
  });
  if (!has_blobs) return Unit{};
  return Failure{BlockFault{BlockRule::kBlobs, "no blob transaction", "one"}};
}

}  // namespace buri::execution::chain
