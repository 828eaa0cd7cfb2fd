#include "tests/support/consensus/light_rpc_server.hpp"

#include <algorithm>

#include "base/json_cursor.hpp"
#include "node/consensus/api/value_json.hpp"

namespace buri::testing {
namespace {

using consensus::api::JsonWriter;
using consensus::engine::LightBlockRecord;

std::string member_text(const JsonCursor& object, std::string_view key) {
  const auto member = object.member(key);
  return member.ok() ? member->value().text : "";
}

std::string error_answer(const std::string& id, const std::string& data) {
  return R"({"jsonrpc":"2.0","id":)" + id +
         R"(,"error":{"code":-32603,"message":"Internal error","data":")" + data + "\"}}";
}

}  // namespace

LightRpcServer::LightRpcServer(MadeChain chain)
    : chain_(std::move(chain)),
      server_([this](const HttpRequest& request) { return answer(request); }) {}

std::vector<std::string> LightRpcServer::evidence() const {
  const std::lock_guard lock(mutex_);
  return evidence_;
}

void LightRpcServer::twist(const std::string& method, Twist twist) {
  const std::lock_guard lock(mutex_);
  twists_[method] = std::move(twist);
}

void LightRpcServer::reply_first(std::vector<HttpReply> replies) {
  const std::lock_guard lock(mutex_);
  first_ = std::move(replies);
}

std::string LightRpcServer::commit_result(const LightBlockRecord& block) {
  JsonWriter out;
  out.begin_object().key("signed_header").begin_object();
  consensus::api::write_header(out.key("header"), block.header);
  consensus::api::write_commit(out.key("commit"), block.commit);
  out.end_object().key("canonical").boolean(true).end_object();
  return out.take();
}

std::string LightRpcServer::validators_result(const LightBlockRecord& block, std::size_t page,
                                              std::size_t per_page) {
  const auto all = block.validators.validators();
  const std::size_t from = std::min((page - 1) * per_page, all.size());
  const auto some = all.subspan(from, std::min(per_page, all.size() - from));
  JsonWriter out;
  out.begin_object().key("block_height").integer(block.height());
  out.key("validators").begin_array();
  for (const auto& validator : some) consensus::api::write_validator(out, validator);
  out.end_array();
  out.key("count").integer(static_cast<std::int64_t>(some.size()));
  out.key("total").integer(static_cast<std::int64_t>(all.size())).end_object();
  return out.take();
}

HttpReply LightRpcServer::answer(const HttpRequest& request) {
  const std::lock_guard lock(mutex_);
  if (!first_.empty()) {
    const HttpReply reply = first_.front();
    first_.erase(first_.begin());
    return reply;
  }
  const auto document = parse_json(request.body);
  CHECK(document.ok(), "the client sends JSON");
  const JsonCursor root(*document);
  const std::string id = member_text(root, "id");
  const std::string method = member_text(root, "method");
  const auto params = root.member("params");
  const std::string height_text = member_text(*params, "height");
  const std::int64_t height = height_text.empty() ? chain_.height() : std::stoll(height_text);
  std::string result;
  if (method == "status") {
    result = R"({"node_info":{"network":")" + std::string(MadeChain::kChainId) +
             R"(","other":{}},"sync_info":{"latest_block_height":")" +
             std::to_string(chain_.height()) + R"(","earliest_block_height":"1"}})";
  } else if (method == "broadcast_evidence") {
    evidence_.push_back(request.body);
    result = R"({"hash":"AAAA"})";
  } else if (height > chain_.height()) {
    return http_ok(
        error_answer(id, "height " + std::to_string(height) +
                             " must be less than or equal to the current blockchain height " +
                             std::to_string(chain_.height())));
  } else if (method == "commit") {
    result = commit_result(chain_.at(height));
  } else {
    result = validators_result(chain_.at(height), std::stoul(member_text(*params, "page")),
                               std::stoul(member_text(*params, "per_page")));
  }
  if (const auto found = twists_.find(method); found != twists_.end()) {
    result = found->second(result);
    if (result.starts_with("error:")) return http_ok(error_answer(id, result.substr(6)));
  }
  return http_ok(R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":)" + result + "}");
}

}  // namespace buri::testing
