#pragma once

#include <string>

#include "hsm/rules/decide.hpp"
#include "hsm/wire/request.hpp"

/// A key, a policy with every purpose enabled, and requests that pass under it.

namespace buri::hsm::rules::testing {

inline constexpr std::int64_t kNow = 1'790'000'000;  ///< Unix seconds of every sample
inline constexpr std::string_view kChainId = "heimdall-test";

/// Address and public key are made up: the rules never check that one is of the other.
inline constexpr Address kAddress{{0xaa, 1, 2, 3}};

/// Every purpose on, caps small enough to be reached.
Policy open_policy();

/// What decide() needs, with its own policy to change.
struct World {
  Policy policy = open_policy();
  Ledgers ledgers{start_consensus(100), start_bor(1000), start_heimdall(7), start_root_chain(3)};
  std::int64_t now = kNow;
  unsigned approvals = 0;
  bool ceremony = false;

  [[nodiscard]] Context context() const;
  /// The decision alone.
  [[nodiscard]] Decision ask(const wire::RequestBody& request) const;
  /// The decision, its record taken over and every slot signed with a made-up signature.
  Decision sign(const wire::RequestBody& request);
};

/// The signature that sign() makes over a digest: its bytes repeated.
wire::Signature made_up_signature(const Hash256& digest);

/// "granted", "replayed", or the name of the broken rule.
std::string outcome(const Decision& decision);

Hash256 hash_of(std::uint64_t seed);
wire::BlockId block(std::uint64_t seed);

wire::SignProposal proposal_at(std::int64_t height, std::int32_t round);
/// For block(1), without extensions.
wire::SignVote vote_at(std::int64_t height, std::int32_t round, wire::VoteType type);
/// A precommit for block(1) with the extension of its block and the dummy.
wire::SignVote precommit_at(std::int64_t height, std::int32_t round);
/// Fills in the extension that belongs to the vote; `responses` side transactions.
void extend(wire::SignVote& vote, std::size_t responses);

wire::Checkpoint checkpoint(std::uint64_t start, std::uint64_t end);
wire::SignBorHeader bor_header(std::uint64_t number, const Hash256& parent);
wire::SignHeimdallTransaction heimdall_transaction(std::uint64_t sequence);
/// A call that the policy lists, at that nonce.
wire::SignRootChainTransaction root_chain_call(std::uint64_t nonce);
/// submitCheckpoint of checkpoint(start, end).
wire::SignRootChainTransaction submit_checkpoint(std::uint64_t nonce, std::uint64_t start,
                                                 std::uint64_t end);

}  // namespace buri::hsm::rules::testing
