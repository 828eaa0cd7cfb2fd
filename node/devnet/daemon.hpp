#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace buri::devnet {

/// One daemon that can be started again and again: its command line, and the process while there is
/// one. Used by one thread, which lives as long as the network (start_daemon()).
class Daemon {
 public:
  Daemon(std::vector<std::string> words, std::string log_path)
      : words_(std::move(words)), log_path_(std::move(log_path)) {}

  /// Starts it unless it runs. The error is a sentence.
  Status<std::string> start();
  /// Sends a signal if it runs.
  void signal(int number) const;
  /// Asks it to end, waits, and kills it when the time is over.
  void stop(std::chrono::milliseconds patience);
  /// Waits for its end; false if it still runs then.
  bool wait(std::chrono::milliseconds patience);
  /// Takes notice of its end, if it has come.
  void reap();

  [[nodiscard]] bool is_running() const { return process_ > 0; }
  [[nodiscard]] pid_t process() const { return process_; }
  /// How the last process ended; empty while one runs and before the first.
  [[nodiscard]] const std::string& end() const { return end_; }
  [[nodiscard]] const std::string& log_path() const { return log_path_; }

 private:
  const std::vector<std::string> words_;
  const std::string log_path_;
  pid_t process_ = 0;
  std::string end_;
};

}  // namespace buri::devnet
