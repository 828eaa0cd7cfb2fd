#include "node/protocol/bor/header.hpp"

#include "accel/hasher.hpp"
#include "base/codec/rlp.hpp"

namespace buri::protocol::bor {
namespace {

/// The fields of forks, up to the last that is there.
class ForkFields {
 public:
  explicit ForkFields(RlpWriter& writer, int last) : writer_(writer), last_(last) {}

  void integer(const std::optional<U256>& value) {
    if (++index_ > last_) return;
    value ? writer_.integer(*value) : writer_.bytes({});
  }
  void integer(const std::optional<std::uint64_t>& value) {
    integer(value ? std::optional(U256::from_uint64(*value)) : std::nullopt);
  }
  void hash(const std::optional<Hash256>& value) {
    if (++index_ > last_) return;
    value ? writer_.bytes(*value) : writer_.bytes({});
  }

 private:
  RlpWriter& writer_;
  const int last_;
  int index_ = 0;
};

int last_fork_field(const Header& header) {
  if (header.requests_hash) return 6;
  if (header.parent_beacon_root) return 5;
  if (header.excess_blob_gas) return 4;
  if (header.blob_gas_used) return 3;
  if (header.withdrawals_root) return 2;
  return header.base_fee ? 1 : 0;
}

}  // namespace

Bytes encode_rlp(const Header& header) {
  RlpWriter writer;
  writer.bytes(header.parent_hash)
      .bytes(header.uncles_hash)
      .bytes(header.coinbase)
      .bytes(header.state_root)
      .bytes(header.transactions_root)
      .bytes(header.receipts_root)
      .bytes(header.bloom)
      .integer(header.difficulty)
      .integer(header.number)
      .integer(header.gas_limit)
      .integer(header.gas_used)
      .integer(header.time)
      .bytes(header.extra)
      .bytes(header.mix_digest)
      .bytes(header.nonce);
  ForkFields forks(writer, last_fork_field(header));
  forks.integer(header.base_fee);
  forks.hash(header.withdrawals_root);
  forks.integer(header.blob_gas_used);
  forks.integer(header.excess_blob_gas);
  forks.hash(header.parent_beacon_root);
  forks.hash(header.requests_hash);
  return writer.as_list();
}

BorBlock identify(const Header& header) { return identify(std::span(&header, 1)).front(); }

std::vector<BorBlock> identify(std::span<const Header> headers) {
  std::vector<Bytes> encoded;
  encoded.reserve(headers.size());
  for (const Header& header : headers) encoded.push_back(encode_rlp(header));
  const std::vector<ByteView> messages(encoded.begin(), encoded.end());
  std::vector<Hash256> hashes(headers.size());
  accel::best_hasher().keccak256_batch(messages, hashes);
  std::vector<BorBlock> blocks;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    blocks.push_back({headers[i].number, hashes[i], headers[i].parent_hash});
  }
  return blocks;
}

void keep_chain(std::vector<BorBlockInfo>& blocks, std::uint64_t first) {
  std::size_t count = 0;
  for (; count < blocks.size(); ++count) {
    const BorBlock& block = blocks[count].block;
    if (block.number != first + count) break;
    if (count > 0 && block.parent_hash != blocks[count - 1].block.hash) break;
  }
  blocks.resize(count);
}

}  // namespace buri::protocol::bor
