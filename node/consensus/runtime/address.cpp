#include "node/consensus/runtime/address.hpp"

#include <span>

#include "accel/hasher.hpp"
#include "base/hex.hpp"
#include "node/consensus/runtime/go_text.hpp"

namespace buri::consensus::runtime {
namespace {

Hash256 digest(decltype(accel::Hasher::sha256_batch) function, ByteView message) {
  Hash256 result;
  function(std::span(&message, 1), std::span(&result, 1));
  return result;
}

}  // namespace

Outcome<Address> parse_address(std::string_view text) {
  // As the application writes addresses; what it reads from elsewhere takes the longer way. Forty
  // characters that begin with a second "0x" do not make twenty bytes.
  if (text.size() == 2 + 2 * Address::kSize && text.starts_with("0x")) {
    if (const auto address = fixed_from_hex<Address::kSize>(text.substr(2))) return *address;
  }
  if (trim_space(text).empty()) {
    return Failure{plain_error("empty address string is not allowed")};
  }
  const Bytes bytes = lenient_hex(text);
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
  std::string lower(trim_space(text));
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
