#pragma once

#include <functional>
#include <string>

#include "hsm/signer/core.hpp"
#include "hsm/signer/policy_board.hpp"
#include "hsm/signer/socket_server.hpp"

/// What an operator says to a running signer over the admin socket: a frame is one line of words,
/// the answer is text that begins with "ok" or "error".

namespace buri::hsm::signer {

/// What the verbs reach beyond the core; every function may be called from the socket's thread.
struct AdminParts {
  std::string policy_file;
  /// Gives the device a PIN read from the descriptor, or the configured one if it is -1.
  std::function<Status<std::string>(int descriptor)> unlock;
  std::function<void()> lock;
  /// Lines about devices, for status.
  std::function<std::string()> device_status;
};

/// Verbs: status, unlock, lock, activate [force], drain, reset, reload, export; waiting, approve
/// HASH (a policy or a request), deny HASH; ceremony begin ID, ceremony prove CHAIN NONCE, ceremony
/// end.
/// Used by one thread at a time.
class Admin {
 public:
  /// `core` must outlive it.
  Admin(Core& core, AdminParts parts);

  /// The answer to a frame; takes the descriptor.
  Bytes handle(const Frame& frame, const Peer& peer);

 private:
  Result<std::string, std::string> perform(std::string_view verb, std::string_view argument,
                                           int descriptor, const Peer& peer);
  Result<std::string, std::string> perform_ceremony(std::string_view words, const Peer& peer);
  [[nodiscard]] std::string status_text() const;

  Core& core_;
  AdminParts parts_;
  PolicyBoard policies_;
  std::string ceremony_id_;  // of the ceremony that was begun last
};

}  // namespace buri::hsm::signer
