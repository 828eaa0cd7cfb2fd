#include "hsm/pkcs11/signing_device.hpp"

#include "base/check.hpp"

namespace buri::hsm::pkcs11 {

std::string_view purpose_name(SigningPurpose purpose) {
  switch (purpose) {
    case SigningPurpose::kProposal:
      return "proposal";
    case SigningPurpose::kVote:
      return "vote";
    case SigningPurpose::kVoteExtension:
      return "vote_extension";
    case SigningPurpose::kPlainExtension:
      return "plain_extension";
    case SigningPurpose::kBorHeader:
      return "bor_header";
    case SigningPurpose::kHeimdallTransaction:
      return "heimdall_transaction";
    case SigningPurpose::kRootChainTransaction:
      return "root_chain_transaction";
    case SigningPurpose::kProofOfPossession:
      return "proof_of_possession";
    case SigningPurpose::kProbe:
      return "probe";
  }
  CHECK(false, "a SigningPurpose has a name");
}

std::string_view fault_name(SigningFault fault) {
  switch (fault) {
    case SigningFault::kLocked:
      return "locked";
    case SigningFault::kUnavailable:
      return "unavailable";
    case SigningFault::kDeadline:
      return "deadline";
    case SigningFault::kDevice:
      return "device";
    case SigningFault::kBadSignature:
      return "bad_signature";
    case SigningFault::kNotStored:
      return "not_stored";
  }
  CHECK(false, "a SigningFault has a name");
}

}  // namespace buri::hsm::pkcs11
