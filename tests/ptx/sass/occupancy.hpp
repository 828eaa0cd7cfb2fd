#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// How many warps of a kernel one multiprocessor holds, from the limits in the CUDA C++ Programming
/// Guide, "Technical Specifications per Compute Capability".

namespace buri::ptx::sass {

/// Limits of one multiprocessor. Registers come in four equal files, one for each scheduler; a warp
/// takes them in units of 256.
struct Multiprocessor {
  std::string_view architecture;  ///< "sm_90"
  std::uint32_t warps;
  std::uint32_t blocks;
  std::uint32_t shared_bytes;
};

/// The limits of an architecture that ships, or nothing for another one.
std::optional<Multiprocessor> find_multiprocessor(std::string_view architecture);

/// What a block of the kernel takes.
struct BlockUsage {
  std::uint32_t threads;
  std::uint32_t registers_per_thread;
  std::uint32_t shared_bytes;
};

/// Warps that are resident at once, in whole blocks. REQUIRES: usage.threads > 0.
std::uint32_t resident_warps(const Multiprocessor& limits, const BlockUsage& usage);

}  // namespace buri::ptx::sass
