#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace buri {

void check_failed(const char* condition, const char* file, int line, const char* message) noexcept {
  std::fprintf(stderr, "CHECK failed: %s (%s) at %s:%d\n", message, condition, file, line);
  std::abort();
}

}  // namespace buri
