#include "node/protocol/json_rpc/values.hpp"

#include <array>
#include <charconv>

#include "base/hex.hpp"

namespace buri::protocol::json_rpc {
namespace {

constexpr std::string_view kPrefix = "0x";
constexpr std::size_t kMaxDigits = 64;

}  // namespace

Result<Bytes, JsonError> read_data(const JsonCursor& cursor) {
  ASSIGN_OR_RETURN(const std::string_view text, cursor.string());
  // from_hex would take a second prefix.
  const bool is_prefixed = text.starts_with(kPrefix) && !text.substr(2).starts_with(kPrefix);
  auto bytes = is_prefixed ? from_hex(text) : std::nullopt;
  if (!bytes) return Failure{cursor.error("0x and pairs of hex digits")};
  return *std::move(bytes);
}

Result<U256, JsonError> read_u256(const JsonCursor& cursor) {
  ASSIGN_OR_RETURN(const std::string_view text, cursor.string());
  const auto error = [&] { return Failure{cursor.error("0x and an integer in hex")}; };
  if (!text.starts_with(kPrefix)) return error();
  const std::string_view digits = text.substr(kPrefix.size());
  if (digits.empty() || digits.size() > kMaxDigits || (digits.size() > 1 && digits[0] == '0')) {
    return error();
  }
  const auto bytes = from_hex((digits.size() % 2 != 0 ? "0x0" : "0x") + std::string(digits));
  if (!bytes) return error();
  return U256::from_big_endian(*bytes).value();
}

Result<std::uint64_t, JsonError> read_uint64(const JsonCursor& cursor) {
  ASSIGN_OR_RETURN(const U256 value, read_u256(cursor));
  const auto number = value.to_uint64();
  if (!number) return Failure{cursor.error("an integer below 2^64")};
  return *number;
}

std::optional<JsonCursor> optional_member(const JsonCursor& object, std::string_view key) {
  auto member = object.member(key);
  if (!member.ok() || member->is_null()) return std::nullopt;
  return std::move(member).value();
}

std::string data_text(ByteView bytes) { return "\"0x" + to_hex(bytes) + "\""; }

std::string quantity_text(std::uint64_t number) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), number, 16).ptr;
  return "\"0x" + std::string(digits.begin(), end) + "\"";
}

}  // namespace buri::protocol::json_rpc
