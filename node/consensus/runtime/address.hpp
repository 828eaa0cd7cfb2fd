#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "node/consensus/runtime/error.hpp"

/// Addresses in the application's text form (spec/heimdall.md 1).

namespace buri::consensus::runtime {

/// Reads an address as the stock daemon does: lower-cased, "0x" optional, an odd number of digits
/// gets a zero in front, and what follows the first byte that is no hex is ignored. Errors: "sdk" 9
/// unless twenty bytes come out of it; code 1 for blank text.
Outcome<Address> parse_address(std::string_view text);
/// "0x" and forty lower-case digits.
std::string to_text(const Address& address);
/// A text as the stock daemon keys validators and accounts by it: outer white space dropped, lower
/// case, with "0x" in front. Nothing is checked.
std::string format_address(std::string_view text);
/// The account of a module: the front of the hash of its name.
Address module_address(std::string_view module);
/// Who owns a key. REQUIRES: 65 bytes.
Address address_of_key(ByteView uncompressed_key);

}  // namespace buri::consensus::runtime
