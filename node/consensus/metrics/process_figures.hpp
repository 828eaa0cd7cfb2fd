#pragma once

#include <cstdint>
#include <string>

#include "base/metrics_page.hpp"

/// This process as the kernel sees it, under the names that every Go program exposes
/// (prometheus/client_golang v1.23.2, its default registry). What belongs to Go's runtime alone is
/// mapped to what this process has, or is zero: docs/consensus-metrics.md.

namespace buri::consensus::metrics {

struct ProcessFigures {
  double cpu_seconds = 0;    ///< user and system
  double start_seconds = 0;  ///< since 1970
  std::uint64_t open_files = 0;
  std::uint64_t max_files = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t max_virtual_bytes = UINT64_MAX;  ///< without a limit
  std::uint64_t resident_bytes = 0;
  std::uint64_t peak_resident_bytes = 0;
  std::uint64_t anonymous_bytes = 0;  ///< resident, of no file
  std::uint64_t data_bytes = 0;       ///< reserved for data
  std::uint64_t stack_bytes = 0;      ///< of the main thread
  std::uint64_t threads = 0;
  std::uint64_t cpus = 0;            ///< that it may run on
  std::uint64_t received_bytes = 0;  ///< by the network namespace's interfaces
  std::uint64_t sent_bytes = 0;
};

/// What `proc` ("/proc") tells of this process; 0 for what cannot be read.
ProcessFigures read_process(const std::string& proc = "/proc");

/// `toolchain` names what this program is made with.
void add_process(MetricsPage& page, const ProcessFigures& process, const std::string& toolchain);

}  // namespace buri::consensus::metrics
