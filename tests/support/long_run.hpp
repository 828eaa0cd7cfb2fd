#pragma once

#include <cstdint>
#include <cstdlib>

/// Tests that repeat one thing with a seed each, a few times in every run and for hours on demand.

namespace buri {

/// Whether BURI_TEST_LONG is set: the full sizes.
inline bool is_long_run() { return std::getenv("BURI_TEST_LONG") != nullptr; }

/// BURI_TEST_FROM=n: where a long run that was broken off goes on; 0 without. What a repetition
/// does must follow from its own number alone.
inline std::uint64_t long_run_begin() {
  const char* text = std::getenv("BURI_TEST_FROM");
  return is_long_run() && text != nullptr ? std::strtoull(text, nullptr, 10) : 0;
}

}  // namespace buri
