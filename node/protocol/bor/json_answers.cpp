#include "node/protocol/bor/json_answers.hpp"

#include "base/hex.hpp"
#include "node/protocol/json_rpc/values.hpp"

namespace buri::protocol::bor {
namespace {

using json_rpc::optional_member;
using json_rpc::read_data;
using json_rpc::read_fixed;
using json_rpc::read_u256;
using json_rpc::read_uint64;

template <std::size_t N>
Status<JsonError> fixed(const JsonCursor& object, std::string_view key, FixedBytes<N>& target) {
  ASSIGN_OR_RETURN(const JsonCursor member, object.member(key));
  ASSIGN_OR_RETURN(target, read_fixed<N>(member));
  return Unit{};
}

Status<JsonError> number(const JsonCursor& object, std::string_view key, std::uint64_t& target) {
  ASSIGN_OR_RETURN(const JsonCursor member, object.member(key));
  ASSIGN_OR_RETURN(target, read_uint64(member));
  return Unit{};
}

/// A field that came with a fork, through its reader.
template <class Value, class Read>
Status<JsonError> fork_field(const JsonCursor& object, std::string_view key,
                             std::optional<Value>& target, Read read) {
  const auto member = optional_member(object, key);
  if (!member) return Unit{};
  ASSIGN_OR_RETURN(target, read(*member));
  return Unit{};
}

Status<JsonError> read_fork_fields(const JsonCursor& object, Header& header) {
  RETURN_IF_ERROR(fork_field(object, "baseFeePerGas", header.base_fee, read_u256));
  RETURN_IF_ERROR(fork_field(object, "withdrawalsRoot", header.withdrawals_root, read_fixed<32>));
  RETURN_IF_ERROR(fork_field(object, "blobGasUsed", header.blob_gas_used, read_uint64));
  RETURN_IF_ERROR(fork_field(object, "excessBlobGas", header.excess_blob_gas, read_uint64));
  RETURN_IF_ERROR(
      fork_field(object, "parentBeaconBlockRoot", header.parent_beacon_root, read_fixed<32>));
  return fork_field(object, "requestsHash", header.requests_hash, read_fixed<32>);
}

Result<Header, JsonError> read_fields(const JsonCursor& object) {
  Header header;
  RETURN_IF_ERROR(fixed(object, "parentHash", header.parent_hash));
  RETURN_IF_ERROR(fixed(object, "sha3Uncles", header.uncles_hash));
  RETURN_IF_ERROR(fixed(object, "miner", header.coinbase));
  RETURN_IF_ERROR(fixed(object, "stateRoot", header.state_root));
  RETURN_IF_ERROR(fixed(object, "transactionsRoot", header.transactions_root));
  RETURN_IF_ERROR(fixed(object, "receiptsRoot", header.receipts_root));
  RETURN_IF_ERROR(fixed(object, "logsBloom", header.bloom));
  ASSIGN_OR_RETURN(const JsonCursor difficulty, object.member("difficulty"));
  ASSIGN_OR_RETURN(header.difficulty, read_u256(difficulty));
  RETURN_IF_ERROR(number(object, "number", header.number));
  RETURN_IF_ERROR(number(object, "gasLimit", header.gas_limit));
  RETURN_IF_ERROR(number(object, "gasUsed", header.gas_used));
  RETURN_IF_ERROR(number(object, "timestamp", header.time));
  ASSIGN_OR_RETURN(const JsonCursor extra, object.member("extraData"));
  ASSIGN_OR_RETURN(header.extra, read_data(extra));
  RETURN_IF_ERROR(fixed(object, "mixHash", header.mix_digest));
  RETURN_IF_ERROR(fixed(object, "nonce", header.nonce));
  RETURN_IF_ERROR(read_fork_fields(object, header));
  return header;
}

}  // namespace

Result<BorBlock, JsonError> read_header(const JsonCursor& object) {
  ASSIGN_OR_RETURN(const Header header, read_fields(object));
  const BorBlock block = identify(header);
  ASSIGN_OR_RETURN(const JsonCursor hash, object.member("hash"));
  ASSIGN_OR_RETURN(const Hash256 claimed, read_fixed<32>(hash));
  if (claimed != block.hash) {
    return Failure{hash.error("the hash of the fields, 0x" + to_hex(block.hash))};
  }
  return block;
}

Result<std::uint64_t, JsonError> read_total_difficulty(const JsonCursor& object) {
  ASSIGN_OR_RETURN(const JsonCursor member, object.member("totalDifficulty"));
  return read_uint64(member);
}

Result<Hash256, JsonError> read_root_hash(const JsonCursor& text) {
  ASSIGN_OR_RETURN(const std::string_view hex, text.string());
  const auto root = fixed_from_hex<32>(hex);
  if (!root || root->is_zero()) return Failure{text.error("64 hex digits, not all zero")};
  return *root;
}

}  // namespace buri::protocol::bor
