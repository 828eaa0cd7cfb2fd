#pragma once

#include <sys/types.h>

/// What a process that holds a PIN or a session does first.

namespace buri::hsm::pkcs11 {

/// No core dumps (RLIMIT_CORE, PR_SET_DUMPABLE), for this process and what it starts.
void forbid_dumps();

/// forbid_dumps(), memory locked as it is touched where the limit allows it. SIGPIPE is ignored
/// (modules write to sockets whose other end may be gone), and so is SIGTERM: this process ends
/// when its channel closes, after the last request and never inside a login.
void harden_process();

/// Ends this process after `seconds`, whatever it hangs in; 0 takes that back.
void limit_lifetime(unsigned seconds);

/// Asks the kernel to kill this process when the thread that started it ends. False if `parent` is
/// gone already.
bool die_with_parent(pid_t parent);

}  // namespace buri::hsm::pkcs11
