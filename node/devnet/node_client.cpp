#include "node/devnet/node_client.hpp"

#include <charconv>

#include "base/hex.hpp"
#include "node/devnet/http_get.hpp"

namespace buri::devnet {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kPatience{5000};
constexpr std::chrono::milliseconds kStatusPatience{1500};

Result<json::value, std::string> get(std::uint16_t port, const std::string& target,
                                     std::chrono::milliseconds patience) {
  ASSIGN_OR_RETURN(const std::string body, http_get(port, target, patience));
  boost::system::error_code fault;
  json::value document = json::parse(body, fault);
  if (fault) return Failure{std::string("the answer is no JSON")};
  return document;
}

}  // namespace

std::string text_at(const json::value& document, std::string_view pointer) {
  boost::system::error_code missing;
  const json::value* found = document.find_pointer(pointer, missing);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : "";
}

std::optional<std::uint64_t> number_at(const json::value& document, std::string_view pointer) {
  boost::system::error_code missing;
  const json::value* found = document.find_pointer(pointer, missing);
  if (found == nullptr) return std::nullopt;
  if (found->is_int64() && found->as_int64() >= 0) {
    return static_cast<std::uint64_t>(found->as_int64());
  }
  if (found->is_uint64()) return found->as_uint64();
  if (!found->is_string()) return std::nullopt;
  const std::string_view text(found->as_string());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool NodeClient::choose() {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const auto status = get(nodes_[i].rpc, "/status", kStatusPatience);
    if (!status.ok()) continue;
    const auto height = number_at(*status, "/result/sync_info/latest_block_height");
    if (!height || (best && static_cast<std::int64_t>(*height) <= height_)) continue;
    best = i;
    height_ = static_cast<std::int64_t>(*height);
    chain_id_ = text_at(*status, "/result/node_info/network");
  }
  chosen_ = best.value_or(chosen_);
  return best.has_value();
}

Result<json::value, std::string> NodeClient::rpc(const std::string& target) const {
  return get(nodes_[chosen_].rpc, target, kPatience);
}

Result<json::value, std::string> NodeClient::rest(const std::string& target) const {
  return get(nodes_[chosen_].rest, target, kPatience);
}

Result<AccountPlace, std::string> NodeClient::account(const std::string& address) const {
  ASSIGN_OR_RETURN(const json::value answer, rest("/cosmos/auth/v1beta1/accounts/" + address));
  const auto number = number_at(answer, "/account/account_number");
  const auto sequence = number_at(answer, "/account/sequence");
  if (!number || !sequence) return Failure{std::string("the account's place is not told")};
  return AccountPlace{*number, *sequence};
}

Result<BroadcastAnswer, std::string> NodeClient::broadcast(ByteView transaction) const {
  ASSIGN_OR_RETURN(const json::value answer, rpc("/broadcast_tx_sync?tx=0x" + to_hex(transaction)));
  const auto code = number_at(answer, "/result/code");
  if (!code) return Failure{std::string("the node does not say whether it took it")};
  return BroadcastAnswer{static_cast<std::int64_t>(*code), text_at(answer, "/result/log")};
}

}  // namespace buri::devnet
