#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accel/engine.hpp"
#include "base/json_cursor.hpp"
#include "node/cli/report.hpp"
#include "node/consensus/api/rpc_json.hpp"

/// State proofs: that a value stood in Heimdall's state at a height.

namespace buri::cli {

/// What an answer's proof chain was found to say; empty where it does not hold.
struct StateProofFacts {
  std::optional<Hash256> store_root;  ///< root of the module's IAVL tree
  std::size_t store_steps = 0;        ///< path steps within it
  std::size_t multistore_steps = 0;
  std::string store;  ///< "milestone"
};

/// Checks a query answer's two proofs up to the app hash.
StateProofFacts check_state_proof(accel::Engine& crypto, const std::string& subject,
                                  const consensus::api::AbciQueryAnswer& answer,
                                  const Hash256& app_hash, Report& report);

/// A named answer of a file.
struct StateProofInput {
  std::string subject;
  consensus::api::AbciQueryAnswer answer;
};
/// What a file of proofs holds.
struct StateProofFile {
  std::vector<StateProofInput> answers;
  std::optional<Hash256> app_hash;            ///< of the bundled form
  std::optional<std::int64_t> header_height;  ///< of the bundled form
};

/// Reads the bundled form {"header_height", "app_hash", "responses": {NAME: answer}} or the answer
/// of /abci_query, enveloped or bare.
Result<StateProofFile, JsonError> decode_state_proofs(const std::string& subject,
                                                      const JsonCursor& document);

/// `buri verify proof FILE [--app-hash HEX]`.
struct ProofOptions {
  std::string file;
  std::string app_hash;  ///< empty: the file's own
};
Outcome verify_proof_file(accel::Engine& crypto, const ProofOptions& options);

}  // namespace buri::cli
