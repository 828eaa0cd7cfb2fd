#include "node/devnet/daemon.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <thread>

#include "node/devnet/programs.hpp"

namespace buri::devnet {
namespace {

constexpr std::chrono::milliseconds kGlance{10};

}  // namespace

Status<std::string> Daemon::start() {
  reap();
  if (is_running()) return Unit{};
  ASSIGN_OR_RETURN(process_, start_daemon(words_, log_path_));
  end_.clear();
  return Unit{};
}

void Daemon::signal(int number) const {
  if (is_running()) ::kill(process_, number);
}

void Daemon::reap() {
  int status = 0;
  if (!is_running() || ::waitpid(process_, &status, WNOHANG) != process_) return;
  process_ = 0;
  end_ = describe_wait_status(status);
}

bool Daemon::wait(std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  for (reap(); is_running(); reap()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(kGlance);
  }
  return true;
}

void Daemon::stop(std::chrono::milliseconds patience) {
  signal(SIGTERM);
  if (wait(patience)) return;
  signal(SIGKILL);
  wait(patience);
}

}  // namespace buri::devnet
