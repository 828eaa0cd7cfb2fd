#include "hsm/signer/sandbox.hpp"

#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <memory>

namespace buri::hsm::signer {
namespace {

// By what they are for. What a vendor module needs is not here: workers are started by threads
// without a filter.
constexpr std::array kAllowed = {
    // files and sockets that are open
    "read", "write", "readv", "writev", "pread64", "pwrite64", "lseek", "close", "fcntl", "fstat",
    "newfstatat", "statx", "fdatasync", "fsync", "ftruncate", "getdents64", "poll", "ppoll",
    "recvmsg", "recvfrom", "sendmsg", "sendto", "accept4", "shutdown", "getsockopt", "setsockopt",
    "getsockname", "getpeername", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait",
    "eventfd2", "pipe2", "ioctl",
    // new audit segments, reloads of the policy, socket files
    "openat", "renameat2", "unlink", "unlinkat", "chmod", "fchmodat", "bind", "listen", "connect",
    // memory and threads
    "brk", "munmap", "mremap", "madvise", "mlock", "munlock", "futex", "set_robust_list", "rseq",
    "sched_yield", "sched_getaffinity", "sched_getparam", "sched_getscheduler", "get_robust_list",
    "membarrier", "exit", "exit_group", "restart_syscall",
    // time, identity, chance
    "clock_gettime", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "getpid", "gettid",
    "getuid", "geteuid", "getgid", "getegid", "getrandom", "uname", "sysinfo", "prlimit64",
    "getrusage",
    // signals and the end of workers
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait", "sigaltstack", "tgkill",
    "kill", "pidfd_send_signal", "wait4", "waitid", "prctl"};

// What only an intruder asks for.
constexpr std::array kFatal = {"execve",
                               "execveat",
                               "ptrace",
                               "process_vm_readv",
                               "process_vm_writev",
                               "keyctl",
                               "init_module",
                               "mount",
                               "bpf",
                               "fork",
                               "vfork",
                               "personality"};

using Filter = std::unique_ptr<void, void (*)(scmp_filter_ctx)>;

bool add(const Filter& filter, std::uint32_t action, const char* name) {
  const int number = seccomp_syscall_resolve_name(name);
  return number != __NR_SCMP_ERROR && seccomp_rule_add(filter.get(), action, number, 0) == 0;
}

// Threads yes, processes no; clone3 hides its flags behind a pointer, so libc is told that there is
// none.
bool add_threads(const Filter& filter) {
  return seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                          SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0 &&
         seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
}

bool add_memory(const Filter& filter) {
  bool added = true;
  for (const int number : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
    added = added && seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, number, 1,
                                      SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
  }
  return added;
}

bool add_sockets(const Filter& filter, bool with_network) {
  bool added = true;
  for (const int family : {AF_UNIX, AF_INET, AF_INET6}) {
    if (family != AF_UNIX && !with_network) continue;
    added = added && seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
                                      SCMP_A0(SCMP_CMP_EQ, static_cast<unsigned>(family), 0)) == 0;
  }
  return added;
}

}  // namespace

Status<std::string> enter_sandbox(bool with_network) {
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)), seccomp_release);
  bool added = filter != nullptr && add_threads(filter) && add_memory(filter) &&
               add_sockets(filter, with_network);
  for (const char* name : kAllowed) added = added && add(filter, SCMP_ACT_ALLOW, name);
  for (const char* name : kFatal) added = added && add(filter, SCMP_ACT_KILL_PROCESS, name);
  if (!added || seccomp_load(filter.get()) != 0) {
    return Failure{std::string("the system call filter cannot be installed")};
  }
  return Unit{};
}

}  // namespace buri::hsm::signer
