#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/u256.hpp"

/// What a key may be used for, as the operator wrote it down: a TOML file, read strictly
/// (docs/signer-policy.md). Every setting knows which way is wider, so that a reload that only
/// narrows can be told from one that needs two administrators.

namespace buri::hsm::rules {

/// The policy format that this build reads.
inline constexpr std::uint64_t kPolicyVersion = 1;

/// What happens when another vote extension is asked for at a (height, round) already signed.
enum class ExtensionTier : std::uint8_t {
  kStrict,  ///< refused
  kAlarm,   ///< signed with an alarm, max_alternatives times
};

/// What happens when another header is asked for at a (number, parent) already sealed.
enum class BorTier : std::uint8_t {
  kStrict,                ///< refused
  kSupersedeUnpublished,  ///< sealed with an alarm if the node states that the first was not sent
};

struct KeyPolicy {
  bool require_hsm_born = true;  ///< refuse a key that was imported into or restored to the HSM
};

struct ConsensusPolicy {
  bool proposals = true;
  bool votes = true;
  std::string chain_id;
  std::uint64_t max_height_jump = 10'000;
  std::uint64_t clock_warn_s = 600;
  std::uint64_t clock_refuse_s = 86'400;
  std::uint64_t max_per_minute = 600;
};

struct VoteExtensionPolicy {
  bool enabled = true;
  ExtensionTier tier = ExtensionTier::kAlarm;
  std::uint64_t max_alternatives = 3;
  std::uint64_t compact_from_height = 0;  ///< 0: never
  std::uint64_t max_side_tx_responses = 50;
  std::uint64_t max_milestone_blocks = 1000;
};

struct CheckpointPolicy {
  bool enabled = true;
  std::uint64_t bor_chain_id = 0;
  std::uint64_t max_blocks = 8192;
  std::uint64_t max_jump_blocks = 1'000'000;  ///< above the highest end known
  bool allow_conflicting_root = false;        ///< another root for a range already signed
};

struct BorHeaderPolicy {
  bool enabled = false;
  std::uint64_t chain_id = 0;
  BorTier tier = BorTier::kStrict;
  std::uint64_t max_supersedes = 2;
  std::uint64_t max_number_jump = 10'000'000;
  std::uint64_t min_gas_limit = 5'000;
  std::uint64_t max_gas_limit = 200'000'000;
  std::uint64_t max_difficulty = 128;
  std::uint64_t max_seconds_ahead = 60;
  std::uint64_t max_seconds_behind = 600;
  std::uint64_t max_reorg_depth = 256;
  std::uint64_t max_reorgs = 5;  ///< within reorg_window_s
  std::uint64_t reorg_window_s = 600;
  std::uint64_t london_block = 0;
  std::uint64_t jaipur_block = 0;
  std::uint64_t cancun_block = 0;
  std::uint64_t giugliano_block = 0;
  std::uint64_t austin_block = 0;
  std::uint64_t max_per_minute = 120;
};

struct HeimdallPolicy {
  bool enabled = false;
  std::string chain_id;
  std::vector<std::string> messages;        ///< type URLs, ascending
  std::vector<std::string> admin_messages;  ///< signed with two approvals only, ascending
  std::uint64_t max_messages = 1;
  std::uint64_t max_gas = 1'000'000;
  std::string fee_denomination = "pol";
  U256 max_fee;
  U256 max_fee_per_day;
  std::uint64_t max_sequence_jump = 1000;
  std::uint64_t max_bodies_per_sequence = 16;
  std::uint64_t max_per_minute = 120;
};

/// One allowed destination of a root chain transaction.
struct AllowedCall {
  Address to;
  FixedBytes<4> selector;
  U256 max_value_wei;
  bool needs_approval = false;

  friend auto operator<=>(const AllowedCall&, const AllowedCall&) = default;
};

struct RootChainPolicy {
  bool enabled = false;
  std::uint64_t chain_id = 0;
  std::vector<AllowedCall> calls;  ///< ascending; submitCheckpoint has selector 4e43e495
  std::uint64_t max_gas = 5'000'000;
  std::uint64_t max_fee_per_gas_wei = 0;
  std::uint64_t max_priority_fee_per_gas_wei = 0;
  U256 max_wei_per_day;
  std::uint64_t max_checkpoint_signatures = 200;
  std::uint64_t max_nonce_jump = 64;
  std::uint64_t min_bump_percent = 10;
  std::uint64_t max_per_minute = 20;
};

struct Policy {
  KeyPolicy key;
  ConsensusPolicy consensus;
  VoteExtensionPolicy vote_extension;
  CheckpointPolicy checkpoint;
  BorHeaderPolicy bor_header;
  HeimdallPolicy heimdall_transaction;
  RootChainPolicy root_chain_transaction;
};

/// Where and why a policy file is refused.
struct PolicyError {
  std::uint32_t line = 0;  ///< from 1; 0: the file as a whole
  std::uint32_t column = 0;
  std::string setting;   ///< "consensus.max_height_jump"
  std::string expected;  ///< "an integer from 1 to 1000000000"
  std::string found;

  friend bool operator==(const PolicyError&, const PolicyError&) = default;
};

/// "LINE:COLUMN: SETTING: expected EXPECTED, found FOUND".
std::string describe(const PolicyError& error);

/// Most bytes of a policy file.
inline constexpr std::size_t kMaxPolicyBytes = 64 * 1024;

/// Unknown settings, sections and types, values out of range and missing required settings are
/// errors. What is not written has the default of the structs above.
Result<Policy, PolicyError> parse_policy(std::string_view text);

/// Every setting with its value, one a line, in a fixed order: two policies are equal if and only
/// if these texts are.
std::string canonical_text(const Policy& policy);

/// SHA-256 of the canonical text: what status, metrics and audit log show.
Hash256 policy_hash(const Policy& policy);

/// What a change of policy does to what the key may sign.
enum class PolicyChange : std::uint8_t {
  kEqual,
  kNarrower,  ///< nothing becomes allowed that was not; may take effect at once
  kWider,     ///< something becomes allowed, or it cannot be told: needs two administrators
};

struct PolicyComparison {
  PolicyChange change = PolicyChange::kEqual;
  /// The settings that widen, with old and new value: "consensus.max_height_jump: 10 -> 20".
  std::vector<std::string> widened;
};

PolicyComparison compare(const Policy& before, const Policy& after);

}  // namespace buri::hsm::rules
