#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// Why something is not signed: the rule that was broken, the field that broke it, what the rule
/// wanted there and what stood there.

namespace buri::hsm::wire {

/// One value per rule; each is a counter. The numbers are signer.md's sections. Values are on the
/// wire: never reuse one.
enum class Rule : std::uint8_t {
  // The form of a request.
  kEncoding = 1,     ///< not the one accepted encoding of a request
  kUnsupported = 2,  ///< protocol version or capability that this signer does not speak
  kMalformed = 3,    ///< decodes, but no such thing can be signed by any policy
  // Who and what may be asked at all.
  kPurposeDisabled = 10,
  kWrongSocket = 11,  ///< this socket does not serve that purpose
  kSignerState = 12,  ///< locked, standby, draining or halted
  kApproval = 13,     ///< needs two administrators
  kRateLimit = 14,
  kDailyBudget = 15,
  kChain = 16,     ///< another chain id than the policy's
  kIdentity = 17,  ///< another validator, account or key than ours
  kDeadline = 18,  ///< the answer would come too late to be of use
  // 6.1 votes and proposals
  kHeightRegression = 20,  ///< (height, round, step) below the last one signed
  kEquivocation = 21,      ///< same (height, round, step), other content
  kHeightJump = 22,        ///< too far above the last one signed: poisoning
  kClock = 23,
  kVoteExtension = 24,  ///< the extension does not belong to this vote or breaks a limit
  kExtensionTier = 25,  ///< another extension for a height and round already signed
  // 6.2 the extension without replay protection
  kPlainExtension = 30,  ///< neither the exact dummy nor a checkpoint
  kCheckpointRange = 31,
  kCheckpointConflict = 32,
  // 6.3 Heimdall transactions
  kMessageType = 40,
  kMessageContent = 41,
  kFee = 42,
  kAccountNumber = 43,
  kSequence = 44,
  // 6.4 Bor headers
  kHeaderForm = 50,
  kNumberJump = 51,
  kBorEquivocation = 52,  ///< same number and parent, other content
  kForkEvidence = 53,     ///< another branch without proof that it keeps the milestone
  kMilestone = 54,        ///< at or below the milestone, or milestones that contradict each other
  kReorgLimit = 55,
  kUnknownHeader = 56,  ///< too old to know whether it contradicts
  // 6.5 root chain transactions
  kDestination = 60,        ///< contract or selector not on the list
  kCheckpointUnknown = 61,  ///< a checkpoint whose extension this key has not signed
  kCalldata = 62,
  kGas = 63,
  kNonce = 64,
  kReplacement = 65,  ///< same nonce, but no fee bump of the same transaction
  // ceremonies
  kCeremony = 70,
};

/// Lower-case name with underscores: "height_regression". "unknown" for no value of the enum.
std::string_view rule_name(Rule rule);

/// A refusal. Changes nothing: whoever is refused may ask for something else.
struct Refusal {
  Rule rule{};
  std::string field;     ///< path in the request: "vote.block_id.hash"
  std::string expected;  ///< "at least 1042"
  std::string found;     ///< "1041"

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// "RULE: FIELD: expected EXPECTED, found FOUND".
std::string describe(const Refusal& refusal);

}  // namespace buri::hsm::wire
