#include "hsm/wire/purpose.hpp"

namespace buri::hsm::wire {

std::string_view purpose_name(Purpose purpose) {
  switch (purpose) {
    case Purpose::kProposal:
      return "proposal";
    case Purpose::kVote:
      return "vote";
    case Purpose::kVoteExtension:
      return "vote_extension";
    case Purpose::kPlainExtension:
      return "plain_extension";
    case Purpose::kBorHeader:
      return "bor_header";
    case Purpose::kHeimdallTransaction:
      return "heimdall_transaction";
    case Purpose::kRootChainTransaction:
      return "root_chain_transaction";
    case Purpose::kProofOfPossession:
      return "proof_of_possession";
  }
  return "unknown";
}

std::optional<Purpose> purpose_from_name(std::string_view name) {
  for (const Purpose purpose : kAllPurposes) {
    if (purpose_name(purpose) == name) return purpose;
  }
  return std::nullopt;
}

}  // namespace buri::hsm::wire
