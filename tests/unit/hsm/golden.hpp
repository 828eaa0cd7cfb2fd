#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "hsm/wire/request.hpp"
#include "hsm/wire/response.hpp"

/// Recorded sign bytes and signatures of the stock daemons (tests/golden/signer), and what it takes
/// to check them. Every function aborts on data that is not as its README says.

namespace buri::testing {

/// The objects of a file with one JSON value a line.
std::vector<JsonValue> golden_lines(std::string_view name);
/// The whole file.
std::string golden_signer_text(std::string_view name);

/// The text under `key`.
const std::string& text_of(const JsonValue& object, std::string_view key);
/// The bytes under `key`, which are hex; empty if there is no such key.
Bytes hex_of(const JsonValue& object, std::string_view key);
/// The number under `key`.
std::int64_t number_of(const JsonValue& object, std::string_view key);

/// A recorded prevote or precommit as a request, for the chain heimdall-gold-b.
hsm::wire::SignVote recorded_vote(const JsonValue& line);
/// A recorded proposal likewise.
hsm::wire::SignProposal recorded_proposal(const JsonValue& line);

/// The transaction that a recorded TxRaw carries.
hsm::wire::HeimdallTransaction recorded_transaction(const JsonValue& line);

Hash256 keccak256(ByteView message);
/// The address whose key made `signature` (65 bytes) over `digest`; zero if none did.
Address signer_of(const Hash256& digest, ByteView signature);

}  // namespace buri::testing
