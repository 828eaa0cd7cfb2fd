#include "node/cli/replay_run.hpp"

#include <sys/resource.h>

#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "node/cli/commands.hpp"

namespace buri::cli {

double RunMeter::process_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

RunCost RunMeter::cost() const {
  return {std::chrono::duration<double>(system_clock().monotonic() - start_).count(),
          process_cpu_seconds() - cpu_start_};
}

int refuse_replay(const std::string& verb, const std::string& reason, bool as_json) {
  if (as_json) {
    const boost::json::object object{{"usable", false}, {"reason", reason}};
    std::cout << boost::json::serialize(object) << "\n";
  }
  std::fprintf(stderr, "buri %s: %s\n", verb.c_str(), reason.c_str());
  return kExitUnusable;
}

}  // namespace buri::cli
