#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "hsm/ceremony/device.hpp"
#include "hsm/pkcs11/signing_device.hpp"

/// The key seen by a process that has nothing to do with this one: buri-hsm, started as the signer
/// starts it. It loads the module anew, so it reads what is really on the token; it checks
/// attributes and pinned key, and signs.

namespace buri::hsm::ceremony {

struct FreshProcess {
  std::string worker_program;  ///< path of buri-hsm
  bool require_hsm_born = false;
  std::vector<std::string> environment;  ///< names of variables to pass on
  std::chrono::seconds limit{30};        ///< for all of it
};

/// A signature of the key that `uri` names, recovered to `point`.
Result<pkcs11::RecoverableSignature, Reason> sign_in_fresh_process(
    const FreshProcess& process, CeremonyDevice& device, const pkcs11::KeyUri& uri,
    const pkcs11::PublicPoint& point, const pkcs11::SigningRequest& request);

/// buri-hsm beside the program that runs, or where packages install it.
std::string default_worker_path();

}  // namespace buri::hsm::ceremony
