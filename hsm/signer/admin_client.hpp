#pragma once

#include <string>

#include "base/result.hpp"

/// The operator's end of the admin socket.

namespace buri::hsm::signer {

/// Sends one line of words, with `descriptor` if it is not -1, and waits for the answer without its
/// "ok ". An answer that begins with "error" and a socket that nobody serves are errors.
Result<std::string, std::string> say_to_signer(const std::string& socket_path,
                                               const std::string& words, int descriptor = -1);

}  // namespace buri::hsm::signer
