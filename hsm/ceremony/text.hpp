#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

/// Small things that every part of a ceremony writes: times, digests, check values.

namespace buri::hsm::ceremony {

/// Why something could not be done: one or more full sentences for people, without any secret.
using Reason = std::string;

/// The longest single text that a plan or an answer may hold.
inline constexpr std::size_t kMaxTextBytes = 400;

/// True for 1 to `max_bytes` bytes of valid UTF-8 without control characters that neither begin nor
/// end with a blank: what can stand in a transcript line and on paper.
bool is_plain_text(std::string_view text, std::size_t max_bytes = kMaxTextBytes);

/// "2026-11-26T02:03:04Z".
std::string utc_text(WallTime time);
/// True for exactly the form of utc_text().
bool is_utc_text(std::string_view text);

/// Digests of one message.
Hash256 sha256(ByteView message);
Hash256 keccak256(ByteView message);

/// The first 6 bytes as people read them aloud: "A1B2-C3D4-E5F6". REQUIRES: at least 6 bytes.
std::string check_value(ByteView digest);
/// True for exactly the form of check_value().
bool is_check_value(std::string_view text);

}  // namespace buri::hsm::ceremony
