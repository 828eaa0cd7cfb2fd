#include <limits>

#include "base/hex.hpp"
#include "node/execution/chain/config.hpp"

/// Values of genesis files, in the forms that go-ethereum takes.

namespace buri::execution::chain {
namespace {

std::optional<U256> parse_hex_number(std::string_view digits) {
  if (digits.empty() || digits.size() > 64) return std::nullopt;
  const std::string even = (digits.size() % 2 == 1 ? "0" : "") + std::string(digits);
  const auto bytes = from_hex("0x" + even);
  return bytes ? U256::from_big_endian(*bytes) : std::nullopt;
}

/// A storage word: hex of at most 32 bytes, aligned to the right.
std::optional<U256> parse_word(std::string_view text) {
  return text.starts_with("0x") || text.starts_with("0X") ? parse_hex_number(text.substr(2))
                                                          : parse_hex_number(text);
}

Result<std::map<U256, U256>, JsonError> read_storage(const JsonCursor& storage) {
  std::map<U256, U256> slots;
  for (const JsonValue& child : storage.value().children) {
    ASSIGN_OR_RETURN(const JsonCursor entry, storage.member(child.key));
    const auto key = parse_word(child.key);
    const auto value = parse_word(child.text);
    if (!key || !value) return Failure{entry.error("words of at most 32 bytes in hex")};
    if (*value != U256{}) slots[*key] = *value;
  }
  return slots;
}

Result<AllocAccount, JsonError> read_account(const JsonCursor& entry) {
  AllocAccount account;
  if (entry.has("balance")) {
    ASSIGN_OR_RETURN(const JsonCursor balance, entry.member("balance"));
    ASSIGN_OR_RETURN(account.balance, read_number(balance));
  }
  if (entry.has("nonce")) {
    ASSIGN_OR_RETURN(const JsonCursor nonce, entry.member("nonce"));
    ASSIGN_OR_RETURN(account.nonce, read_uint64(nonce));
  }
  if (entry.has("code")) {
    ASSIGN_OR_RETURN(const JsonCursor code, entry.member("code"));
    ASSIGN_OR_RETURN(account.code, read_data(code));
  }
  if (entry.has("storage")) {
    ASSIGN_OR_RETURN(const JsonCursor storage, entry.member("storage"));
    ASSIGN_OR_RETURN(account.storage, read_storage(storage));
  }
  return account;
}

}  // namespace

Result<U256, JsonError> read_number(const JsonCursor& value) {
  const std::string& text = value.value().text;
  const bool is_text = value.value().kind == JsonValue::Kind::kString;
  std::optional<U256> number;
  if (is_text || value.value().kind == JsonValue::Kind::kNumber) {
    const bool is_hex = is_text && (text.starts_with("0x") || text.starts_with("0X"));
    number = is_hex ? parse_hex_number(std::string_view(text).substr(2)) : U256::from_decimal(text);
    if (is_text && text.empty()) number = U256{};
  }
  if (!number) return Failure{value.error("a number below 2^256, decimal or hex with 0x")};
  return *number;
}

Result<std::uint64_t, JsonError> read_uint64(const JsonCursor& value) {
  ASSIGN_OR_RETURN(const U256 number, read_number(value));
  const auto small = number.to_uint64();
  if (!small) return Failure{value.error("a number below 2^64")};
  return *small;
}

Result<Bytes, JsonError> read_data(const JsonCursor& value) {
  ASSIGN_OR_RETURN(const std::string_view text, value.string());
  if (text.empty()) return Bytes{};
  auto bytes = from_hex(text);
  if (!bytes || !text.starts_with("0x")) return Failure{value.error("hex with 0x")};
  return *std::move(bytes);
}

Result<Address, JsonError> read_address(const JsonCursor& value) {
  ASSIGN_OR_RETURN(const std::string_view text, value.string());
  const auto address = fixed_from_hex<20>(text);
  if (!address) return Failure{value.error("an address of 20 bytes in hex")};
  return *address;
}

Result<Alloc, JsonError> read_alloc(const JsonCursor& alloc) {
  if (alloc.value().kind != JsonValue::Kind::kObject) return Failure{alloc.error("an object")};
  Alloc accounts;
  for (const JsonValue& child : alloc.value().children) {
    // Looking each member up by its name would take a time that grows with the square.
    const JsonCursor entry(child);
    const auto address = fixed_from_hex<20>(child.key);
    if (!address) {
      return Failure{
          JsonError{alloc.path(), "addresses of 20 bytes in hex", "\"" + child.key + "\""}};
    }
    auto account = read_account(entry);
    if (!account.ok()) {
      JsonError error = std::move(account).error();
      error.path = alloc.path() + "." + child.key + "." + error.path;
      return Failure{std::move(error)};
    }
    if (!accounts.emplace(*address, std::move(account).value()).second) {
      return Failure{JsonError{alloc.path(), "each address once", child.key + " twice"}};
    }
  }
  return accounts;
}

}  // namespace buri::execution::chain
