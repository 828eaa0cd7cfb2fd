#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json_cursor.hpp"
#include "node/consensus/engine/types.hpp"
#include "node/consensus/engine/validator.hpp"
#include "node/consensus/iavl/proof.hpp"

/// Reads the answers of CometBFT's RPC (spec/cometbft.md 7): /commit, /validators, /abci_query.
/// Strict: unknown fields, other spellings of a value and values out of range are errors that name
/// the field. Whether the values are true is not asked here.

namespace buri::consensus::api {

using engine::BlockId;
using engine::BlockIdFlag;
using engine::Commit;
using engine::CommitSig;
using engine::Header;
using engine::OptionalHash;
using engine::PartSetHeader;
using engine::PublicKeyBytes;
using engine::Timestamp;
using engine::Validator;
using iavl::ProofOperation;

/// A header and the commit that decided it.
struct SignedHeader {
  Header header;
  Commit commit;
};

/// One page of /validators; the whole set may take several.
struct ValidatorsPage {
  std::int64_t block_height = 0;
  std::vector<Validator> validators;
  std::int64_t total = 0;  ///< members of the whole set
};

/// The answer to an /abci_query.
struct AbciQueryAnswer {
  std::uint64_t code = 0;  ///< 0 is success
  std::string log;
  std::string info;
  std::string codespace;
  std::int64_t index = 0;
  Bytes key;
  Bytes value;  ///< empty when the key is absent
  std::vector<ProofOperation> proof;
  std::int64_t height = 0;  ///< the header of height + 1 carries the app hash proven against
};

/// Steps through {"jsonrpc", "id", "result"} to the result; anything else is itself the result. An
/// answer with "error" is an error that quotes it.
Result<JsonCursor, JsonError> rpc_result(const JsonCursor& answer);

/// RFC 3339 as Go prints it: "2026-10-01T02:56:31.101774555Z", UTC, no trailing zeros in the
/// fraction, years 0001 to 9999.
Result<Timestamp, JsonError> decode_timestamp(const JsonCursor& cursor);

/// The object {"header", "commit"}.
Result<SignedHeader, JsonError> decode_signed_header(const JsonCursor& cursor);

/// One member of a set as /validators and evidence list it.
Result<Validator, JsonError> decode_validator(const JsonCursor& cursor);

/// The result of /validators: {"block_height", "validators", "total"} and, on a page, "count".
Result<ValidatorsPage, JsonError> decode_validators(const JsonCursor& cursor);

/// The response of /abci_query.
Result<AbciQueryAnswer, JsonError> decode_abci_query(const JsonCursor& cursor);

/// CometBFT's bound on the members of a set (MaxVotesCount).
inline constexpr std::size_t kMaxValidators = 10'000;

}  // namespace buri::consensus::api
