#pragma once

#include <functional>
#include <string>
#include <vector>

#include "node/devnet/account.hpp"
#include "node/devnet/traffic_count.hpp"

namespace buri::devnet {

/// Signs and broadcasts with the accounts of a devnet. Used by one thread.
class TrafficSender {
 public:
  /// Makes the message that an account ("0x…") sends.
  using MessageFor = std::function<hsm::wire::HeimdallMessage(const std::string& from)>;

  /// Borrows client and count.
  TrafficSender(const NodeClient& client, std::vector<Account> accounts, TrafficCount& count)
      : client_(client), accounts_(std::move(accounts)), count_(count) {}

  /// Asks the chain where the accounts stand.
  void learn(Account::Time now);
  /// From the next account that may send; false if none may or the node did not take it.
  bool send(const std::string& kind, const MessageFor& message);
  /// From the account with that text; false also if there is none.
  bool send_from(const std::string& from, const std::string& kind, const MessageFor& message);

 private:
  bool send_with(Account& account, const std::string& kind, const MessageFor& message);

  const NodeClient& client_;
  std::vector<Account> accounts_;
  TrafficCount& count_;
  std::size_t turn_ = 0;
};

}  // namespace buri::devnet
