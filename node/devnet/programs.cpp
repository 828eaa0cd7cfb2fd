#include "node/devnet/programs.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/descriptor.hpp"

namespace buri::devnet {
namespace {

constexpr int kExecFailed = 127;
constexpr std::size_t kMaxSaidBytes = std::size_t{1} << 20;

std::vector<char*> arguments_of(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  return arguments;
}

/// In the child, between fork and exec: only calls that are safe after a fork of many threads.
[[noreturn]] void become(char* const* arguments, int out, int err, pid_t parent, bool has_session) {
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // Ctrl-C reaches the foreground group; daemons are stopped by their parent, in its order.
  if (has_session) ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(kExecFailed);
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (::dup2(nothing, STDIN_FILENO) >= 0 && ::dup2(out, STDOUT_FILENO) >= 0 &&
      ::dup2(err, STDERR_FILENO) >= 0) {
    ::close_range(STDERR_FILENO + 1, ~0U, 0);
    ::execv(arguments[0], arguments);
  }
  ::_exit(kExecFailed);
}

std::string read_all(int descriptor) {
  std::string text;
  char buffer[4096];
  for (ssize_t count = 0; (count = ::read(descriptor, buffer, sizeof buffer)) > 0;) {
    if (text.size() < kMaxSaidBytes) text.append(buffer, static_cast<std::size_t>(count));
  }
  return text;
}

/// A file without a name, for what a child says.
Descriptor scratch_file() {
  return Descriptor(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}

std::string read_from_start(const Descriptor& file) {
  ::lseek(file.get(), 0, SEEK_SET);
  return read_all(file.get());
}

}  // namespace

Result<Programs, std::string> Programs::find() {
  namespace fs = std::filesystem;
  std::error_code failed;
  const fs::path self = fs::read_symlink("/proc/self/exe", failed);
  const fs::path folder = self.parent_path();
  Programs programs{.buri = self, .burid = {}, .buri_signer = {}, .buri_hsm = {}};
  const auto places = {folder, folder.parent_path() / "sbin",
                       folder.parent_path() / "libexec/buri"};
  for (const auto& [name, path] :
       {std::pair("burid", &programs.burid), std::pair("buri-signer", &programs.buri_signer),
        std::pair("buri-hsm", &programs.buri_hsm)}) {
    for (const fs::path& place : places) {
      if (path->empty() && fs::exists(place / name, failed)) *path = place / name;
    }
    if (path->empty()) {
      return Failure{std::string(name) + " is not beside " + self.string() +
                     "; build it (`./dev build`) or install the package"};
    }
  }
  return programs;
}

Result<std::string, std::string> run_program(const std::vector<std::string>& words) {
  const Descriptor out = scratch_file();
  const Descriptor err = scratch_file();
  const auto arguments = arguments_of(words);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) become(arguments.data(), out.get(), err.get(), parent, false);
  if (child < 0) return Failure{words.front() + ": " + std::strerror(errno)};
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return read_from_start(out);
  std::string said = read_from_start(err);
  if (said.empty()) said = words.front() + ": " + describe_wait_status(status);
  while (said.ends_with('\n')) said.pop_back();
  return Failure{std::move(said)};
}

Result<pid_t, std::string> start_daemon(const std::vector<std::string>& words,
                                        const std::string& log_path) {
  const Descriptor log(::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!log.is_open()) return Failure{log_path + ": " + std::strerror(errno)};
  const auto arguments = arguments_of(words);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) become(arguments.data(), log.get(), log.get(), parent, true);
  if (child < 0) return Failure{words.front() + ": " + std::strerror(errno)};
  return child;
}

std::string describe_wait_status(int status) {
  if (WIFSIGNALED(status)) return "killed by signal " + std::to_string(WTERMSIG(status));
  return "exit " + std::to_string(WEXITSTATUS(status));
}

std::string tail_of(const std::string& path, std::size_t bytes) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  std::string all = text.str();
  if (all.size() <= bytes) return all;
  all = all.substr(all.size() - bytes);
  return all.substr(all.find('\n') + 1);
}

}  // namespace buri::devnet
