#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hsm/ceremony/plan.hpp"
#include "hsm/ceremony/secret_input.hpp"
#include "hsm/ceremony/threshold.hpp"

/// How shares reach their custodians, and come back for a drill.

namespace buri::hsm::ceremony {

/// Hands out one share at a time.
class ShareDelivery {
 public:
  virtual ~ShareDelivery() = default;
  /// Returns when the custodian has the share, read back from where he keeps it.
  virtual Status<Reason> deliver(unsigned number, const std::string& custodian,
                                 const Secret& share) = 0;
};

/// Opens the terminal that shares are shown at.
using TerminalOpener = std::function<Result<SecretTerminal, Reason>()>;

/// Shows each share on the terminal; the custodian types it back from his paper, three times at
/// most before he sees it again.
std::unique_ptr<ShareDelivery> terminal_delivery(TerminalOpener open_terminal);

/// Writes each share to FOLDER/share-NUMBER.txt, readable by the owner alone: for media that the
/// custodians take away, and for scripts. The folder must exist. A file that is there is replaced.
std::unique_ptr<ShareDelivery> folder_delivery(const std::string& folder);

/// Types shares in at a terminal until there are enough.
Result<std::vector<Secret>, Reason> collect_at_terminal(SecretTerminal& terminal, unsigned count);
/// Reads shares from files.
Result<std::vector<Secret>, Reason> collect_from_files(const std::vector<std::string>& paths);

}  // namespace buri::hsm::ceremony
