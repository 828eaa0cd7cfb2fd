#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

/// What a signature is for. Policy, metrics and the audit log speak of purposes by these names.

namespace buri::hsm::wire {

/// One value per form of bytes that the key signs (signer.md 2). Values are on the wire and in the
/// audit log: never reuse one.
enum class Purpose : std::uint8_t {
  kProposal = 1,
  kVote = 2,            ///< prevote and precommit
  kVoteExtension = 3,   ///< canonical: bound to height, round and chain id
  kPlainExtension = 4,  ///< signed raw, without replay protection: dummy or checkpoint
  kBorHeader = 5,
  kHeimdallTransaction = 6,
  kRootChainTransaction = 7,
  kProofOfPossession = 8,
};
inline constexpr std::size_t kPurposeCount = 8;

/// Every purpose, ascending.
inline constexpr std::array<Purpose, kPurposeCount> kAllPurposes{Purpose::kProposal,
                                                                 Purpose::kVote,
                                                                 Purpose::kVoteExtension,
                                                                 Purpose::kPlainExtension,
                                                                 Purpose::kBorHeader,
                                                                 Purpose::kHeimdallTransaction,
                                                                 Purpose::kRootChainTransaction,
                                                                 Purpose::kProofOfPossession};

/// Lower-case name with underscores: "vote_extension".
std::string_view purpose_name(Purpose purpose);

/// The purpose of that name; nothing if there is none.
std::optional<Purpose> purpose_from_name(std::string_view name);

}  // namespace buri::hsm::wire
