#pragma once

#include <string_view>

#include "base/bytes.hpp"

/// Reading of texts in which the state machine follows what Go and go-ethereum do with malformed
/// ones. Nothing here fails: bad text gives a value too.

namespace buri::consensus::runtime {

/// Without Unicode white space at either end: strings.TrimSpace.
std::string_view trim_space(std::string_view text);
/// common.FromHex: "0x" or "0X" is optional, an odd number of digits gets a zero in front, and what
/// follows the first pair that is no hex is ignored.
Bytes lenient_hex(std::string_view text);
/// common.HexToHash: the last 32 bytes of lenient_hex, zeros in front of fewer.
Hash256 lenient_hash(std::string_view text);
/// Exactly "0x" or "0X" and 64 digits.
bool is_fixed_width_hash(std::string_view text);

}  // namespace buri::consensus::runtime
