#pragma once

#include <string>
#include <vector>

#include "hsm/cli/hsm_key.hpp"

namespace buri::hsm::cli {

struct TestOptions {
  KeyOptions key;
  unsigned count = 200;
  unsigned sessions = 0;
  std::string public_key;
  std::string worker_program;  ///< empty: beside this program, or ../libexec/buri/
  std::vector<std::string> environment;
  bool as_json = false;
};

/// Measures signatures through a worker and prints their latencies; the exit code.
int run_test(const TestOptions& options);

}  // namespace buri::hsm::cli
