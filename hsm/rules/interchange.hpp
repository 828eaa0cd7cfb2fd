#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "hsm/rules/record.hpp"

/// Sign-state as files: taken over from other signers, given to them, and moved between signers of
/// ours (docs/formats/sign-state-interchange.md). Reading is strict and never guesses low: where a
/// file does not say what was signed at a height, the whole height counts as signed.

namespace buri::hsm::rules {

/// Reads CometBFT's priv_validator_state.json. The sign bytes must agree with its height, round and
/// step and be for `chain_id`; then the last signature is replayed as CometBFT would. A file that
/// has signed nothing yet (height 0) is an error: starting is another act than importing.
Result<ConsensusRecord, JsonError> import_file_pv(std::string_view json, std::string_view chain_id);

/// The same file for a stock daemon. Without sign bytes if the record has none.
std::string export_file_pv(const ConsensusRecord& record);

/// Reads a state file of tmkms. It holds no signature, so signing goes on at the next height.
Result<ConsensusRecord, JsonError> import_tmkms(std::string_view json);

/// Everything that a signer remembers for one key, on its way to another signer.
struct SignState {
  Address key;
  std::vector<Record> records;  ///< at most one per ledger, ascending

  friend bool operator==(const SignState&, const SignState&) = default;
};

/// Whoever exports has to fence itself off first: two signers that go on from the same state can
/// contradict each other.
std::string export_sign_state(const SignState& state);

/// Errors name the field; a checksum catches edited and truncated files.
Result<SignState, JsonError> import_sign_state(std::string_view json);

}  // namespace buri::hsm::rules
