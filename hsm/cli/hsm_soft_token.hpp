#pragma once

#include <string>

/// `buri hsm soft-token`: a SoftHSM token with a key, for networks of one's own.

namespace buri::hsm::cli {

struct SoftTokenOptions {
  std::string folder;
  std::string module_path;  ///< empty: where packages install SoftHSM
  bool as_json = false;
};

/// Makes token and key and prints what a signer's configuration needs of them; the exit code.
int run_soft_token(const SoftTokenOptions& options);

}  // namespace buri::hsm::cli
