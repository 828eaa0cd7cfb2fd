#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

#include "hsm/rules/policy.hpp"
#include "hsm/rules/record.hpp"
#include "hsm/wire/fields.hpp"

/// Every setting of a policy, once: its name, its bounds and which way is wider. The file's reader,
/// the canonical text and the comparison are visitors of this list.
///
///   flag, guard   a switch that widens when it is turned on, or off
///   limit, floor  a number that widens when it grows, or falls
///   exact, text   a value of which every change counts as wider
///   choice        one of several names, each wider than those before it
///   amount        a limit in wei, in decimal digits

namespace buri::hsm::rules {

/// TOML integers have 63 bits.
inline constexpr std::uint64_t kMaxSetting = std::numeric_limits<std::int64_t>::max();
inline constexpr std::uint64_t kSecondsPerYear = 366 * 86'400;

template <class Visitor, wire::Of<ConsensusPolicy> Section>
void consensus_settings(Visitor& visit, Section& consensus) {
  visit.flag("proposals", consensus.proposals);
  visit.flag("votes", consensus.votes);
  visit.text("chain_id", consensus.chain_id);
  visit.limit("max_height_jump", consensus.max_height_jump, 1, kMaxSetting);
  visit.limit("clock_warn_s", consensus.clock_warn_s, 1, kSecondsPerYear);
  visit.limit("clock_refuse_s", consensus.clock_refuse_s, 1, kSecondsPerYear);
  visit.limit("max_per_minute", consensus.max_per_minute, 1, 1'000'000);
}

template <class Visitor, wire::Of<VoteExtensionPolicy> Section>
void vote_extension_settings(Visitor& visit, Section& extension) {
  visit.flag("enabled", extension.enabled);
  visit.choice("tier", extension.tier, std::array<std::string_view, 2>{"strict", "alarm"});
  visit.limit("max_alternatives", extension.max_alternatives, 0, kMaxExtensions - 1);
  visit.exact("compact_from_height", extension.compact_from_height);
  visit.limit("max_side_tx_responses", extension.max_side_tx_responses, 0, 256);
  visit.limit("max_milestone_blocks", extension.max_milestone_blocks, 1, 1024);
}

template <class Visitor, wire::Of<CheckpointPolicy> Section>
void checkpoint_settings(Visitor& visit, Section& checkpoint) {
  visit.flag("enabled", checkpoint.enabled);
  visit.exact("bor_chain_id", checkpoint.bor_chain_id);
  visit.limit("max_blocks", checkpoint.max_blocks, 1, 1'000'000);
  visit.limit("max_jump_blocks", checkpoint.max_jump_blocks, 1, kMaxSetting);
  visit.flag("allow_conflicting_root", checkpoint.allow_conflicting_root);
}

template <class Visitor, wire::Of<BorHeaderPolicy> Section>
void bor_header_settings(Visitor& visit, Section& header) {
  visit.flag("enabled", header.enabled);
  visit.exact("chain_id", header.chain_id);
  visit.choice("tier", header.tier,
               std::array<std::string_view, 2>{"strict", "supersede_unpublished"});
  visit.limit("max_supersedes", header.max_supersedes, 0, 16);
  visit.limit("max_number_jump", header.max_number_jump, 1, kMaxSetting);
  visit.floor("min_gas_limit", header.min_gas_limit, 0, kMaxSetting);
  visit.limit("max_gas_limit", header.max_gas_limit, 1, kMaxSetting);
  visit.limit("max_difficulty", header.max_difficulty, 1, 1'000'000);
  visit.limit("max_seconds_ahead", header.max_seconds_ahead, 0, kSecondsPerYear);
  visit.limit("max_seconds_behind", header.max_seconds_behind, 0, kSecondsPerYear);
  visit.limit("max_reorg_depth", header.max_reorg_depth, 0, 256);
  visit.limit("max_reorgs", header.max_reorgs, 0, kMaxReorgTimes);
  visit.floor("reorg_window_s", header.reorg_window_s, 1, kSecondsPerYear);
  visit.exact("london_block", header.london_block);
  visit.exact("jaipur_block", header.jaipur_block);
  visit.exact("cancun_block", header.cancun_block);
  visit.exact("giugliano_block", header.giugliano_block);
  visit.exact("austin_block", header.austin_block);
  visit.limit("max_per_minute", header.max_per_minute, 1, 1'000'000);
}

template <class Visitor, wire::Of<HeimdallPolicy> Section>
void heimdall_settings(Visitor& visit, Section& transaction) {
  visit.flag("enabled", transaction.enabled);
  visit.text("chain_id", transaction.chain_id);
  visit.messages("messages", transaction.messages);
  visit.messages("admin_messages", transaction.admin_messages);
  visit.limit("max_messages", transaction.max_messages, 1, 16);
  visit.limit("max_gas", transaction.max_gas, 1, kMaxSetting);
  visit.text("fee_denomination", transaction.fee_denomination);
  visit.amount("max_fee", transaction.max_fee);
  visit.amount("max_fee_per_day", transaction.max_fee_per_day);
  visit.limit("max_sequence_jump", transaction.max_sequence_jump, 1, kMaxSetting);
  visit.limit("max_bodies_per_sequence", transaction.max_bodies_per_sequence, 1, 1'000'000);
  visit.limit("max_per_minute", transaction.max_per_minute, 1, 1'000'000);
}

template <class Visitor, wire::Of<RootChainPolicy> Section>
void root_chain_settings(Visitor& visit, Section& transaction) {
  visit.flag("enabled", transaction.enabled);
  visit.exact("chain_id", transaction.chain_id);
  visit.calls("calls", transaction.calls);
  visit.limit("max_gas", transaction.max_gas, 1, 100'000'000);
  visit.limit("max_fee_per_gas_wei", transaction.max_fee_per_gas_wei, 0, kMaxSetting);
  visit.limit("max_priority_fee_per_gas_wei", transaction.max_priority_fee_per_gas_wei, 0,
              kMaxSetting);
  visit.amount("max_wei_per_day", transaction.max_wei_per_day);
  visit.limit("max_checkpoint_signatures", transaction.max_checkpoint_signatures, 1, 256);
  visit.limit("max_nonce_jump", transaction.max_nonce_jump, 1, kMaxSetting);
  visit.floor("min_bump_percent", transaction.min_bump_percent, 0, 1000);
  visit.limit("max_per_minute", transaction.max_per_minute, 1, 1'000'000);
}

template <class Visitor, wire::Of<Policy> Message>
void settings(Visitor& visit, Message& policy) {
  visit.section("key", [&] { visit.guard("require_hsm_born", policy.key.require_hsm_born); });
  visit.section("consensus", [&] { consensus_settings(visit, policy.consensus); });
  visit.section("vote_extension", [&] { vote_extension_settings(visit, policy.vote_extension); });
  visit.section("checkpoint", [&] { checkpoint_settings(visit, policy.checkpoint); });
  visit.section("bor_header", [&] { bor_header_settings(visit, policy.bor_header); });
  visit.section("heimdall_transaction",
                [&] { heimdall_settings(visit, policy.heimdall_transaction); });
  visit.section("root_chain_transaction",
                [&] { root_chain_settings(visit, policy.root_chain_transaction); });
}

}  // namespace buri::hsm::rules
