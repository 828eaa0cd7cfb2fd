#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace buri::devnet {

/// The body of http://127.0.0.1:PORT/TARGET, at most 16 MiB of it, if the answer has status 200 and
/// is whole in time. The error is a word on why not.
Result<std::string, std::string> http_get(std::uint16_t port, const std::string& target,
                                          std::chrono::milliseconds patience);

}  // namespace buri::devnet
