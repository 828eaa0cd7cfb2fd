#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

/// Base64 with the standard alphabet and padding (RFC 4648, section 4), as CometBFT's JSON uses it.

namespace buri {

std::string to_base64(ByteView bytes);

/// Strict: only the alphabet, padding required, no line breaks, and the unused low bits of the last
/// character zero, so that every byte string has exactly one accepted text.
std::optional<Bytes> from_base64(std::string_view text);

}  // namespace buri
