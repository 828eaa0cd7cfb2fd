#include "node/execution/replay/receipt_json.hpp"

#include "base/hex.hpp"
#include "base/u256_words.hpp"
#include "node/execution/evm/keccak.hpp"

namespace buri::execution::replay {
namespace {

using chain::ChainBlock;
using chain::EnvelopeType;
using chain::SignedTransaction;

std::string hex(ByteView bytes) { return "0x" + to_hex(bytes); }

Address created_address(const Address& sender, std::uint64_t nonce) {
  const Hash256 digest = evm::keccak256(RlpWriter().bytes(sender).integer(nonce).as_list());
  return Address::from(ByteView(digest).last(20));
}

U256 paid_price(const SignedTransaction& sent, const std::optional<U256>& base_fee) {
  if (sent.type == EnvelopeType::kStateSync) return {};
  if (!base_fee) return sent.max_fee;
  const U256 room = wrapping_subtract(sent.max_fee, *base_fee);
  return wrapping_add(*base_fee, less(sent.max_tip, room) ? sent.max_tip : room);
}

ShownReceipt show_sent(const ChainBlock& block, std::size_t index, const Hash256& hash) {
  const SignedTransaction& sent = block.block.transactions[index];
  ShownReceipt shown;
  shown.receipt = &block.outcome.receipts[index];
  shown.transaction_hash = hash;
  shown.gas_used = block.outcome.gas_used[index];
  shown.gas_price = paid_price(sent, block.block.header.base_fee);
  if (sent.type == EnvelopeType::kStateSync) {
    shown.to = Address{};
    return shown;
  }
  shown.from = *block.signers.senders[index];
  shown.to = sent.to;
  if (!sent.to) shown.created = created_address(shown.from, sent.nonce);
  return shown;
}

std::string text_or_null(const std::optional<Address>& address) {
  return address ? hex(*address) : "null";
}

std::string shown_text(const JsonValue& value) {
  switch (value.kind) {
    case JsonValue::Kind::kNull:
      return "null";
    case JsonValue::Kind::kBoolean:
      return value.boolean ? "true" : "false";
    case JsonValue::Kind::kArray:
      return "an array of " + std::to_string(value.children.size());
    case JsonValue::Kind::kObject:
      return "an object";
    default:
      return value.text;
  }
}

/// Where a log or receipt stands: fields that both have.
std::optional<std::string> place_field(std::string_view key, const ShownReceipt& shown,
                                       std::size_t index, const ChainBlock& block) {
  if (key == "blockHash") return hex(block.hash);
  if (key == "blockNumber") return quantity(block.block.header.number);
  if (key == "transactionHash") return hex(shown.transaction_hash);
  if (key == "transactionIndex") return quantity(index);
  return std::nullopt;
}

std::optional<std::string> log_field(std::string_view key, const evm::Log& log,
                                     std::size_t log_index, const ChainBlock& block) {
  if (key == "address") return hex(log.address);
  if (key == "data") return hex(log.data);
  if (key == "blockTimestamp") return quantity(block.block.header.time);
  if (key == "logIndex") return quantity(log_index);
  if (key == "removed") return "false";
  return std::nullopt;
}

std::optional<std::string> receipt_field(std::string_view key, const ShownReceipt& shown) {
  const chain::Receipt& receipt = *shown.receipt;
  if (key == "contractAddress") return text_or_null(shown.created);
  if (key == "cumulativeGasUsed") return quantity(receipt.cumulative_gas);
  if (key == "effectiveGasPrice") return quantity(shown.gas_price);
  if (key == "from") return hex(shown.from);
  if (key == "gasUsed") return quantity(shown.gas_used);
  if (key == "logsBloom") return hex(receipt.bloom);
  if (key == "status") return quantity(std::uint64_t{receipt.succeeded});
  if (key == "to") return text_or_null(shown.to);
  if (key == "type") return quantity(std::uint64_t{static_cast<std::uint8_t>(receipt.type)});
  return std::nullopt;
}

void compare_topics(const JsonValue& record, const evm::Log& log, const std::string& name,
                    Comparison& comparison) {
  std::string expected;
  for (const JsonValue& topic : record.children) expected += topic.text + " ";
  std::string found;
  for (const Hash256& topic : log.topics()) found += hex(topic) + " ";
  comparison.compare(name + " topics", expected, found);
}

void compare_logs(const JsonValue& record, const ShownReceipt& shown, std::size_t index,
                  const ChainBlock& block, Comparison& comparison) {
  const auto& logs = shown.receipt->logs;
  comparison.compare("number of logs", std::to_string(record.children.size()),
                     std::to_string(logs.size()));
  for (std::size_t i = 0; i < std::min(logs.size(), record.children.size()); ++i) {
    const std::string name = "log " + std::to_string(i);
    for (const JsonValue& field : record.children[i].children) {
      if (field.key == "topics") {
        compare_topics(field, logs[i], name, comparison);
        continue;
      }
      auto found = place_field(field.key, shown, index, block);
      if (!found) found = log_field(field.key, logs[i], shown.first_log + i, block);
      comparison.compare(name + " field " + field.key, shown_text(field),
                         found.value_or("no such field"));
    }
  }
}

}  // namespace

std::string quantity(const U256& value) {
  const std::string digits = to_hex(value.to_minimal_big_endian());
  if (digits.empty()) return "0x0";
  return "0x" + digits.substr(digits[0] == '0' ? 1 : 0);
}
std::string quantity(std::uint64_t value) { return quantity(U256::from_uint64(value)); }

std::vector<ShownReceipt> show_receipts(const ChainBlock& block) {
  std::vector<ShownReceipt> shown;
  const std::vector<Hash256> hashes = chain::transaction_hashes(block.block.transactions);
  for (std::size_t i = 0; i < block.outcome.receipts.size(); ++i) {
    shown.push_back(show_sent(block, i, hashes[i]));
  }
  if (block.outcome.state_sync_receipt) {
    ShownReceipt& last = shown.emplace_back();
    last.receipt = &*block.outcome.state_sync_receipt;
    last.to = Address{};
    last.transaction_hash =
        chain::state_sync_transaction_hash(block.block.header.number, block.hash);
  }
  std::size_t logs = 0;
  for (ShownReceipt& entry : shown) {
    entry.first_log = logs;
    logs += entry.receipt->logs.size();
  }
  return shown;
}

void compare_receipt(const JsonValue& record, const ShownReceipt& shown, std::size_t index,
                     const ChainBlock& block, Comparison& comparison) {
  comparison.about_transaction(index);
  for (const JsonValue& field : record.children) {
    if (field.key == "logs") {
      compare_logs(field, shown, index, block, comparison);
      continue;
    }
    auto found = place_field(field.key, shown, index, block);
    if (!found) found = receipt_field(field.key, shown);
    comparison.compare("receipt field " + field.key, shown_text(field),
                       found.value_or("no such field"));
  }
  comparison.about_transaction(std::nullopt);
}

}  // namespace buri::execution::replay
