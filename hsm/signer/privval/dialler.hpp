#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "hsm/signer/peer.hpp"
#include "hsm/signer/privval/session.hpp"

/// Calls a stock daemon at the unix socket where it waits for its signer (priv_validator_laddr),
/// and calls again when the connection is gone.

namespace buri::hsm::signer::privval {

struct DiallerOptions {
  std::string path;
  std::vector<std::uint32_t> uids;  ///< whom the daemon may run as; empty lists admit nobody
  std::vector<std::uint32_t> gids;
  /// Per signature; the daemon itself gives up after 5 s.
  std::uint32_t timeout_ms = 800;
};

/// Answers a request of the daemon `peer`.
using PeerSigner =
    std::function<wire::ResponseBody(const wire::RequestBody& request, const Peer& peer)>;

/// One daemon, one thread. A daemon that is up is found within a second.
class Dialler {
 public:
  /// The error is a sentence. A daemon that is not there yet is none.
  static Result<std::unique_ptr<Dialler>, std::string> start(DiallerOptions options,
                                                             PeerSigner signer, Logger logger,
                                                             Metrics& metrics);
  /// Hangs up.
  ~Dialler();

 private:
  Dialler(DiallerOptions options, PeerSigner signer, Logger logger, Metrics& metrics);
  void run();
  /// A connection to a daemon that is on the list, or -1.
  int dial(Peer& peer);
  /// Says once why the daemon is not reached, until the reason is another.
  void log_failure(int reason);
  void serve(int descriptor, const Peer& peer);
  /// Whether the descriptor has news (of it or of the end) before the time is over.
  bool wait(int descriptor, short events, int patience_ms) const;
  bool send_all(int descriptor, ByteView bytes) const;

  const DiallerOptions options_;
  PeerSigner signer_;
  Logger logger_;
  Counter& connections_;
  Counter& turned_away_;
  int wake_ = -1;
  int last_failure_ = 0;  // why the last call failed: errno, or that nobody listed answered
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

}  // namespace buri::hsm::signer::privval
