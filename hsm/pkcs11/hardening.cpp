#include "hsm/pkcs11/hardening.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include "base/check.hpp"

namespace buri::hsm::pkcs11 {

void forbid_dumps() {
  const rlimit none{0, 0};
  CHECK(setrlimit(RLIMIT_CORE, &none) == 0, "a process may forbid its own core dumps");
  CHECK(prctl(PR_SET_DUMPABLE, 0) == 0, "a process may make itself undumpable");
}

void harden_process() {
  forbid_dumps();
  (void)std::signal(SIGPIPE, SIG_IGN);
  (void)std::signal(SIGTERM, SIG_IGN);
  // Under a finite limit MCL_FUTURE would make later allocations fail, which is worse than a page
  // in swap; the PIN's own page is locked apart (pin.hpp).
  rlimit memlock{};
  const bool unlimited =
      getrlimit(RLIMIT_MEMLOCK, &memlock) == 0 && memlock.rlim_cur == RLIM_INFINITY;
  if (unlimited) (void)mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
}

void limit_lifetime(unsigned seconds) { (void)alarm(seconds); }

bool die_with_parent(pid_t parent) {
  CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "a process may ask to die with its parent");
  return getppid() == parent;
}

}  // namespace buri::hsm::pkcs11
