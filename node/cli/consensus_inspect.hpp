#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "node/cli/consensus_output.hpp"

/// `buri consensus inspect store|key|tx|ve`: what stands in a home, and what raw bytes mean.

namespace buri::cli {

struct InspectStoreArguments {
  std::string home;
  std::string store;        ///< empty: all
  std::int64_t height = 0;  ///< 0: the newest
};
/// Roots of a height, and how many keys and bytes each store has there.
AnswerResult inspect_store(const InspectStoreArguments& arguments);

struct InspectKeyArguments {
  std::string home;
  std::string store;
  std::string key;  ///< hex, or any text if key_is_text
  bool key_is_text = false;
  bool with_proof = false;
  std::int64_t height = 0;  ///< 0: the newest
};
/// The value of a key, in words where its table is known, with the height that wrote it; a key that
/// is not there is a negative answer. The proof is the one of /abci_query.
AnswerResult inspect_key(const InspectKeyArguments& arguments);

struct InspectTxArguments {
  std::string input;  ///< as read_bytes() takes it
  std::string home;   ///< tells chain id, account number and key; may be empty
  std::string chain_id;
  std::optional<std::uint64_t> account_number;
};
/// A transaction as the strict decoder sees it; the sign bytes of its signer as far as chain and
/// account are known. One that does not decode is a negative answer.
AnswerResult inspect_tx(const InspectTxArguments& arguments);

/// What the bytes of `inspect ve` are taken for.
enum class ExtensionKind : std::uint8_t {
  kAny,        ///< whichever they decode as
  kExtension,  ///< a vote's ordinary extension
  kCommit,     ///< the extended commit that heads a block's transactions
  kNonRp       ///< the extension that the root chain can check
};
struct InspectVeArguments {
  std::string input;
  ExtensionKind kind = ExtensionKind::kAny;
};
/// A vote extension in words; bytes that are none are a negative answer.
AnswerResult inspect_ve(const InspectVeArguments& arguments);

}  // namespace buri::cli
