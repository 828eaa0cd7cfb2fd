#pragma once

#include <string>

/// `buri signer audit`: the log of a signer, checked without it.

namespace buri::hsm::cli {

/// Checks the log in `directory`; `known_head` is "SEQUENCE:HASH" or empty. Prints the verdict; the
/// exit code.
int run_audit_verify(const std::string& directory, const std::string& known_head);

/// Checks the log, then every line "DIGEST SIGNATURE" (hex) of `file`, signatures of this key that
/// somebody saw, against it. Prints those that the log did not make; the exit code.
int run_audit_reconcile(const std::string& directory, const std::string& file);

}  // namespace buri::hsm::cli
