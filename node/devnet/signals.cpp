#include "node/devnet/signals.hpp"

#include <signal.h>
#include <sys/signalfd.h>

namespace buri::devnet {

Descriptor awaited_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, number);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return Descriptor(::signalfd(-1, &signals, SFD_CLOEXEC));
}

}  // namespace buri::devnet
