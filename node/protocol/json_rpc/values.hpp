#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/json_cursor.hpp"
#include "base/u256.hpp"

/// The values of Ethereum's JSON-RPC (https://ethereum.github.io/execution-apis): byte strings and
/// integers in hexadecimal, with 0x. Letters of either case are taken, as servers differ in them.

namespace buri::protocol::json_rpc {

/// Bytes of any length.
Result<Bytes, JsonError> read_data(const JsonCursor& cursor);

/// Exactly N bytes.
template <std::size_t N>
Result<FixedBytes<N>, JsonError> read_fixed(const JsonCursor& cursor) {
  ASSIGN_OR_RETURN(const Bytes bytes, read_data(cursor));
  if (bytes.size() != N) return Failure{cursor.error(std::to_string(N) + " bytes")};
  return FixedBytes<N>::from(bytes);
}

/// An integer without leading zeros, below 2^256.
Result<U256, JsonError> read_u256(const JsonCursor& cursor);
/// The same, below 2^64.
Result<std::uint64_t, JsonError> read_uint64(const JsonCursor& cursor);

/// The member of that name; nothing if it is missing or null. REQUIRES: `object` is an object.
std::optional<JsonCursor> optional_member(const JsonCursor& object, std::string_view key);

/// A JSON string: 0x and the bytes.
std::string data_text(ByteView bytes);
/// A JSON string: 0x and the number without leading zeros.
std::string quantity_text(std::uint64_t number);

}  // namespace buri::protocol::json_rpc
