#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <ostream>
#include <thread>

#include "node/devnet/control.hpp"
#include "node/devnet/folder.hpp"
#include "node/devnet/programs.hpp"
#include "node/devnet/session.hpp"
#include "node/devnet/view.hpp"

namespace buri::devnet {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kGlance{200};
constexpr std::chrono::seconds kWordPatience{5};
constexpr std::size_t kTailBytes = 3000;
constexpr int kFailed = 2;

/// In the child: away from the terminal, all words into the log.
[[noreturn]] void run_apart(const SessionOptions& options, int log) {
  ::setsid();
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  std::ofstream out("/proc/self/fd/1", std::ios::app);
  const auto ran = run_session(options, out);
  if (!ran.ok()) out << "buri devnet up: " << ran.error() << std::endl;
  ::_exit(ran.ok() ? 0 : kFailed);
}

bool is_ready(const json::object& status) {
  const json::value* ready = status.if_contains("is_ready");
  return ready != nullptr && ready->is_bool() && ready->as_bool();
}

}  // namespace

Status<std::string> run_detached(const SessionOptions& options, std::ostream& out) {
  const Layout layout(options.root);
  // Whether it may run there is told at once; the other process takes the folder again.
  {
    ASSIGN_OR_RETURN(const Descriptor lock, take_folder(layout));
  }
  const std::string log_path = layout.up_log();
  const Descriptor log(
      ::open(log_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
  if (!log.is_open()) return Failure{log_path + ": " + std::strerror(errno)};
  const pid_t child = ::fork();
  if (child < 0) return Failure{std::string("fork: ") + std::strerror(errno)};
  if (child == 0) run_apart(options, log.get());
  for (;; std::this_thread::sleep_for(kGlance)) {
    int ended = 0;
    if (::waitpid(child, &ended, WNOHANG) == child) {
      if (WIFEXITED(ended) && WEXITSTATUS(ended) == 0) return Unit{};
      return Failure{describe_wait_status(ended) + "; the end of " + log_path + ":\n" +
                     tail_of(log_path, kTailBytes)};
    }
    const auto status = ask_devnet(layout.control(), {{"do", "status"}}, kWordPatience);
    if (!status.ok() || !is_ready(*status)) continue;
    if (options.as_json) {
      out << json::serialize(*status) << std::endl;
    } else {
      for (const std::string& line : status_lines(*status)) out << line << "\n";
    }
    return Unit{};
  }
}

}  // namespace buri::devnet
