#pragma once

#include <sys/types.h>

/// What a process that holds a PIN or a session does first.

namespace buri::hsm::pkcs11 {

/// No core dumps (RLIMIT_CORE, PR_SET_DUMPABLE), memory locked as it is touched where the limit
/// allows it, SIGPIPE ignored (modules write to sockets whose other end may be gone).
void harden_process();

/// Asks the kernel to kill this process when the thread that started it ends. False if `parent` is
/// gone already.
bool die_with_parent(pid_t parent);

}  // namespace buri::hsm::pkcs11
