#pragma once

#include <string>
#include <vector>

/// `buri ceremony` as a process of its own.

namespace buri::hsm::test {

/// What a process printed, and how it ended.
struct ProcessOutcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// Runs the ceremony verbs with these arguments behind "ceremony"; `environment` ("NAME=value") is
/// added to this process's. `inputs` become descriptors 3, 4, ... to read from.
ProcessOutcome run_ceremony_program(const std::vector<std::string>& arguments,
                                    const std::vector<std::string>& environment = {},
                                    const std::vector<std::string>& inputs = {});

/// A new folder that is gone when the test program ends.
std::string fresh_folder();

/// The text of a file.
std::string file_text(const std::string& path);

}  // namespace buri::hsm::test
