#include "node/devnet/sources_client.hpp"

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/clock.hpp"
#include "base/hex.hpp"
#include "node/devnet/http_get.hpp"
#include "node/devnet/node_client.hpp"

namespace buri::devnet {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kPatience{3000};

template <std::size_t kSize>
std::optional<FixedBytes<kSize>> fixed_at(const json::value& document, std::string_view pointer) {
  const std::string text = text_at(document, pointer);
  return fixed_from_hex<kSize>(std::string_view(text).substr(text.starts_with("0x") ? 2 : 0));
}

Result<ScriptedCheckpoint, std::string> read_checkpoint(const json::value& object) {
  const auto proposer = fixed_at<20>(object, "/proposer");
  const auto root = fixed_at<32>(object, "/root_hash");
  const auto start = number_at(object, "/start_block");
  const auto end = number_at(object, "/end_block");
  const auto created = number_at(object, "/created_at");
  if (!proposer || !root || !start || !end || !created) {
    return Failure{std::string("a checkpoint of the root chain is not understood")};
  }
  return ScriptedCheckpoint{*proposer, *start, *end, *root, *created};
}

}  // namespace

SourcesClient::SourcesClient(std::uint16_t port) : port_(port) {
  auto url = protocol::endpoints::parse_url(fmt::format("http://127.0.0.1:{}/bor", port));
  CHECK(url.ok(), "an address of the loopback interface is one");
  auto transport = protocol::json_rpc::HttpTransport::create({*url}, {}, system_clock());
  CHECK(transport.ok(), "plain HTTP needs no files");
  bor_ = std::move(transport).value();
}

Result<RootChainView, std::string> SourcesClient::root_chain() const {
  ASSIGN_OR_RETURN(const std::string body, http_get(port_, "/events", kPatience));
  boost::system::error_code fault;
  const json::value document = json::parse(body, fault);
  if (fault) return Failure{std::string("the answer is no JSON")};
  const auto validators = number_at(document, "/validators");
  const auto final_block = number_at(document, "/final_block");
  const json::value* list = document.find_pointer("/checkpoints", fault);
  if (!validators || *validators == 0 || !final_block || list == nullptr || !list->is_array()) {
    return Failure{std::string("the stand-in for Ethereum is of another version")};
  }
  RootChainView view{*validators, *final_block, {}};
  for (const json::value& one : list->as_array()) {
    ASSIGN_OR_RETURN(const ScriptedCheckpoint checkpoint, read_checkpoint(one));
    view.checkpoints.push_back(checkpoint);
  }
  return view;
}

Result<Hash256, std::string> SourcesClient::bor_root(std::uint64_t first,
                                                     std::uint64_t last) const {
  const std::string question = fmt::format(
      R"({{"jsonrpc":"2.0","id":1,"method":"bor_getRootHash","params":[{},{}]}})", first, last);
  const auto body = bor_->post(0, question, system_clock().monotonic() + kPatience);
  if (!body.ok()) return Failure{std::string("the stand-in for Bor does not answer")};
  boost::system::error_code fault;
  const json::value document = json::parse(*body, fault);
  const auto root = fault ? std::nullopt : fixed_at<32>(document, "/result");
  if (!root) return Failure{std::string("the stand-in for Bor does not have those blocks")};
  return *root;
}

}  // namespace buri::devnet
