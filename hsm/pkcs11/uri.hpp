#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// PKCS#11 URIs (RFC 7512), restricted to what names one private key safely. Slots are found by
/// token label and serial number, never by slot id, which some modules draw anew at each start.
///
/// Refused although the RFC allows them: a PIN in the URI (pin-value), unknown and repeated
/// attributes, attributes that choose by slot or library, empty values.

namespace buri::hsm::pkcs11 {

/// The parts of a URI; absent ones match anything.
struct KeyUri {
  std::optional<std::string> token;
  std::optional<std::string> serial;
  std::optional<std::string> manufacturer;
  std::optional<std::string> model;
  std::optional<std::string> object;       ///< CKA_LABEL
  std::optional<Bytes> id;                 ///< CKA_ID
  bool type_private = false;               ///< "type=private" was given; no other type is accepted
  std::optional<std::string> module_path;  ///< absolute
  std::optional<std::string> pin_path;     ///< absolute; from "pin-source=file:/..."

  friend bool operator==(const KeyUri&, const KeyUri&) = default;
};

enum class UriFault : std::uint8_t {
  kNoScheme,          ///< does not begin with "pkcs11:"
  kTooLong,           ///< more than kMaxUriBytes
  kNotAnAttribute,    ///< a part without "=" or without a name
  kUnknownAttribute,  ///< none of the attributes of KeyUri
  kRepeated,          ///< the attribute was given before
  kPinValue,          ///< a PIN has no place in a URI
  kUnescaped,         ///< a character that RFC 7512 wants as %XX
  kBadEscape,         ///< "%" without two hex digits
  kEmptyValue,
  kControlCharacter,  ///< a byte below 0x20 or 0x7f in a text
  kBadType,           ///< type is not "private"
  kNotAbsolute,       ///< module-path or pin-source does not lead to an absolute path
};

/// What was wrong, and where: `position` counts bytes from the start of the URI.
struct UriError {
  UriFault fault{};
  std::size_t position = 0;
  std::string attribute;  ///< the name as given, empty where none was read
};

inline constexpr std::size_t kMaxUriBytes = 2048;

/// Parses a URI. Does not touch the file system.
Result<KeyUri, UriError> parse_key_uri(std::string_view text);

/// The URI of these parts, everything but letters, digits and "-._~" escaped (and "/" in paths).
std::string format_key_uri(const KeyUri& uri);

/// A full sentence. Never repeats the value of an attribute.
std::string describe(const UriError& error);

}  // namespace buri::hsm::pkcs11
