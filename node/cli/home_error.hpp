#pragma once

#include <string>

#include "node/storage/error.hpp"

namespace buri::cli {

/// Why the home in `folder` cannot be used, as one sentence.
std::string home_sentence(const std::string& folder, const storage::StorageError& error);

}  // namespace buri::cli
