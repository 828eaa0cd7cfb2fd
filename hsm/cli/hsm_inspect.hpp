#pragma once

#include "hsm/cli/hsm_key.hpp"

namespace buri::hsm::cli {

struct InspectOptions {
  KeyOptions key;
  bool as_json = false;
};

/// Prints a key's attributes and the verdict on it; the exit code.
int run_inspect(const InspectOptions& options);

}  // namespace buri::hsm::cli
