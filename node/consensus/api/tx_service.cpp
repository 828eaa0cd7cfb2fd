#include "node/consensus/api/tx_service.hpp"

#include <algorithm>

#include "accel/hasher.hpp"
#include "base/hex.hpp"
#include "node/consensus/api/node_services.hpp"
#include "node/consensus/api/tx_service_types.hpp"
#include "node/consensus/tx/decode.hpp"

namespace buri::consensus::api {
namespace {

using runtime::Context;
using runtime::QueryError;
using runtime::QueryResult;
using runtime::refuse;
using runtime::SdkCode;
using Code = QueryError::Code;

constexpr std::uint64_t kDefaultLimit = 100;
constexpr std::string_view kService = "cosmos.tx.v1beta1.Service/";
constexpr std::string_view kNoIndex = "transaction indexing is disabled";

std::string upper_hex(ByteView bytes) {
  std::string text = to_hex(bytes);
  std::ranges::transform(text, text.begin(), [](char digit) {
    return digit >= 'a' && digit <= 'f' ? static_cast<char>(digit - ('a' - 'A')) : digit;
  });
  return text;
}

std::string tx_hash(ByteView tx) {
  Hash256 digest;
  accel::best_hasher().sha256_batch(std::span(&tx, 1), std::span(&digest, 1));
  return upper_hex(digest);
}

/// A transaction as it is shown; nothing if it is none.
std::optional<tx::Tx> shown(ByteView raw, const runtime::MessageRegistry& registry) {
  if (!tx::decode_transaction(raw, registry).ok()) return std::nullopt;
  auto decoded = codec::decode<tx::Tx>(raw);
  if (!decoded.ok()) return std::nullopt;
  return std::move(decoded).value();
}

/// What the mempool's own refusals become: answers with a code, where the client may try again.
std::optional<SdkCode> known_refusal(const std::string& sentence) {
  std::string text = sentence;
  std::ranges::transform(text, text.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
  });
  if (text.find("tx already exists in cache") != std::string::npos) {
    return SdkCode::kTxInMempoolCache;
  }
  if (text.find("mempool is full") != std::string::npos) return SdkCode::kMempoolIsFull;
  if (text.find("tx too large") != std::string::npos) return SdkCode::kTxTooLarge;
  return std::nullopt;
}

QueryResult<wire::BroadcastTxResponse> broadcast(ServiceNode& node,
                                                 const wire::BroadcastTxRequest& request) {
  if (request.tx_bytes.empty()) return refuse(Code::kInvalidArgument, "invalid empty tx");
  wire::BroadcastTxResponse answer;
  wire::TxResponse& response = answer.tx_response.emplace();
  response.txhash = tx_hash(request.tx_bytes);
  if (request.mode == wire::BroadcastMode::kAsync) {
    node.broadcast_later(request.tx_bytes);
    return answer;
  }
  if (request.mode != wire::BroadcastMode::kSync) {
    return refuse(Code::kUnknown,
                  "unsupported return type unspecified; supported types: sync, async");
  }
  const auto result = node.broadcast(request.tx_bytes);
  if (result.ok()) {
    response.code = result->code;
    response.codespace = result->codespace;
    response.data = upper_hex(result->data);
    response.raw_log = result->log;
    return answer;
  }
  const auto code = known_refusal(result.error());
  if (!code) return refuse(Code::kUnknown, result.error());
  response.code = static_cast<std::uint32_t>(*code);
  response.codespace = runtime::kSdkCodespace;
  return answer;
}

QueryResult<Simulation> simulate(const AbciQueries& abci, const wire::SimulateRequest& request) {
  Bytes raw = request.tx_bytes;
  if (raw.empty() && request.tx) raw = codec::encode(*request.tx);
  if (raw.empty()) return refuse(Code::kInvalidArgument, "empty txBytes is not allowed");
  const auto result = abci.simulate(raw);
  if (!result.ok()) {
    return refuse(Code::kUnknown, result.error().log + " with gas used: '0'");
  }
  if (!result->ok()) {
    return refuse(Code::kUnknown,
                  result->log + " with gas used: '" + std::to_string(result->gas_used) + "'");
  }
  return simulation_of(*result);
}

QueryResult<wire::GetTxsEventResponse> search(const Context& /*context*/,
                                              const wire::GetTxsEventRequest& request) {
  if (request.query.empty()) return refuse(Code::kInternal, "query cannot be empty");
  return refuse(Code::kInternal, "failed to search for txs: " + std::string(kNoIndex));
}

QueryResult<wire::GetTxResponse> by_hash(const Context& /*context*/,
                                         const wire::GetTxRequest& request) {
  if (request.hash.empty()) return refuse(Code::kInvalidArgument, "tx hash cannot be empty");
  const std::size_t bad = request.hash.find_first_not_of("0123456789abcdefABCDEF");
  if (bad != std::string::npos) {
    std::string quoted = "'";
    quoted += request.hash[bad];
    return refuse(Code::kUnknown, "encoding/hex: invalid byte: " + quoted + "'");
  }
  if (request.hash.size() % 2 != 0) {
    return refuse(Code::kUnknown, "encoding/hex: odd length hex string");
  }
  return refuse(Code::kUnknown, std::string(kNoIndex));
}

/// Which of a block's transactions a page shows, in its order. REQUIRES: the offset is within them.
std::vector<std::size_t> page_of(const std::optional<runtime::PageRequest>& page,
                                 std::uint64_t count) {
  const std::uint64_t offset = page ? page->offset : 0;
  const std::uint64_t limit = page ? page->limit : kDefaultLimit;
  std::vector<std::size_t> shown_ones;
  if (count == 0) return shown_ones;
  if (page && page->reverse) {
    // As stock walks it: from the offset down, the first transaction of all left out.
    for (std::uint64_t i = offset; i > 0 && shown_ones.size() < limit; --i) {
      if (i < count) shown_ones.push_back(i);
    }
    return shown_ones;
  }
  for (std::uint64_t i = offset; i < count && shown_ones.size() < limit; ++i) {
    shown_ones.push_back(i);
  }
  return shown_ones;
}

QueryResult<wire::GetBlockWithTxsResponse> block_with_txs(
    const Context& context, const ServiceNode& node, const runtime::MessageRegistry& registry,
    const wire::GetBlockWithTxsRequest& request) {
  if (request.height < 1 || request.height > context.height()) {
    return Failure{status_of(runtime::sdk_error(
        SdkCode::kInvalidHeight,
        "requested height " + std::to_string(request.height) +
            " but height must not be less than 1 or greater than the current height " +
            std::to_string(context.height())))};
  }
  ASSIGN_OR_RETURN(const ServiceBlock found, block_at(node, request.height));
  auto block = codec::decode<wire::Block>(found.encoded);
  if (!block.ok()) return refuse(Code::kInternal, "the stored block does not decode");
  const std::uint64_t count = block->data.txs.size();
  const std::uint64_t offset = request.pagination ? request.pagination->offset : 0;
  if (offset >= count && count != 0) {
    const std::uint64_t limit = request.pagination->limit;
    return Failure{status_of(runtime::sdk_error(
        SdkCode::kInvalidRequest, "out of range: cannot paginate " + std::to_string(count) +
                                      " txs with offset " + std::to_string(offset) + " and limit " +
                                      std::to_string(limit)))};
  }
  wire::GetBlockWithTxsResponse answer;
  for (const std::size_t index : page_of(request.pagination, count)) {
    // The votes at a block's head are no transaction and are left out.
    if (auto one = shown(block->data.txs[index], registry)) answer.txs.push_back(*std::move(one));
  }
  const auto hash = [](const engine::OptionalHash& one) {
    return one ? Bytes(one->bytes.begin(), one->bytes.end()) : Bytes{};
  };
  answer.block_id =
      wire::BlockId{hash(found.id.hash), {found.id.parts.total, hash(found.id.parts.hash)}};
  answer.block = std::move(block).value();
  answer.pagination.emplace().total = count;
  return answer;
}

QueryResult<wire::TxHolder> decode_tx(const runtime::MessageRegistry& registry,
                                      const wire::TxBytes& request) {
  if (request.tx_bytes.empty()) return refuse(Code::kInvalidArgument, "invalid empty tx bytes");
  auto decoded = shown(request.tx_bytes, registry);
  if (!decoded) return Failure{status_of(runtime::sdk_error(SdkCode::kTxDecode))};
  return wire::TxHolder{std::move(decoded)};
}

QueryResult<wire::TxBytes> encode_tx(const Context& /*context*/, const wire::TxHolder& request) {
  if (!request.tx) return refuse(Code::kInvalidArgument, "invalid empty tx");
  return wire::TxBytes{codec::encode(*request.tx)};
}

}  // namespace

void register_tx_service(runtime::QueryRouter& router, ServiceNode& node, const AbciQueries& abci,
                         const runtime::MessageRegistry& registry) {
  const std::string service(kService);
  router.add_posted<wire::BroadcastTxRequest, wire::BroadcastTxResponse>(
      service + "BroadcastTx", [&node](const Context&, const wire::BroadcastTxRequest& request) {
        return broadcast(node, request);
      });
  router.add_posted<wire::SimulateRequest, Simulation>(
      service + "Simulate", [&abci](const Context&, const wire::SimulateRequest& request) {
        return simulate(abci, request);
      });
  router.add<wire::GetTxRequest, wire::GetTxResponse>(service + "GetTx", &by_hash);
  router.add<wire::GetTxsEventRequest, wire::GetTxsEventResponse>(service + "GetTxsEvent", &search);
  router.add<wire::GetBlockWithTxsRequest, wire::GetBlockWithTxsResponse>(
      service + "GetBlockWithTxs",
      [&node, &registry](const Context& context, const wire::GetBlockWithTxsRequest& request) {
        return block_with_txs(context, node, registry, request);
      });
  router.add_posted<wire::TxBytes, wire::TxHolder>(
      service + "TxDecode", [&registry](const Context&, const wire::TxBytes& request) {
        return decode_tx(registry, request);
      });
  router.add_posted<wire::TxHolder, wire::TxBytes>(service + "TxEncode", &encode_tx);
}

}  // namespace buri::consensus::api
