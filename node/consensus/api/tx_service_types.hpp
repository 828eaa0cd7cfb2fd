#pragma once

#include "node/consensus/api/block_types.hpp"
#include "node/consensus/api/simulation.hpp"
#include "node/consensus/runtime/pagination.hpp"
#include "node/consensus/tx/types.hpp"

/// Requests and responses of cosmos.tx.v1beta1.Service (the .proto file of the network's SDK fork).

namespace buri::consensus::api::wire {

enum class OrderBy : std::int32_t { kUnspecified = 0, kAscending = 1, kDescending = 2 };
inline constexpr std::array<std::string_view, 3> kOrderByNames{"ORDER_BY_UNSPECIFIED",
                                                               "ORDER_BY_ASC", "ORDER_BY_DESC"};
constexpr std::span<const std::string_view> enum_names(OrderBy) { return kOrderByNames; }

enum class BroadcastMode : std::int32_t { kUnspecified = 0, kBlock = 1, kSync = 2, kAsync = 3 };
inline constexpr std::array<std::string_view, 4> kBroadcastModeNames{
    "BROADCAST_MODE_UNSPECIFIED", "BROADCAST_MODE_BLOCK", "BROADCAST_MODE_SYNC",
    "BROADCAST_MODE_ASYNC"};
constexpr std::span<const std::string_view> enum_names(BroadcastMode) {
  return kBroadcastModeNames;
}

struct StringEvent {
  std::string type{};
  std::vector<AbciEventAttribute> attributes{};

  static constexpr std::string_view kName = "cosmos.base.abci.v1beta1.StringEvent";
  static constexpr auto fields() {
    using codec::Field;
    using T = StringEvent;
    return fields_of(Field{1, "type", &T::type}, Field{2, "attributes", &T::attributes});
  }
};

struct MessageLog {
  std::uint32_t msg_index = 0;
  std::string log{};
  std::vector<StringEvent> events{};

  static constexpr std::string_view kName = "cosmos.base.abci.v1beta1.ABCIMessageLog";
  static constexpr auto fields() {
    using codec::Field;
    using T = MessageLog;
    return fields_of(Field{1, "msg_index", &T::msg_index}, Field{2, "log", &T::log},
                     Field{3, "events", &T::events});
  }
};

struct TxResponse {
  std::int64_t height = 0;
  std::string txhash{};
  std::string codespace{};
  std::uint32_t code = 0;
  std::string data{};
  std::string raw_log{};
  std::vector<MessageLog> logs{};
  std::string info{};
  std::int64_t gas_wanted = 0;
  std::int64_t gas_used = 0;
  std::optional<Any> tx{};
  std::string timestamp{};
  std::vector<AbciEvent> events{};

  static constexpr std::string_view kName = "cosmos.base.abci.v1beta1.TxResponse";
  static constexpr auto fields() {
    using codec::Field;
    using T = TxResponse;
    return fields_of(Field{1, "height", &T::height}, Field{2, "txhash", &T::txhash},
                     Field{3, "codespace", &T::codespace}, Field{4, "code", &T::code},
                     Field{5, "data", &T::data}, Field{6, "raw_log", &T::raw_log},
                     Field{7, "logs", &T::logs}, Field{8, "info", &T::info},
                     Field{9, "gas_wanted", &T::gas_wanted}, Field{10, "gas_used", &T::gas_used},
                     Field{11, "tx", &T::tx}, Field{12, "timestamp", &T::timestamp},
                     Field{13, "events", &T::events});
  }
};

struct GetTxRequest {
  std::string hash{};

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.GetTxRequest";
  static constexpr auto fields() {
    using codec::Field;
    using T = GetTxRequest;
    return fields_of(Field{1, "hash", &T::hash});
  }
};

struct GetTxResponse {
  std::optional<tx::Tx> tx{};
  std::optional<TxResponse> tx_response{};

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.GetTxResponse";
  static constexpr auto fields() {
    using codec::Field;
    using T = GetTxResponse;
    return fields_of(Field{1, "tx", &T::tx}, Field{2, "tx_response", &T::tx_response});
  }
};

struct GetTxsEventRequest {
  std::vector<std::string> events{};
  std::optional<runtime::PageRequest> pagination{};
  OrderBy order_by = OrderBy::kUnspecified;
  std::uint64_t page = 0;
  std::uint64_t limit = 0;
  std::string query{};

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.GetTxsEventRequest";
  static constexpr auto fields() {
    using codec::Field;
    using T = GetTxsEventRequest;
    return fields_of(Field{1, "events", &T::events}, Field{2, "pagination", &T::pagination},
                     Field{3, "order_by", &T::order_by}, Field{4, "page", &T::page},
                     Field{5, "limit", &T::limit}, Field{6, "query", &T::query});
  }
};

struct GetTxsEventResponse {
  std::vector<tx::Tx> txs{};
  std::vector<TxResponse> tx_responses{};
  std::optional<runtime::PageResponse> pagination{};
  std::uint64_t total = 0;

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.GetTxsEventResponse";
  static constexpr auto fields() {
    using codec::Field;
    using T = GetTxsEventResponse;
    return fields_of(Field{1, "txs", &T::txs}, Field{2, "tx_responses", &T::tx_responses},
                     Field{3, "pagination", &T::pagination}, Field{4, "total", &T::total});
  }
};

struct BroadcastTxRequest {
  Bytes tx_bytes{};
  BroadcastMode mode = BroadcastMode::kUnspecified;

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.BroadcastTxRequest";
  static constexpr auto fields() {
    using codec::Field;
    using T = BroadcastTxRequest;
    return fields_of(Field{1, "tx_bytes", &T::tx_bytes}, Field{2, "mode", &T::mode});
  }
};

struct BroadcastTxResponse {
  std::optional<TxResponse> tx_response{};

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.BroadcastTxResponse";
  static constexpr auto fields() {
    using codec::Field;
    using T = BroadcastTxResponse;
    return fields_of(Field{1, "tx_response", &T::tx_response});
  }
};

struct SimulateRequest {
  std::optional<tx::Tx> tx{};
  Bytes tx_bytes{};

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.SimulateRequest";
  static constexpr auto fields() {
    using codec::Field;
    using T = SimulateRequest;
    return fields_of(Field{1, "tx", &T::tx}, Field{2, "tx_bytes", &T::tx_bytes});
  }
};

struct GetBlockWithTxsRequest {
  std::int64_t height = 0;
  std::optional<runtime::PageRequest> pagination{};

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.GetBlockWithTxsRequest";
  static constexpr auto fields() {
    using codec::Field;
    using T = GetBlockWithTxsRequest;
    return fields_of(Field{1, "height", &T::height}, Field{2, "pagination", &T::pagination});
  }
};

struct GetBlockWithTxsResponse {
  std::vector<tx::Tx> txs{};
  std::optional<BlockId> block_id{};
  std::optional<Block> block{};
  std::optional<runtime::PageResponse> pagination{};

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.GetBlockWithTxsResponse";
  static constexpr auto fields() {
    using codec::Field;
    using T = GetBlockWithTxsResponse;
    return fields_of(Field{1, "txs", &T::txs}, Field{2, "block_id", &T::block_id},
                     Field{3, "block", &T::block}, Field{4, "pagination", &T::pagination});
  }
};

/// The request of TxDecode and the response of TxEncode.
struct TxBytes {
  Bytes tx_bytes{};

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.TxDecodeRequest";
  static constexpr auto fields() {
    using codec::Field;
    using T = TxBytes;
    return fields_of(Field{1, "tx_bytes", &T::tx_bytes});
  }
};

/// The request of TxEncode and the response of TxDecode.
struct TxHolder {
  std::optional<tx::Tx> tx{};

  static constexpr std::string_view kName = "cosmos.tx.v1beta1.TxEncodeRequest";
  static constexpr auto fields() {
    using codec::Field;
    using T = TxHolder;
    return fields_of(Field{1, "tx", &T::tx});
  }
};

}  // namespace buri::consensus::api::wire
