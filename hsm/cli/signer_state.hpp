#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

/// Sign-state before a signer runs: begun for a new key, or brought from elsewhere.

namespace buri::hsm::cli {

struct InitStateOptions {
  std::string directory;
  std::string address;          ///< of the key, in hex
  std::string ledger;           ///< "consensus", ...
  std::int64_t start = -1;      ///< first place to sign at; of a key that never signed before
  std::int64_t quiet_from = 0;  ///< consensus only: heights seen without a vote of this key
  std::int64_t quiet_to = 0;
};

/// Makes one sign-state file. The texts are for people.
Result<std::string, std::string> init_state(const InitStateOptions& options);

struct ImportOptions {
  std::string directory;
  std::string address;   ///< of the key, for "filepv" and "tmkms"; the others name it
  std::string format;    ///< "move", "sign-state", "filepv" or "tmkms"
  std::string chain_id;  ///< for "filepv"
  std::string file;
};

/// Makes sign-state files from another signer's state.
Result<std::string, std::string> import_state(const ImportOptions& options);

}  // namespace buri::hsm::cli
