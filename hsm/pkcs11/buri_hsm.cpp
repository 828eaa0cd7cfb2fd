#include <cstdio>

#include "hsm/pkcs11/hardening.hpp"
#include "hsm/pkcs11/worker.hpp"

/// buri-hsm: see worker.hpp. Started by buri-signer, never by hand.

int main(int argc, char** argv) {
  using namespace buri::hsm::pkcs11;
  harden_process();
  const auto options = parse_worker_options(argc, argv);
  if (!options.ok()) {
    std::fprintf(stderr, "buri-hsm: %s\n", options.error().c_str());
    return 2;
  }
  return run_worker(*options);
}
