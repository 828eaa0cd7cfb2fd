#include "node/devnet/source_answers.hpp"

#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <optional>

#include "base/hex.hpp"
#include "node/devnet/identity.hpp"
#include "node/devnet/root_chain_script.hpp"
#include "node/devnet/script_keys.hpp"

namespace buri::devnet {
namespace {

namespace json = boost::json;

constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;
constexpr std::uint64_t kMaxRootBlocks = 32'768;
/// Between the indices of two checkpoints in the contract RootChain.
constexpr std::uint64_t kHeaderBlockInterval = 10'000;
constexpr std::string_view kClient = "buri-devnet/stand-in";

struct MethodError {
  int code;
  std::string message;
};
using MethodResult = Result<json::value, MethodError>;
using Method = std::function<MethodResult(std::string_view name, const json::array& params)>;

std::string hex(ByteView bytes) { return "0x" + to_hex(bytes); }
std::string quantity(std::uint64_t number) { return fmt::format("0x{:x}", number); }

Failure<MethodError> bad(std::string expected) {
  return Failure{MethodError{kInvalidParams, "expected " + std::move(expected)}};
}

std::string_view text_of(const json::array& params, std::size_t index) {
  if (index >= params.size() || !params[index].is_string()) return {};
  return std::string_view(params[index].as_string());
}

/// "0x1f", or a number as such.
std::optional<std::uint64_t> number_of(const json::array& params, std::size_t index) {
  if (index >= params.size()) return std::nullopt;
  if (params[index].is_int64() && params[index].as_int64() >= 0) {
    return static_cast<std::uint64_t>(params[index].as_int64());
  }
  const std::string_view text = text_of(params, index);
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  if (!text.starts_with("0x")) return std::nullopt;
  const auto [stop, error] = std::from_chars(text.data() + 2, end, number, 16);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::optional<Hash256> hash_of(const json::array& params, std::size_t index) {
  const std::string_view text = text_of(params, index);
  return text.starts_with("0x") ? fixed_from_hex<32>(text.substr(2)) : std::nullopt;
}

json::object header_json(const protocol::bor::Header& header, const Hash256& hash) {
  return {{"parentHash", hex(header.parent_hash)},
          {"sha3Uncles", hex(header.uncles_hash)},
          {"miner", hex(header.coinbase)},
          {"stateRoot", hex(header.state_root)},
          {"transactionsRoot", hex(header.transactions_root)},
          {"receiptsRoot", hex(header.receipts_root)},
          {"logsBloom", hex(header.bloom)},
          {"difficulty", quantity(*header.difficulty.to_uint64())},
          {"number", quantity(header.number)},
          {"gasLimit", quantity(header.gas_limit)},
          {"gasUsed", quantity(header.gas_used)},
          {"timestamp", quantity(header.time)},
          {"extraData", hex(header.extra)},
          {"mixHash", hex(header.mix_digest)},
          {"nonce", hex(header.nonce)},
          {"baseFeePerGas", quantity(*header.base_fee->to_uint64())},
          {"hash", hex(hash)}};
}

/// Bor's methods over a chain that stands still meanwhile.
class BorMethods {
 public:
  explicit BorMethods(const BorScript& chain) : chain_(chain) {}

  MethodResult operator()(std::string_view name, const json::array& params) const {
    if (name == "eth_chainId") return json::value(quantity(kBorChainId));
    if (name == "net_version") return json::value(std::to_string(kBorChainId));
    if (name == "web3_clientVersion") return json::value(kClient);
    if (name == "eth_syncing") return json::value(false);
    if (name == "eth_blockNumber") return json::value(quantity(chain_.head()));
    if (name == "eth_getTransactionReceipt") return json::value(nullptr);
    if (name == "eth_getHeaderByNumber") return header(block(params), false);
    if (name == "eth_getBlockByNumber") return header(block(params), true);
    if (name == "eth_getHeaderByHash" || name == "eth_getTdByHash") return by_hash(name, params);
    if (name == "eth_getTdByNumber") return difficulty(block(params));
    if (name == "bor_getAuthor") return author(block(params));
    if (name == "bor_getRootHash") return root(params);
    if (name == "bor_getVoteOnHash") return json::value(true);
    return Failure{MethodError{
        kMethodNotFound, "the method " + std::string(name) + " does not exist/is not available"}};
  }

 private:
  /// The block that the first parameter names; nothing if it is not there.
  [[nodiscard]] std::optional<std::uint64_t> block(const json::array& params) const {
    const std::string_view tag = text_of(params, 0);
    if (tag == "earliest") return 0;
    if (tag == "latest" || tag == "pending" || tag == "safe" || tag == "finalized") {
      return chain_.head();
    }
    const auto number = number_of(params, 0);
    return number && *number <= chain_.head() ? number : std::nullopt;
  }

  [[nodiscard]] json::value header(std::optional<std::uint64_t> number, bool is_block) const {
    if (!number) return nullptr;
    json::object object = header_json(chain_.header(*number), chain_.hash(*number));
    if (is_block) {
      object["size"] = "0x25c";
      object["totalDifficulty"] = quantity(*number + 1);
      object["transactions"] = json::array();
      object["uncles"] = json::array();
    }
    return object;
  }

  [[nodiscard]] json::value difficulty(std::optional<std::uint64_t> number) const {
    if (!number) return nullptr;
    return json::object{{"totalDifficulty", quantity(*number + 1)}};
  }

  [[nodiscard]] json::value author(std::optional<std::uint64_t> number) const {
    if (!number) return nullptr;
    return json::value(hex(chain_.author(*number)));
  }

  [[nodiscard]] MethodResult by_hash(std::string_view name, const json::array& params) const {
    const auto hash = hash_of(params, 0);
    if (!hash) return bad("a hash of 32 bytes");
    const auto number = chain_.number_of(*hash);
    return name == "eth_getTdByHash" ? difficulty(number) : header(number, false);
  }

  [[nodiscard]] MethodResult root(const json::array& params) const {
    const auto first = number_of(params, 0);
    const auto last = number_of(params, 1);
    if (!first || !last || *first > *last || *last > chain_.head() ||
        *last - *first >= kMaxRootBlocks) {
      return bad("a range of blocks that are there");
    }
    return json::value(to_hex(chain_.root(*first, *last)));
  }

  const BorScript& chain_;
};

/// What a root chain is at one moment.
struct RootChainMoment {
  const RootChainCheckpoints& checkpoints;
  std::uint64_t validators = 0;
  std::uint64_t head = 0;
  std::uint64_t now_s = 0;
};

/// Methods of a root chain that stands still meanwhile.
class RootChainMethods {
 public:
  explicit RootChainMethods(const RootChainMoment& moment)
      : checkpoints_(moment.checkpoints.all()),
        validators_(moment.validators),
        head_(moment.head),
        now_s_(moment.now_s) {}

  MethodResult operator()(std::string_view name, const json::array& params) const {
    if (name == "eth_chainId") return json::value(quantity(kRootChainId));
    if (name == "net_version") return json::value(std::to_string(kRootChainId));
    if (name == "web3_clientVersion") return json::value(kClient);
    if (name == "eth_syncing") return json::value(false);
    if (name == "eth_blockNumber") return json::value(quantity(head_));
    if (name == "eth_getBlockByNumber") return block(params);
    if (name == "eth_getTransactionReceipt") return receipt(params);
    if (name == "eth_getLogs") return json::array();
    if (name == "eth_call") return call(params);
    return Failure{MethodError{
        kMethodNotFound, "the method " + std::string(name) + " does not exist/is not available"}};
  }

 private:
  [[nodiscard]] MethodResult block(const json::array& params) const {
    const std::string_view tag = text_of(params, 0);
    std::optional<std::uint64_t> number = number_of(params, 0);
    if (tag == "latest" || tag == "pending") number = head_;
    if (tag == "finalized" || tag == "safe") number = head_ - kFinalityBlocks;
    if (!number) return bad("the number of a block or a tag");
    if (*number > head_) return json::value(nullptr);
    protocol::bor::Header header;
    header.number = *number;
    header.difficulty = U256::from_uint64(0);
    header.base_fee = U256::from_uint64(1);
    header.time = now_s_ - (head_ - *number);
    json::object object = header_json(header, protocol::bor::identify(header).hash);
    object["size"] = "0x25c";
    object["totalDifficulty"] = "0x0";
    object["transactions"] = json::array();
    object["uncles"] = json::array();
    return object;
  }

  [[nodiscard]] MethodResult receipt(const json::array& params) const {
    const auto hash = hash_of(params, 0);
    if (!hash) return bad("a hash of 32 bytes");
    const auto event = event_of(*hash, head_, validators_);
    if (!event) return json::value(nullptr);
    return receipt_json(*event);
  }

  /// Nobody asks for stakes: every value of the contracts is zero but the number of messages and
  /// the checkpoints.
  [[nodiscard]] MethodResult call(const json::array& params) const {
    if (params.empty() || !params[0].is_object()) return bad("a call object");
    const json::object& object = params[0].as_object();
    const json::value* data = object.if_contains("data");
    if (data == nullptr) data = object.if_contains("input");
    if (data == nullptr || !data->is_string()) return bad("\"data\" in the call");
    const std::string_view input(data->as_string());
    const auto is = [&](std::string_view signature) {
      return input.starts_with(selector(signature));
    };
    const std::uint64_t count = checkpoints_.size();
    if (is("headerBlocks(uint256)")) return json::value(header_block(input.substr(10)));
    if (is("getStakerDetails(uint256)")) return json::value(zeros(6));
    if (is("counter()")) return json::value(word(message_count(head_)));
    if (is("currentHeaderBlock()")) return json::value(word(count * kHeaderBlockInterval));
    if (is("getLastChildBlock()")) {
      return json::value(word(count == 0 ? 0 : checkpoints_.back().end_block));
    }
    return json::value(zeros(1));
  }

  /// Root, first and last block, time and proposer of the checkpoint with that index in the
  /// contract, ten thousand for each; zeros if there is none.
  [[nodiscard]] std::string header_block(std::string_view argument) const {
    const auto bytes = from_hex(argument);
    const auto index = bytes ? U256::from_big_endian(*bytes) : std::nullopt;
    const std::uint64_t number = index ? index->to_uint64().value_or(0) : 0;
    const std::uint64_t place = number / kHeaderBlockInterval;
    if (number % kHeaderBlockInterval != 0 || place == 0 || place > checkpoints_.size()) {
      return zeros(5);
    }
    const ScriptedCheckpoint& one = checkpoints_[place - 1];
    Bytes words;
    append(words, one.root_hash);
    for (const std::uint64_t value : {one.start_block, one.end_block, one.created_at}) {
      append(words, U256::from_uint64(value).to_word());
    }
    words.resize(words.size() + 12, 0);
    append(words, one.proposer);
    return hex(words);
  }

  static std::string word(std::uint64_t number) { return hex(U256::from_uint64(number).to_word()); }
  static std::string selector(std::string_view signature) {
    return hex(ByteView(keccak(as_bytes(signature))).first(4));
  }

  static std::string zeros(std::size_t words) { return "0x" + std::string(words * 64, '0'); }

  const std::vector<ScriptedCheckpoint>& checkpoints_;
  const std::uint64_t validators_;
  const std::uint64_t head_;
  const std::uint64_t now_s_;
};

json::object error_json(const json::value& id, const MethodError& error) {
  return {{"jsonrpc", "2.0"},
          {"id", id},
          {"error", {{"code", error.code}, {"message", error.message}}}};
}

json::object answer_one(const json::value& request, const Method& method) {
  const json::object* object = request.if_object();
  const json::value* name = object != nullptr ? object->if_contains("method") : nullptr;
  if (name == nullptr || !name->is_string()) {
    return error_json(nullptr, {kInvalidRequest, "invalid request"});
  }
  const json::value* id = object->if_contains("id");
  const json::value* params = object->if_contains("params");
  static const json::array kNone;
  auto result = method(std::string_view(name->as_string()),
                       params != nullptr && params->is_array() ? params->as_array() : kNone);
  const json::value number = id != nullptr ? *id : json::value(nullptr);
  if (!result.ok()) return error_json(number, result.error());
  return {{"jsonrpc", "2.0"}, {"id", number}, {"result", std::move(result).value()}};
}

std::string answer(std::string_view body, const Method& method) {
  boost::system::error_code fault;
  const json::value request = json::parse(body, fault);
  if (fault) return json::serialize(error_json(nullptr, {kParseError, "parse error"}));
  const json::array* batch = request.if_array();
  if (batch == nullptr) return json::serialize(answer_one(request, method));
  if (batch->empty() || batch->size() > SourceAnswers::kMaxBatch) {
    return json::serialize(error_json(nullptr, {kInvalidRequest, "batch too large or empty"}));
  }
  json::array answers;
  for (const json::value& one : *batch) answers.push_back(answer_one(one, method));
  return json::serialize(answers);
}

}  // namespace

std::string SourceAnswers::bor(std::string_view body) {
  const std::lock_guard lock(mutex_);
  return answer(body, BorMethods(bor_));
}

std::uint64_t SourceAnswers::head(std::uint64_t now_s) const {
  const std::uint64_t start = root_chain_.start_time_s();
  return root_chain_head(now_s > start ? now_s - start : 0);
}

std::string SourceAnswers::root_chain(std::string_view body, std::uint64_t now_s) {
  const std::lock_guard lock(mutex_);
  return answer(body, RootChainMethods({root_chain_, validators_, head(now_s), now_s}));
}

std::string SourceAnswers::events(std::uint64_t now_s) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t last = head(now_s) - kFinalityBlocks;
  json::array list;
  for (std::uint64_t place = 0; place < event_count(last); ++place) {
    list.push_back(event_json(event_at(place, validators_)));
  }
  json::array checkpoints;
  for (const ScriptedCheckpoint& one : root_chain_.all()) {
    checkpoints.push_back(checkpoint_json(one, checkpoints.size() + 1));
  }
  return json::serialize(json::object{{"validators", validators_},
                                      {"final_block", last},
                                      {"checkpoints", checkpoints},
                                      {"events", list}}) +
         "\n";
}

}  // namespace buri::devnet
