#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/consensus/engine/validator_set.hpp"
#include "node/consensus/engine/vote.hpp"
#include "tests/support/accel/signer.hpp"

/// The keys of a chain whose validators are one node under test and a crowd: all drawn from one
/// seed, so that the program that makes the node's home and the one that plays the crowd agree.

namespace buri::bench {

struct CrowdOptions {
  std::size_t members = 99;  ///< of power kMemberPower each
  /// The node's power, in members' powers: it proposes every (members + node_power) / node_power
  /// heights, and needs the crowd for what its own power lacks of two thirds.
  std::int64_t node_power = 11;
  std::uint64_t seed = 1;
};

inline constexpr std::int64_t kMemberPower = 1'000;
inline constexpr std::string_view kCrowdChainId = "heimdall-crowd";

/// Everybody's keys. Not thread-safe.
class CrowdMembers {
 public:
  explicit CrowdMembers(const CrowdOptions& options);

  [[nodiscard]] const Address& node() const { return node_; }
  /// Whose key the node has, as a stock priv_validator_key.json.
  [[nodiscard]] std::string node_key_file() const;
  /// A genesis that takes everything but the validators from `base_genesis`, another's text.
  [[nodiscard]] std::string genesis(std::string_view base_genesis) const;

  /// R, S, V of a member. REQUIRES: a validator of the chain.
  [[nodiscard]] Bytes sign(const Address& validator, ByteView message) const;
  /// The votes of all members of `validators` but the node, with their signatures; `prototype` says
  /// all but who votes and when. Where it has extensions they are signed as well.
  [[nodiscard]] std::vector<consensus::engine::Vote> votes(
      const consensus::engine::Vote& prototype,
      const consensus::engine::ValidatorSet& validators) const;

 private:
  const CrowdOptions options_;
  Hash256 node_secret_;
  std::vector<accel::Signer> signers_;  ///< the node's first
  std::vector<Address> addresses_;      ///< theirs
  Address node_;
};

/// The time of day, as votes carry it.
consensus::engine::Timestamp wall_time();

}  // namespace buri::bench
