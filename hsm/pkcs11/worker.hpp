#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "hsm/pkcs11/frames.hpp"
#include "hsm/pkcs11/profile.hpp"
#include "hsm/pkcs11/uri.hpp"

/// buri-hsm: the process that loads a vendor's module, logs in once, checks the key, and then
/// answers fixed frames. It knows no policy and opens no socket; whoever holds the other end of its
/// channels has its signatures, so only the signer may. It ends when a channel closes, when a frame
/// does not decode, or when it is killed.

namespace buri::hsm::pkcs11 {

struct WorkerOptions {
  KeyUri key;
  const VendorProfile* profile = nullptr;
  PublicPoint public_key;     ///< the pinned key
  std::vector<int> channels;  ///< SOCK_SEQPACKET, one per session, at least one
  int pin_descriptor = -1;    ///< -1: read the URI's pin-source
  pid_t parent = 0;
  bool require_hsm_born = true;
  bool ignore_pin_flags = false;
};

/// Reads the command line (as the signer writes it; see worker_arguments). The error is a sentence.
Result<WorkerOptions, std::string> parse_worker_options(int argc, char** argv);

/// The command line that parse_worker_options reads back, without the program's name. Holds no PIN.
std::vector<std::string> worker_arguments(const WorkerOptions& options);

/// Runs until a channel closes. The exit code: 0 after serving, 1 when the start failed (the parent
/// has the reason in a kStartFailed frame).
int run_worker(const WorkerOptions& options);

}  // namespace buri::hsm::pkcs11
