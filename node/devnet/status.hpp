#pragma once

#include <atomic>
#include <boost/json.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "node/devnet/settings_text.hpp"
#include "node/protocol/json_rpc/http_transport.hpp"

/// What the validators of a devnet say of themselves, asked as an operator would ask: at the RPC of
/// each node and the admin socket of each signer.

namespace buri::devnet {

struct ValidatorStatus {
  bool answers = false;     ///< its RPC did
  std::int64_t height = 0;  ///< of the last block; of the last answer where there is none now
  std::int32_t round = 0;   ///< of the height that is being decided
  std::size_t peers = 0;
  std::string hash;    ///< of the last block, upper-case hex
  std::string signer;  ///< "ACTIVE", ...; "none" where nobody answers, "file" without signer
};

/// Where one validator is asked.
struct StatusSource {
  std::uint16_t rpc_port = 0;
  std::string signer_admin;  ///< empty: a development key signs
};

/// Asks all of them twice a second, in a thread of its own. Thread-safe.
class StatusBoard {
 public:
  explicit StatusBoard(std::vector<StatusSource> sources);
  ~StatusBoard();
  StatusBoard(const StatusBoard&) = delete;
  StatusBoard& operator=(const StatusBoard&) = delete;

  /// The newest answers, in the order of the sources.
  [[nodiscard]] std::vector<ValidatorStatus> now() const;

 private:
  void run();
  ValidatorStatus ask(std::size_t index, ValidatorStatus last) const;

  const std::vector<StatusSource> sources_;
  std::unique_ptr<protocol::json_rpc::HttpTransport> transport_;
  mutable std::mutex mutex_;
  std::vector<ValidatorStatus> statuses_;
  std::atomic<bool> ends_ = false;
  std::thread thread_;
};

}  // namespace buri::devnet
