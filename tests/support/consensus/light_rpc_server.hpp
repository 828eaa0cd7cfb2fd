#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tests/support/consensus/made_chain.hpp"
#include "tests/support/protocol/http_server.hpp"

/// A full node's RPC over a made chain: what a light client asks for, also answered wrongly.

namespace buri::testing {

class LightRpcServer {
 public:
  explicit LightRpcServer(MadeChain chain);

  [[nodiscard]] std::string url() const { return server_.url(); }
  [[nodiscard]] int requests() const { return server_.requests(); }
  /// Bodies of broadcast_evidence that came.
  [[nodiscard]] std::vector<std::string> evidence() const;
  /// Replaces the result of a method; given what it would be. "" leaves the connection to close.
  using Twist = std::function<std::string(const std::string& result)>;
  void twist(const std::string& method, Twist twist);
  /// Replies that come before all others, whatever was asked.
  void reply_first(std::vector<HttpReply> replies);

  /// What the node answers to /commit and to /validators with all members on one page.
  static std::string commit_result(const consensus::engine::LightBlockRecord& block);
  static std::string validators_result(const consensus::engine::LightBlockRecord& block,
                                       std::size_t page, std::size_t per_page);

 private:
  HttpReply answer(const HttpRequest& request);

  MadeChain chain_;
  mutable std::mutex mutex_;
  std::map<std::string, Twist> twists_;
  std::vector<HttpReply> first_;
  std::vector<std::string> evidence_;
  HttpServer server_;  // last: its threads use what is above
};

}  // namespace buri::testing
