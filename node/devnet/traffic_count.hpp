#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <ostream>
#include <set>
#include <string>

#include "node/devnet/node_client.hpp"

/// What became of the transactions that a devnet's traffic sent.

namespace buri::devnet {

struct KindCount {
  std::uint64_t sent = 0;       ///< accepted by a node
  std::uint64_t refused = 0;    ///< by a node, at once
  std::uint64_t in_blocks = 0;  ///< and executed without error
  std::uint64_t failed = 0;     ///< in blocks, with an error
  std::uint64_t taken = 0;      ///< reports that the validators approved and the chain took over
};

/// Used by one thread.
class TrafficCount {
 public:
  /// Each reason of a refusal or failure is said to `out` once.
  explicit TrafficCount(std::ostream& out) : out_(out) {}

  void sent(const std::string& kind, ByteView transaction);
  void refused(const std::string& kind, const std::string& reason);
  void taken(const std::string& kind) { ++kinds_[kind].taken; }
  /// Looks for what was sent in the blocks up to the client's height, some blocks a call.
  void watch(const NodeClient& client);
  /// Blocks up to this one were looked at; 0 before the first.
  [[nodiscard]] std::int64_t height() const { return height_; }

  [[nodiscard]] boost::json::object json() const;
  /// One line.
  [[nodiscard]] std::string summary() const;

 private:
  bool watch_block(const NodeClient& client, std::int64_t height);
  void complain(const std::string& kind, const std::string& what);

  std::ostream& out_;
  std::map<std::string, KindCount> kinds_;
  std::map<Hash256, std::string> under_way_;
  std::set<std::string> complaints_;
  std::int64_t first_height_ = 0;
  std::int64_t height_ = 0;
};

}  // namespace buri::devnet
