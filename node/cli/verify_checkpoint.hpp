#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accel/engine.hpp"
#include "base/json_cursor.hpp"
#include "node/bridge/checkpoint.hpp"
#include "node/bridge/exit_proof.hpp"
#include "node/cli/report.hpp"

/// Checkpoints: roots over Bor headers, and exit proofs under them.

namespace buri::cli {

/// Checks the bundled text of vectors: "leaf NUMBER TIME TXROOT RECEIPTROOT LEAF", "root COUNT ROOT
/// proof of last PROOF" and "zero HEIGHT NODE" lines. A line of another shape is an error.
Result<Report, JsonError> check_checkpoint_vectors(accel::Engine& crypto,
                                                   const std::string& subject,
                                                   std::string_view text);

/// An exit payload with the values that its file says it holds.
struct ExitInput {
  Bytes payload;
  std::string header_number;
  std::string block_number;
  std::string block_time;
  Hash256 transactions_root;
  Hash256 receipts_root;
  Hash256 leaf;
  Bytes block_proof;
  std::optional<std::uint64_t> start;  ///< first block of the checkpoint, if known
  std::optional<Hash256> root;         ///< the checkpoint's root on Ethereum, if known
};
Result<ExitInput, JsonError> decode_exit_input(const JsonCursor& document);

/// What an exit payload was found to prove.
struct ExitFacts {
  bridge::ExitProof proof;
  bridge::ExitLog log;
};
/// Checks the payload against the file's own values, the receipt in its trie, the log, the leaf,
/// and the root when it is known. Nothing when the payload does not decode or the receipt fails.
std::optional<ExitFacts> check_exit(accel::Engine& crypto, const std::string& subject,
                                    const ExitInput& input, Report& report);

/// Bor headers as eth_getBlockByNumber returns them: an array of headers or of enveloped answers,
/// or
/// {"headers": [...], "root": "0x..."}. Only number, timestamp and the two roots are read.
struct HeadersInput {
  std::vector<bridge::CheckpointHeader> headers;
  std::optional<Hash256> root;
};
Result<HeadersInput, JsonError> decode_headers(const JsonCursor& document);

/// `buri verify checkpoint FILE [--root HEX]`.
struct CheckpointOptions {
  std::string file;
  std::string root;  ///< empty: the file's own
};
Outcome verify_checkpoint_file(accel::Engine& crypto, const CheckpointOptions& options);

}  // namespace buri::cli
