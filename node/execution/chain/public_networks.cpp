#include "node/execution/chain/public_networks.hpp"

#include <algorithm>

#include "base/hex.hpp"

namespace buri::execution::chain {
namespace {

using protocol::BorForks;

constexpr std::string_view kMainnetHash =
    "0xa9c28ce2141b56c474f1dc504bee9b01eb1bd7d1a507580d5519d4437a97de1b";
constexpr std::string_view kAmoyHash =
    "0x7202b2b53c5a0836e773e319d18922cc756dd67432f9a1f65352b61f4406c697";
/// From Rio on, on both networks.
constexpr std::string_view kFeeReceiver = "0x7Ee41D8A25641000661B1EF5E6AE8A00400466B0";

Address address(std::string_view text) { return fixed_from_hex<20>(text).value(); }

/// A range of blocks without state sync, unless the file has one that begins there.
void add_silent_range(ChainConfig& config, const BlockRange& range) {
  const auto begins_there = [&](const auto& entry) { return entry.first.first == range.first; };
  if (std::ranges::none_of(config.record_limit_ranges, begins_there)) {
    config.record_limit_ranges.emplace_back(range, 0);
  }
}

void add_forks(ChainConfig& config, std::uint64_t chain_id) {
  const BorForks known = BorForks::for_chain(chain_id).value();
  for (const protocol::BorForkRow& row : protocol::bor_fork_rows()) {
    if (!config.forks.block_of(row.fork)) config.forks.set(row.fork, known.block_of(row.fork));
  }
}

void complete_mainnet(ChainConfig& config) {
  add_forks(config, 137);
  config.period_s.add(80'084'800, 1);
  config.producer_delay_s.add(38'189'056, 4);
  config.sprint_blocks.add(38'189'056, 16);
  config.confirmation_delay_s.add(44'934'656, 128);
  config.burn_contract.add(50'523'000, address("0x7A8ed27F4C30512326878652d20fC85727401854"));
  config.burn_contract.add(83'756'500, address("0x3ef57def668054dd750bd260526105c4eeef104f"));
  config.fee_receiver.add(77'414'656, address(kFeeReceiver));
  add_silent_range(config, {73'812'433, 73'826'700});
  add_silent_range(config, {81'556'977, 81'558'799});
  constexpr BlockRange kRange{80'440'819, 80'440'834};
  const auto is_there = [&](const auto& entry) { return entry.first == kRange; };
  if (std::ranges::none_of(config.extra_signers, is_there)) {
    config.extra_signers.emplace_back(
        kRange, std::vector{address("0x41018795fA95783117242244303fd7e26e964eE8")});
  }
}

void complete_amoy(ChainConfig& config) {
  add_forks(config, 80002);
  config.period_s.add(28'899'616, 1);
  config.confirmation_delay_s.add(0, 128);
  config.burn_contract.add(73'100, address("0xeCDD77cE6f146cCf5dab707941d318Bd50eeD2C9"));
  config.fee_receiver.add(26'272'256, address(kFeeReceiver));
  add_silent_range(config, {23'184'305, 23'220'127});
  for (const std::uint64_t block :
       {26'160'367ULL, 26'161'087ULL, 26'171'567ULL, 26'173'743ULL, 26'175'647ULL}) {
    config.unchecked_validator_bytes.insert(block);
  }
}

}  // namespace

void complete_public_config(ChainConfig& config, const Hash256& genesis_hash) {
  if (genesis_hash == fixed_from_hex<32>(kMainnetHash)) complete_mainnet(config);
  if (genesis_hash == fixed_from_hex<32>(kAmoyHash)) complete_amoy(config);
}

}  // namespace buri::execution::chain
