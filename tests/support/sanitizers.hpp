#pragma once

/// Which sanitizer this program was built with.

namespace buri {

inline constexpr bool kUnderThreadSanitizer = __has_feature(thread_sanitizer);
/// Sanitizers keep freed memory back: what a process holds then says nothing.
inline constexpr bool kMemoryIsMeasurable =
    !__has_feature(address_sanitizer) && !kUnderThreadSanitizer;

}  // namespace buri
