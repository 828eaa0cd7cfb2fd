#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

/// The programs of a devnet and how they are run. Secrets are never among the words.

namespace buri::devnet {

/// Paths of the daemons: beside this program, or where packages install them.
struct Programs {
  std::string buri;
  std::string burid;
  std::string buri_signer;
  std::string buri_hsm;

  /// The error names the program that is missing.
  static Result<Programs, std::string> find();
};

/// Runs a program to its end; what it wrote to standard output. The error is what it wrote to
/// standard error, or why it could not be run.
Result<std::string, std::string> run_program(const std::vector<std::string>& words);

/// Starts a daemon that appends what it says to `log_path`. It gets SIGTERM when this thread's
/// process ends, however it ends. REQUIRES: the calling thread lives as long as the process.
Result<pid_t, std::string> start_daemon(const std::vector<std::string>& words,
                                        const std::string& log_path);

/// How a child ended, for people: "exit 2", "killed by signal 9".
std::string describe_wait_status(int status);

/// The last lines of a file, at most `bytes` bytes of them; empty if it cannot be read.
std::string tail_of(const std::string& path, std::size_t bytes);

}  // namespace buri::devnet
