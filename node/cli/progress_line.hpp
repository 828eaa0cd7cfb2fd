#pragma once

#include <unistd.h>

#include <cstdio>
#include <string>

#include "base/clock.hpp"

namespace buri::cli {

/// One line on standard error for people who wait, written over at most once a second; nothing
/// where that is no terminal. Not thread-safe.
class ProgressLine {
 public:
  ~ProgressLine() { end(); }

  /// `make_text()` gives the line and is only called where it is shown.
  template <class MakeText>
  void show(const MakeText& make_text) {
    const MonotonicTime now = system_clock().monotonic();
    if (!is_terminal_ || now - last_ < std::chrono::seconds(1)) return;
    const std::string text = make_text();
    std::fprintf(stderr, "\r%s", text.c_str());
    last_ = now;
    is_shown_ = true;
  }
  /// Leaves the line, so that what is printed next begins a new one.
  void end() {
    if (is_shown_) std::fprintf(stderr, "\n");
    is_shown_ = false;
  }

 private:
  bool is_terminal_ = isatty(STDERR_FILENO) != 0;
  MonotonicTime last_ = system_clock().monotonic();
  bool is_shown_ = false;
};

}  // namespace buri::cli
