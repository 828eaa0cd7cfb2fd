#include "node/execution/chain/receipt.hpp"

#include <algorithm>
#include <string_view>

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

/// The digests of values that repeat: hashed once each, but for those that share a slot.
class RepeatedValues {
 public:
  RepeatedValues() { slots_.fill(kNone); }

  /// The number of the value's digest. `value` must outlive hash().
  std::uint32_t add(ByteView value) {
    const std::string_view text(reinterpret_cast<const char*>(value.data()), value.size());
    std::uint32_t& slot = slots_[std::hash<std::string_view>{}(text) % slots_.size()];
    // Whoever finds values that share a slot gains no more than that they are hashed again.
    if (slot != kNone && std::ranges::equal(values_[slot], value)) return slot;
    slot = static_cast<std::uint32_t>(values_.size());
    values_.push_back(value);
    return slot;
  }

  [[nodiscard]] std::vector<Hash256> hash() const {
    std::vector<Hash256> digests(values_.size());
    accel::best_hasher().keccak256_batch(values_, digests);
    return digests;
  }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  std::vector<ByteView> values_;
  std::array<std::uint32_t, 1024> slots_{};
};

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

void write_logs(std::span<const evm::Log> logs, RlpWriter& writer) {
  writer.list_of([&](RlpWriter& list) {
    for (const evm::Log& log : logs) {
      list.list_of([&](RlpWriter& fields) {
        fields.bytes(log.address);
        fields.list_of([&](RlpWriter& topics) {
          for (const Hash256& topic : log.topics()) topics.bytes(topic);
        });
        fields.bytes(log.data);
      });
    }
  });
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

void fill_blooms(std::span<Receipt> receipts) {
  RepeatedValues values;
  std::vector<std::uint32_t> numbers;
  for (const Receipt& receipt : receipts) {
    for (const evm::Log& log : receipt.logs) {
      numbers.push_back(values.add(log.address));
      for (const Hash256& topic : log.topics()) numbers.push_back(values.add(topic));
    }
  }
  if (numbers.empty()) return;
  const std::vector<Hash256> digests = values.hash();
  auto number = numbers.begin();
  for (Receipt& receipt : receipts) {
    for (const evm::Log& log : receipt.logs) {
      for (std::size_t i = 0; i <= log.topic_count; ++i)
        set_bits(receipt.bloom, digests[*number++]);
    }
  }
}

Bytes encode_receipt(const Receipt& receipt) {
  RlpWriter writer;
  const auto type = static_cast<std::uint8_t>(receipt.type);
  if (receipt.type != EnvelopeType::kLegacy) writer.encoded(ByteView(&type, 1));
  writer.list_of([&](RlpWriter& fields) {
    fields.integer(std::uint64_t{receipt.succeeded}).integer(receipt.cumulative_gas);
    fields.bytes(receipt.bloom);
    write_logs(receipt.logs, fields);
  });
  return writer.take_items();
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
