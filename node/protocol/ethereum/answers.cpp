#include "node/protocol/ethereum/answers.hpp"

#include "node/protocol/json_rpc/values.hpp"

namespace buri::protocol::ethereum {
namespace {

using json_rpc::optional_member;
using json_rpc::read_data;
using json_rpc::read_fixed;
using json_rpc::read_uint64;

constexpr std::size_t kMaxLogs = 100'000;
constexpr std::size_t kMaxTopics = 4;

Result<RootChainLog, JsonError> read_log(const JsonCursor& object) {
  RootChainLog log;
  ASSIGN_OR_RETURN(const JsonCursor index, object.member("logIndex"));
  ASSIGN_OR_RETURN(log.index, read_uint64(index));
  ASSIGN_OR_RETURN(const JsonCursor address, object.member("address"));
  ASSIGN_OR_RETURN(log.address, read_fixed<20>(address));
  ASSIGN_OR_RETURN(const JsonCursor topics, object.member("topics"));
  ASSIGN_OR_RETURN(const auto list, topics.elements(kMaxTopics));
  for (const JsonCursor& topic : list) {
    ASSIGN_OR_RETURN(const Hash256 hash, read_fixed<32>(topic));
    log.topics.push_back(hash);
  }
  ASSIGN_OR_RETURN(const JsonCursor data, object.member("data"));
  ASSIGN_OR_RETURN(log.data, read_data(data));
  if (const auto removed = optional_member(object, "removed")) {
    ASSIGN_OR_RETURN(const bool is_removed, removed->boolean());
    if (is_removed) return Failure{removed->error("false: receipts are of the chain's own blocks")};
  }
  return log;
}

}  // namespace

Result<std::optional<RootChainReceipt>, JsonError> read_receipt(const JsonCursor& answer,
                                                                const Hash256& tx_hash) {
  if (answer.is_null()) return std::optional<RootChainReceipt>();
  ASSIGN_OR_RETURN(const JsonCursor hash, answer.member("transactionHash"));
  ASSIGN_OR_RETURN(const Hash256 told, read_fixed<32>(hash));
  if (told != tx_hash) return Failure{hash.error("the transaction that was asked for")};
  const auto number = optional_member(answer, "blockNumber");
  if (!number) return std::optional<RootChainReceipt>();
  RootChainReceipt receipt;
  ASSIGN_OR_RETURN(receipt.block_number, read_uint64(*number));
  ASSIGN_OR_RETURN(const JsonCursor logs, answer.member("logs"));
  ASSIGN_OR_RETURN(const auto list, logs.elements(kMaxLogs));
  for (const JsonCursor& object : list) {
    ASSIGN_OR_RETURN(RootChainLog log, read_log(object));
    receipt.logs.push_back(std::move(log));
  }
  return std::optional(std::move(receipt));
}

Result<std::optional<std::uint64_t>, JsonError> read_block_number(const JsonCursor& answer) {
  if (answer.is_null()) return std::optional<std::uint64_t>();
  ASSIGN_OR_RETURN(const JsonCursor number, answer.member("number"));
  ASSIGN_OR_RETURN(const std::uint64_t value, read_uint64(number));
  return std::optional(value);
}

}  // namespace buri::protocol::ethereum
