#pragma once

#include <string>

namespace buri::hsm::cli {

struct ListOptions {
  std::string module_path;
  bool as_json = false;
};

/// Prints the module's tokens to standard output; the exit code.
int run_list(const ListOptions& options);

}  // namespace buri::hsm::cli
