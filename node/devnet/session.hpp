#pragma once

#include <chrono>
#include <iosfwd>
#include <string>

#include "node/devnet/provision.hpp"
#include "node/devnet/sources.hpp"

/// `buri devnet up`: a network from its making to its end, in one process that owns all the others.

namespace buri::devnet {

struct SessionOptions {
  std::filesystem::path root;
  ProvisionOptions network;
  bool is_fresh = false;     ///< replace what the folder holds
  std::int64_t heights = 0;  ///< end when every running node has decided so many; 0: when told
  std::int64_t commit_timeout_ms = 500;
  bool as_json = false;      ///< one object when it is ready and one at the end, no view
  bool is_terminal = false;  ///< draw the view over itself
  std::chrono::seconds ready_patience{120};  ///< for a first new block of each
};

/// Runs until the heights are reached, a signal says so or `buri devnet down` does; then ends all
/// processes. Handles SIGINT and SIGTERM of the process: to be called once, in its first thread and
/// before other threads. The error is one or more sentences.
Status<std::string> run_session(const SessionOptions& options, std::ostream& out);

/// The same in a process of its own, which this starts: returns when the network is ready, or why
/// it does not become so. What that process says is in the folder's up.log. To be called before
/// there are other threads. The error is one or more sentences.
Status<std::string> run_detached(const SessionOptions& options, std::ostream& out);

/// `buri devnet sources`: the stand-ins alone, until SIGINT or SIGTERM. As run_session().
Status<std::string> run_sources(SourceOptions options, std::ostream& out);

}  // namespace buri::devnet
