#pragma once

#include <string>

#include "base/result.hpp"

/// Small files that operators write.

namespace buri::hsm::signer {

/// A whole file; the error is a sentence.
Result<std::string, std::string> read_text_file(const std::string& path);

}  // namespace buri::hsm::signer
