#include "node/execution/chain/receipt.hpp"

#include "accel/hasher.hpp"
#include "node/execution/chain/trie_root.hpp"

namespace buri::execution::chain {
namespace {

constexpr std::size_t kMaxTopics = 4;

/// Three bits, told by the first three pairs of a digest's bytes.
void set_bits(Bloom& bloom, const Hash256& digest) {
  for (std::size_t i = 0; i < 6; i += 2) {
    const unsigned bit = (unsigned{digest.bytes[i]} << 8 | digest.bytes[i + 1]) & 2047;
    bloom.bytes[255 - bit / 8] |= static_cast<std::uint8_t>(1U << (bit % 8));
  }
}

Result<evm::Log, DecodeError> read_log(FieldReader fields) {
  evm::Log log;
  ASSIGN_OR_RETURN(log.address, fields.fixed<20>("address"));
  ASSIGN_OR_RETURN(FieldReader topics, fields.list("topics"));
  while (!topics.at_end()) {
    if (log.topic_count == kMaxTopics) {
      return Failure{fields.error("topics", "at most 4 topics", "more")};
    }
    ASSIGN_OR_RETURN(log.topic_words[log.topic_count], topics.fixed<32>("topic"));
    ++log.topic_count;
  }
  ASSIGN_OR_RETURN(const ByteView data, fields.bytes("data"));
  log.data.assign(data.begin(), data.end());
  RETURN_IF_ERROR(fields.expect_end());
  return log;
}

}  // namespace

bool is_receipt_type(std::uint64_t type) {
  return (type >= 1 && type <= 4) || type == static_cast<std::uint64_t>(EnvelopeType::kStateSync);
}

RlpWriter write_logs(std::span<const evm::Log> logs) {
  RlpWriter writer;
  for (const evm::Log& log : logs) {
    RlpWriter topics;
    for (const Hash256& topic : log.topics()) topics.bytes(topic);
    writer.list(RlpWriter().bytes(log.address).list(topics).bytes(log.data));
  }
  return writer;
}

Result<std::vector<evm::Log>, DecodeError> read_logs(FieldReader logs) {
  std::vector<evm::Log> read;
  while (!logs.at_end()) {
    ASSIGN_OR_RETURN(const FieldReader fields, logs.list("log"));
    ASSIGN_OR_RETURN(evm::Log log, read_log(fields));
    read.push_back(std::move(log));
  }
  return read;
}

void add_to_bloom(Bloom& bloom, std::span<const evm::Log> logs) {
  std::vector<ByteView> values;
  for (const evm::Log& log : logs) {
    values.emplace_back(log.address);
    for (const Hash256& topic : log.topics()) values.emplace_back(topic);
  }
  std::vector<Hash256> digests(values.size());
  accel::best_hasher().keccak256_batch(values, digests);
  for (const Hash256& digest : digests) set_bits(bloom, digest);
}

Receipt make_receipt(EnvelopeType type, bool succeeded, std::uint64_t cumulative_gas,
                     std::vector<evm::Log> logs) {
  Receipt receipt{type, succeeded, cumulative_gas, {}, std::move(logs)};
  add_to_bloom(receipt.bloom, receipt.logs);
  return receipt;
}

Bytes encode_receipt(const Receipt& receipt) {
  Bytes encoded;
  if (receipt.type != EnvelopeType::kLegacy)
    encoded.push_back(static_cast<std::uint8_t>(receipt.type));
  append(encoded, RlpWriter()
                      .integer(std::uint64_t{receipt.succeeded})
                      .integer(receipt.cumulative_gas)
                      .bytes(receipt.bloom)
                      .list(write_logs(receipt.logs))
                      .as_list());
  return encoded;
}

Result<Receipt, DecodeError> decode_receipt(ByteView bytes) {
  if (bytes.empty()) return Failure{DecodeError{"receipt", "a receipt", "no byte"}};
  Receipt receipt;
  if (bytes[0] < 0xc0) {
    if (!is_receipt_type(bytes[0])) {
      return Failure{DecodeError{"receipt.type", "1 to 4 or 127", std::to_string(bytes[0])}};
    }
    receipt.type = static_cast<EnvelopeType>(bytes[0]);
    bytes = bytes.subspan(1);
  }
  ASSIGN_OR_RETURN(FieldReader fields, FieldReader::of_list(bytes, "receipt"));
  ASSIGN_OR_RETURN(const std::uint64_t status, fields.uint64("status"));
  if (status > 1) return Failure{fields.error("status", "0 or 1", std::to_string(status))};
  receipt.succeeded = status == 1;
  ASSIGN_OR_RETURN(receipt.cumulative_gas, fields.uint64("cumulative_gas"));
  ASSIGN_OR_RETURN(receipt.bloom, fields.fixed<256>("bloom"));
  ASSIGN_OR_RETURN(const FieldReader logs, fields.list("logs"));
  ASSIGN_OR_RETURN(receipt.logs, read_logs(logs));
  RETURN_IF_ERROR(fields.expect_end());
  return receipt;
}

Hash256 receipts_root(std::span<const Receipt> receipts) {
  std::vector<Bytes> encoded;
  encoded.reserve(receipts.size());
  for (const Receipt& receipt : receipts) encoded.push_back(encode_receipt(receipt));
  return list_root(encoded);
}

Bloom bloom_of(std::span<const Receipt> receipts) {
  Bloom bloom;
  for (const Receipt& receipt : receipts) {
    for (std::size_t i = 0; i < Bloom::size(); ++i) bloom.bytes[i] |= receipt.bloom.bytes[i];
  }
  return bloom;
}

}  // namespace buri::execution::chain
