#include "node/protocol/bor/grpc_answers.hpp"

#include "base/hex.hpp"

#include <node/protocol/bor/bor_api.pb.h>

namespace buri::protocol::bor {
namespace {

constexpr std::size_t kMaxIntegerBytes = 32;

template <class Integer>
void put_big_endian(std::uint8_t* target, Integer value) {
  for (std::size_t i = sizeof value; i-- > 0; value = static_cast<Integer>(value >> 8)) {
    target[i] = static_cast<std::uint8_t>(value);
  }
}

void put(std::uint8_t* target, const ::bor::H128& value) {
  put_big_endian(target, value.hi());
  put_big_endian(target + 8, value.lo());
}

/// What is missing is zero, as in every protobuf message.
Hash256 hash_of(const ::bor::H256& value) {
  Hash256 hash;
  put(hash.data(), value.hi());
  put(hash.data() + 16, value.lo());
  return hash;
}

Address address_of(const ::bor::H160& value) {
  Address address;
  put(address.data(), value.hi());
  put_big_endian(address.data() + 16, value.lo());
  return address;
}

/// Fields that are empty or of one length.
template <std::size_t N>
bool read_fixed(const std::string& bytes, FixedBytes<N>& target) {
  if (bytes.empty()) return true;
  if (bytes.size() != N) return false;
  target = FixedBytes<N>::from(as_bytes(bytes));
  return true;
}

bool read_fork_fields(const ::bor::Header& message, Header& header) {
  if (message.base_fee().size() > kMaxIntegerBytes) return false;
  if (!message.base_fee().empty()) {
    header.base_fee = U256::from_big_endian(as_bytes(message.base_fee()));
  }
  if (message.has_withdrawals_hash()) header.withdrawals_root = hash_of(message.withdrawals_hash());
  if (message.has_blob_gas_used()) header.blob_gas_used = message.blob_gas_used();
  if (message.has_excess_blob_gas()) header.excess_blob_gas = message.excess_blob_gas();
  if (message.has_parent_beacon_block_root()) {
    header.parent_beacon_root = hash_of(message.parent_beacon_block_root());
  }
  if (message.has_requests_hash()) header.requests_hash = hash_of(message.requests_hash());
  return true;
}

std::optional<Header> read_header(const ::bor::Header& message) {
  Header header;
  header.parent_hash = hash_of(message.parent_hash());
  header.uncles_hash = hash_of(message.uncle_hash());
  header.coinbase = address_of(message.coinbase());
  header.state_root = hash_of(message.state_root());
  header.transactions_root = hash_of(message.tx_root());
  header.receipts_root = hash_of(message.receipt_root());
  header.number = message.number();
  header.gas_limit = message.gas_limit();
  header.gas_used = message.gas_used();
  header.time = message.time();
  const ByteView extra = as_bytes(message.extra_data());
  header.extra.assign(extra.begin(), extra.end());
  header.mix_digest = hash_of(message.mix_digest());
  const auto difficulty = U256::from_big_endian(as_bytes(message.difficulty()));
  if (!difficulty || !read_fixed(message.bloom(), header.bloom)) return std::nullopt;
  header.difficulty = *difficulty;
  if (!read_fixed(message.nonce(), header.nonce)) return std::nullopt;
  if (!read_fork_fields(message, header)) return std::nullopt;
  return header;
}

}  // namespace

std::optional<BorBlock> read_header(const ::bor::GetHeaderByNumberResponse& message) {
  if (!message.has_header()) return std::nullopt;
  const auto header = read_header(message.header());
  if (!header) return std::nullopt;
  return identify(*header);
}

std::optional<Address> read_author(const ::bor::GetAuthorResponse& message) {
  if (!message.has_author()) return std::nullopt;
  return address_of(message.author());
}

std::optional<Hash256> read_root_hash(const ::bor::GetRootHashResponse& message) {
  const auto root = fixed_from_hex<32>(message.root_hash());
  return root && !root->is_zero() ? root : std::nullopt;
}

std::optional<std::vector<BorBlockInfo>> read_blocks(
    const ::bor::GetBlockInfoInBatchResponse& message, std::uint64_t first, std::size_t count) {
  if (message.blocks().size() > static_cast<int>(count)) return std::nullopt;
  std::vector<Header> headers;
  std::vector<BorBlockInfo> blocks;
  for (const ::bor::BlockInfo& info : message.blocks()) {
    if (!info.has_header()) break;
    auto header = read_header(info.header());
    if (!header || header->number != first + headers.size()) return std::nullopt;
    if (!info.has_author() && header->number != 0) break;
    headers.push_back(*std::move(header));
    blocks.push_back({{}, info.total_difficulty(), address_of(info.author())});
  }
  const auto identified = identify(headers);
  for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i].block = identified[i];
  keep_chain(blocks, first);
  return blocks;
}

}  // namespace buri::protocol::bor
