#include "node/devnet/traffic_sender.hpp"

#include <fmt/format.h>

namespace buri::devnet {
namespace {

/// The SDK's code for a sequence that is not the account's next one.
constexpr std::int64_t kWrongSequence = 32;

}  // namespace

void TrafficSender::learn(Account::Time now) {
  for (Account& account : accounts_) {
    const auto place = client_.account(account.text());
    if (place.ok()) account.learn(*place, now);
  }
}

bool TrafficSender::send(const std::string& kind, const MessageFor& message) {
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    Account& account = accounts_[turn_++ % accounts_.size()];
    if (account.may_send()) return send_with(account, kind, message);
  }
  return false;
}

bool TrafficSender::send_from(const std::string& from, const std::string& kind,
                              const MessageFor& message) {
  for (Account& account : accounts_) {
    if (account.text() == from) {
      return account.may_send() && send_with(account, kind, message);
    }
  }
  return false;
}

bool TrafficSender::send_with(Account& account, const std::string& kind,
                              const MessageFor& message) {
  const auto transaction = account.sign(message(account.text()), client_.chain_id());
  if (!transaction.ok()) {
    count_.refused(kind, transaction.error());
    return false;
  }
  const auto answer = client_.broadcast(*transaction);
  if (!answer.ok() || answer->code != 0) {
    account.lost_count();
    // A wrong count heals by itself; its text differs every time.
    count_.refused(kind, !answer.ok()                     ? answer.error()
                         : answer->code == kWrongSequence ? "account sequence mismatch"
                                                          : answer->log);
    return false;
  }
  account.was_accepted();
  count_.sent(kind, *transaction);
  return true;
}

}  // namespace buri::devnet
