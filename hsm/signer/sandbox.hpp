#pragma once

#include <string>

#include "base/result.hpp"

/// The system calls that a running signer needs, and no others.

namespace buri::hsm::signer {

/// Filters the calls of this thread and of every thread it starts from now on; threads that exist
/// already (those that start workers) are not touched. Calls that only an intruder makes end the
/// process, others that are not on the list fail with EPERM. Memory never becomes executable, and
/// no program is started. `with_network`: also internet sockets, for a fence or a metrics port. The
/// error is a sentence.
Status<std::string> enter_sandbox(bool with_network);

}  // namespace buri::hsm::signer
