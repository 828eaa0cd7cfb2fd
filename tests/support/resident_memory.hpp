#pragma once

#include <unistd.h>

#include <cstddef>
#include <fstream>

/// What this process holds, for tests that it stays within bounds.

namespace buri {

/// Resident memory in bytes.
inline std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace buri
