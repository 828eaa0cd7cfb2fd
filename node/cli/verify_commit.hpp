#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accel/engine.hpp"
#include "base/json_cursor.hpp"
#include "node/cli/report.hpp"
#include "node/consensus/api/rpc_json.hpp"
#include "node/consensus/engine/key_set_cache.hpp"
#include "node/consensus/engine/verify_commit.hpp"

/// Commits: from the JSON of a node or of the bundled files to checked rules.

namespace buri::cli {

/// What the checks compute with. One per run; not thread-safe.
struct Verifier {
  accel::Engine& crypto;
  consensus::engine::KeySetCache key_sets;
};

/// A signed header and, once known, the validators of its height.
struct CommitInput {
  std::string subject;
  consensus::api::SignedHeader signed_header;
  std::optional<consensus::api::ValidatorsPage> validators;
};

/// Reads {"signed_header", "canonical", "validator_set"?}, {"commits": [...]} of these, or the
/// answer of /commit, enveloped or bare.
Result<std::vector<CommitInput>, JsonError> decode_commits(const std::string& subject,
                                                           const JsonCursor& document);

/// Reads one page of /validators, enveloped or bare.
Result<consensus::api::ValidatorsPage, JsonError> decode_validators_page(
    const JsonCursor& document);

/// How strictly signatures are read.
enum class VByte : std::uint8_t {
  kMustRecover,  ///< V must be the one that recovers the signer, as every honest signer writes it
  kIgnored       ///< any V, as consensus has it
};

/// Applies every rule of a commit. The set is returned for further checks when it is one.
/// REQUIRES: input.validators.
std::optional<consensus::engine::ValidatorSet> check_commit(Verifier& verifier,
                                                            const CommitInput& input, VByte v_byte,
                                                            Report& report);

/// `buri verify commit FILE [--validators FILE...]`.
struct CommitOptions {
  std::string file;
  std::vector<std::string> validators;
  VByte v_byte = VByte::kMustRecover;
};
Outcome verify_commit_files(Verifier& verifier, const CommitOptions& options);

}  // namespace buri::cli
