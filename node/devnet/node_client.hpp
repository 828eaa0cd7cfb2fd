#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "node/devnet/account.hpp"

/// What the traffic of a devnet asks its nodes, ours and stock ones, by RPC and REST.

namespace buri::devnet {

/// Where a node listens on the loopback interface.
struct NodeAddress {
  std::uint16_t rpc = 0;
  std::uint16_t rest = 0;
};

/// A node's word on a transaction that was given to it.
struct BroadcastAnswer {
  std::int64_t code = 0;  ///< 0: it will be told to the others
  std::string log;
};

/// Asks one of several nodes. Used by one thread; every call may block for some seconds. Errors are
/// words on why there is no answer.
class NodeClient {
 public:
  explicit NodeClient(std::vector<NodeAddress> nodes) : nodes_(std::move(nodes)) {}

  /// Looks who has the most blocks; that node is asked from then on. False if nobody answers.
  bool choose();
  /// Of the chosen node, when it was chosen.
  [[nodiscard]] std::int64_t height() const { return height_; }
  [[nodiscard]] const std::string& chain_id() const { return chain_id_; }

  [[nodiscard]] Result<boost::json::value, std::string> rpc(const std::string& target) const;
  [[nodiscard]] Result<boost::json::value, std::string> rest(const std::string& target) const;
  [[nodiscard]] Result<AccountPlace, std::string> account(const std::string& address) const;
  [[nodiscard]] Result<BroadcastAnswer, std::string> broadcast(ByteView transaction) const;

 private:
  const std::vector<NodeAddress> nodes_;
  std::size_t chosen_ = 0;
  std::int64_t height_ = 0;
  std::string chain_id_;
};

/// The text at a JSON pointer; empty if there is none.
std::string text_at(const boost::json::value& document, std::string_view pointer);
/// The number there, as a number or as its decimal text; nothing if there is none.
std::optional<std::uint64_t> number_at(const boost::json::value& document,
                                       std::string_view pointer);

}  // namespace buri::devnet
