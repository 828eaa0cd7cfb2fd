#include "node/consensus/metrics/process_figures.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <vector>

namespace buri::consensus::metrics {
namespace {

constexpr std::uint64_t kKilobyte = 1024;

/// The words of the first line that begins with `name`, without the first; nothing if none does.
std::vector<std::string> line_of(const std::string& path, const std::string& name) {
  std::ifstream file(path);
  std::vector<std::string> words;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(name)) continue;
    std::istringstream rest(line.substr(name.size()));
    for (std::string word; rest >> word;) words.push_back(word);
    break;
  }
  return words;
}

std::uint64_t number(const std::vector<std::string>& words, std::size_t index) {
  if (index >= words.size()) return 0;
  if (words[index] == "unlimited") return std::numeric_limits<std::uint64_t>::max();
  return std::strtoull(words[index].c_str(), nullptr, 10);
}

/// The fields of stat behind the program's name, which may hold anything.
std::vector<std::string> stat_fields(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  std::getline(file, text);
  const std::size_t end = text.rfind(')');
  std::vector<std::string> fields;
  if (end == std::string::npos) return fields;
  std::istringstream rest(text.substr(end + 1));
  for (std::string word; rest >> word;) fields.push_back(word);
  return fields;
}

void read_stat(const std::string& proc, ProcessFigures& process) {
  // As proc(5) numbers them, less the three fields that are cut off.
  constexpr std::size_t kUserTicks = 14 - 3;
  constexpr std::size_t kSystemTicks = 15 - 3;
  constexpr std::size_t kThreads = 20 - 3;
  constexpr std::size_t kStartTicks = 22 - 3;
  constexpr std::size_t kVirtualBytes = 23 - 3;
  constexpr std::size_t kResidentPages = 24 - 3;
  const auto fields = stat_fields(proc + "/self/stat");
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const std::uint64_t used = number(fields, kUserTicks) + number(fields, kSystemTicks);
  process.cpu_seconds = static_cast<double>(used) / ticks;
  process.threads = number(fields, kThreads);
  process.virtual_bytes = number(fields, kVirtualBytes);
  process.resident_bytes =
      number(fields, kResidentPages) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const auto booted = static_cast<double>(number(line_of(proc + "/stat", "btime"), 0));
  process.start_seconds = booted + static_cast<double>(number(fields, kStartTicks)) / ticks;
}

std::uint64_t open_files(const std::string& proc) {
  std::error_code failed;
  std::uint64_t count = 0;
  for (auto entry = std::filesystem::directory_iterator(proc + "/self/fd", failed);
       !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
    ++count;
  }
  return count;
}

/// Names stand in the first line of "IpExt:", values in the second.
void read_network(const std::string& proc, ProcessFigures& process) {
  std::ifstream file(proc + "/self/net/netstat");
  std::vector<std::string> names;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("IpExt:")) continue;
    std::istringstream rest(line);
    std::vector<std::string> words;
    for (std::string word; rest >> word;) words.push_back(word);
    if (names.empty()) {
      names = std::move(words);
      continue;
    }
    const auto value_of = [&](std::string_view name) {
      const auto found = std::ranges::find(names, name);
      return found == names.end() ? 0
                                  : number(words, static_cast<std::size_t>(found - names.begin()));
    };
    process.received_bytes = value_of("InOctets");
    process.sent_bytes = value_of("OutOctets");
    return;
  }
}

std::uint64_t usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<std::uint64_t>(CPU_COUNT(&set))
                                                       : 0;
}

double value(std::uint64_t count) { return static_cast<double>(count); }

void add_runtime(MetricsPage& page, const ProcessFigures& process, const std::string& toolchain) {
  page.gauge("go_goroutines", "Threads: there are no goroutines.", value(process.threads));
  page.gauge("go_threads", "Threads.", value(process.threads));
  page.gauge("go_info", "What this program is made with; it is not Go.", 1,
             {{"version", toolchain}});
  page.gauge("go_sched_gomaxprocs_threads", "CPUs that the threads may run on.",
             value(process.cpus));
  page.empty_summary("go_gc_duration_seconds", "Nothing: there is no garbage collector.",
                     {0, 0.25, 0.5, 0.75, 1});
  page.gauge("go_gc_gogc_percent", "0: there is no garbage collector.", 0);
  page.gauge("go_gc_gomemlimit_bytes", "There is no limit.",
             static_cast<double>(std::numeric_limits<std::int64_t>::max()));
}

void add_memory(MetricsPage& page, const ProcessFigures& process) {
  const double in_use = value(process.anonymous_bytes);
  const double reserved = value(std::max(process.data_bytes, process.anonymous_bytes));
  const auto gauge = [&](std::string_view name, std::string_view help, double bytes) {
    page.gauge("go_memstats_" + std::string(name), help, bytes);
  };
  constexpr const char* kInUse = "Resident bytes of no file: heap and stacks.";
  constexpr const char* kReserved = "Bytes reserved for data.";
  constexpr const char* kIdle = "Bytes reserved for data and not resident.";
  constexpr const char* kStack = "The main thread's stack.";
  constexpr const char* kNone = "0: this runtime has no such thing.";
  gauge("alloc_bytes", kInUse, in_use);
  gauge("heap_alloc_bytes", kInUse, in_use);
  gauge("heap_inuse_bytes", kInUse, in_use);
  gauge("heap_sys_bytes", kReserved, reserved);
  gauge("sys_bytes", kReserved, reserved);
  gauge("heap_idle_bytes", kIdle, reserved - in_use);
  gauge("heap_released_bytes", kIdle, reserved - in_use);
  gauge("stack_inuse_bytes", kStack, value(process.stack_bytes));
  gauge("stack_sys_bytes", kStack, value(process.stack_bytes));
  for (const char* name :
       {"heap_objects", "mspan_inuse_bytes", "mspan_sys_bytes", "mcache_inuse_bytes",
        "mcache_sys_bytes", "buck_hash_sys_bytes", "gc_sys_bytes", "other_sys_bytes",
        "next_gc_bytes", "last_gc_time_seconds"}) {
    gauge(name, kNone, 0);
  }
  page.counter("go_memstats_alloc_bytes_total", "The most that was ever resident.",
               value(process.peak_resident_bytes));
  page.counter("go_memstats_mallocs_total", kNone, 0);
  page.counter("go_memstats_frees_total", kNone, 0);
}

}  // namespace

ProcessFigures read_process(const std::string& proc) {
  ProcessFigures process;
  read_stat(proc, process);
  const std::string status = proc + "/self/status";
  process.peak_resident_bytes = number(line_of(status, "VmHWM:"), 0) * kKilobyte;
  process.anonymous_bytes = number(line_of(status, "RssAnon:"), 0) * kKilobyte;
  process.data_bytes = number(line_of(status, "VmData:"), 0) * kKilobyte;
  process.stack_bytes = number(line_of(status, "VmStk:"), 0) * kKilobyte;
  const std::string limits = proc + "/self/limits";
  process.max_files = number(line_of(limits, "Max open files"), 0);
  process.max_virtual_bytes = number(line_of(limits, "Max address space"), 0);
  process.open_files = open_files(proc);
  process.cpus = usable_cpus();
  read_network(proc, process);
  return process;
}

void add_process(MetricsPage& page, const ProcessFigures& process, const std::string& toolchain) {
  page.counter("process_cpu_seconds_total", "CPU time, user and system.", process.cpu_seconds);
  page.gauge("process_start_time_seconds", "When the process started, since 1970.",
             process.start_seconds);
  page.gauge("process_open_fds", "Open file descriptors.", value(process.open_files));
  page.gauge("process_max_fds", "The limit on them.", value(process.max_files));
  page.gauge("process_virtual_memory_bytes", "Address space.", value(process.virtual_bytes));
  page.gauge("process_virtual_memory_max_bytes", "The limit on it.",
             value(process.max_virtual_bytes));
  page.gauge("process_resident_memory_bytes", "Resident memory.", value(process.resident_bytes));
  page.counter("process_network_receive_bytes_total", "Bytes that the machine's network received.",
               value(process.received_bytes));
  page.counter("process_network_transmit_bytes_total", "Bytes that the machine's network sent.",
               value(process.sent_bytes));
  add_runtime(page, process, toolchain);
  add_memory(page, process);
}

}  // namespace buri::consensus::metrics
