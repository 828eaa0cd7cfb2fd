#include "node/consensus/runtime/address.hpp"

#include <algorithm>
#include <span>

#include "accel/hasher.hpp"
#include "base/hex.hpp"

namespace buri::consensus::runtime {
namespace {

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Pairs of digits until one is none.
Bytes leading_bytes(std::string_view digits) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    const int high = digit_value(digits[i]);
    const int low = digit_value(digits[i + 1]);
    if (high < 0 || low < 0) break;
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return bytes;
}

Hash256 digest(decltype(accel::Hasher::sha256_batch) function, ByteView message) {
  Hash256 result;
  function(std::span(&message, 1), std::span(&result, 1));
  return result;
}

}  // namespace

Outcome<Address> parse_address(std::string_view text) {
  const bool is_blank = std::ranges::all_of(text, [](char c) {
    return std::string_view(" \t\n\v\f\r").find(c) != std::string_view::npos;
  });
  if (is_blank) return Failure{plain_error("empty address string is not allowed")};
  std::string digits(text);
  if (digits.size() >= 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X')) {
    digits.erase(0, 2);
  }
  if (digits.size() % 2 == 1) digits.insert(0, "0");
  const Bytes bytes = leading_bytes(digits);
  if (bytes.empty()) {
    return Failure{sdk_error(SdkCode::kUnknownAddress, "addresses cannot be empty")};
  }
  if (bytes.size() != Address::kSize) {
    return Failure{sdk_error(SdkCode::kUnknownAddress, "invalid address")};
  }
  return Address::from(bytes);
}

std::string to_text(const Address& address) { return "0x" + to_hex(address); }

std::string format_address(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\v\f\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return "0x";
  text = text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower.starts_with("0x") ? lower : "0x" + lower;
}

Address module_address(std::string_view module) {
  const Hash256 hash = digest(accel::scalar_hasher().sha256_batch, as_bytes(module));
  return Address::from(ByteView(hash).first(Address::kSize));
}

Address address_of_key(ByteView uncompressed_key) {
  CHECK(uncompressed_key.size() == 65, "an uncompressed key has 65 bytes");
  const Hash256 hash = digest(accel::scalar_hasher().keccak256_batch, uncompressed_key.subspan(1));
  return Address::from(ByteView(hash).last(Address::kSize));
}

}  // namespace buri::consensus::runtime
