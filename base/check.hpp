#pragma once

/// Invariant checks that stay on in every build. A failed CHECK is a defect of this program, never
/// a verdict on outside data: it prints the condition, the place and the message, then aborts.

namespace buri {

/// Prints "CHECK failed" with its place and aborts. Called by the macros below only.
[[noreturn]] void check_failed(const char* condition, const char* file, int line,
                               const char* message) noexcept;

}  // namespace buri

/// Aborts unless `condition` holds; `message` is a string literal that says what was promised.
#define CHECK(condition, message)                                      \
  do {                                                                 \
    if (!(condition)) [[unlikely]]                                     \
      ::buri::check_failed(#condition, __FILE__, __LINE__, (message)); \
  } while (false)
