#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

extern "C" {  // glibc 2.36 forgot to say so itself
#include <sys/pidfd.h>
}

#include "base/check.hpp"
#include "hsm/pkcs11/worker_process.hpp"

namespace buri::hsm::pkcs11 {
namespace {

/// posix_spawn's lists of what to do in the child.
struct SpawnPlan {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;

  SpawnPlan() {
    CHECK(posix_spawn_file_actions_init(&actions) == 0, "memory for spawn actions");
    CHECK(posix_spawnattr_init(&attributes) == 0, "memory for spawn attributes");
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
  }
};

/// A copy with a number far above those the child's descriptors get, so that placing one of them
/// never overwrites another.
Descriptor moved_away(const Descriptor& descriptor) {
  constexpr int kAbove = 256;
  return Descriptor(fcntl(descriptor.get(), F_DUPFD_CLOEXEC, kAbove));
}

/// Signals as a fresh process has them; a process group of its own, so that a terminal's Ctrl-C
/// reaches the signer alone.
void plan_attributes(SpawnPlan& plan) {
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  (void)posix_spawnattr_setsigmask(&plan.attributes, &none);
  (void)posix_spawnattr_setsigdefault(&plan.attributes, &all);
  (void)posix_spawnattr_setpgroup(&plan.attributes, 0);
  (void)posix_spawnattr_setflags(
      &plan.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

void plan_descriptors(SpawnPlan& plan, const Descriptor& pin,
                      const std::vector<Descriptor>& channels) {
  (void)posix_spawn_file_actions_addopen(&plan.actions, 0, "/dev/null", O_RDONLY, 0);
  (void)posix_spawn_file_actions_adddup2(&plan.actions, 2, 1);
  if (pin.is_open()) {
    (void)posix_spawn_file_actions_adddup2(&plan.actions, pin.get(), kChildPinDescriptor);
  } else {
    (void)posix_spawn_file_actions_addopen(&plan.actions, kChildPinDescriptor, "/dev/null",
                                           O_RDONLY, 0);
  }
  int number = kChildFirstChannel;
  for (const Descriptor& channel : channels) {
    (void)posix_spawn_file_actions_adddup2(&plan.actions, channel.get(), number++);
  }
  (void)posix_spawn_file_actions_addclosefrom_np(&plan.actions, number);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

Failure<std::string> system_failure(const char* what, int code) {
  return Failure{std::string(what) + ": " + std::strerror(code) + "."};
}

struct ChannelEnds {
  std::vector<Descriptor> ours;
  std::vector<Descriptor> theirs;
};

Result<ChannelEnds, std::string> make_channels(unsigned count) {
  ChannelEnds ends;
  for (unsigned i = 0; i < count; ++i) {
    int pair[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
      return system_failure("No socket pair for a worker", errno);
    }
    ends.ours.emplace_back(pair[0]);
    const Descriptor theirs(pair[1]);
    ends.theirs.push_back(moved_away(theirs));
    if (!ends.theirs.back().is_open()) {
      return system_failure("No descriptor for a worker", errno);
    }
  }
  return ends;
}

}  // namespace

Result<std::shared_ptr<WorkerProcess>, std::string> WorkerProcess::spawn(SpawnOptions options) {
  ASSIGN_OR_RETURN(ChannelEnds ends, make_channels(options.channels));
  const Descriptor pin = options.pin.is_open() ? moved_away(options.pin) : Descriptor();
  SpawnPlan plan;
  plan_attributes(plan);
  plan_descriptors(plan, pin, ends.theirs);
  std::vector<std::string> arguments{options.program};
  arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
  std::vector<std::string> environment;
  for (const auto& [name, value] : options.environment) {
    environment.push_back(std::string(name).append("=").append(value));
  }
  pid_t pid = -1;
  const int code = posix_spawn(&pid, options.program.c_str(), &plan.actions, &plan.attributes,
                               pointers(arguments).data(), pointers(environment).data());
  if (code != 0) return system_failure("The worker program cannot be started", code);
  Descriptor pid_descriptor(pidfd_open(pid, 0));
  CHECK(pid_descriptor.is_open(), "a child that was not reaped has a pidfd (Linux 5.3)");
  return std::shared_ptr<WorkerProcess>(
      new WorkerProcess(pid, std::move(pid_descriptor), std::move(ends.ours)));
}

WorkerProcess::WorkerProcess(pid_t pid, Descriptor pid_descriptor, std::vector<Descriptor> channels)
    : pid_(pid), pid_descriptor_(std::move(pid_descriptor)), channels_(std::move(channels)) {
  for (const Descriptor& channel : channels_) free_channels_.push_back(channel.get());
}

WorkerProcess::~WorkerProcess() {
  kill();
  // A killed process is gone at once unless the kernel holds it; then it stays a zombie until we
  // go.
  int status = 0;
  for (int tries = 0; tries < 200; ++tries) {
    const pid_t reaped = waitpid(pid_, &status, WNOHANG);
    if (reaped == pid_ || (reaped < 0 && errno != EINTR)) return;
    (void)usleep(1000);
  }
}

void WorkerProcess::kill() {
  {
    const std::lock_guard lock(mutex_);
    dead_ = true;
  }
  (void)pidfd_send_signal(pid_descriptor_.get(), SIGKILL, nullptr, 0);
  changed_.notify_all();
}

bool WorkerProcess::is_dead() const {
  {
    const std::lock_guard lock(mutex_);
    if (dead_) return true;
  }
  pollfd entry{pid_descriptor_.get(), POLLIN, 0};
  return poll(&entry, 1, 0) > 0;
}

}  // namespace buri::hsm::pkcs11
