#include "node/execution/replay/block_records.hpp"

#include "base/hex.hpp"
#include "node/execution/replay/receipt_json.hpp"
#include "node/execution/transaction/encode.hpp"

namespace buri::execution::replay {
namespace {

using chain::ChainBlock;

std::string hex(ByteView bytes) { return "0x" + to_hex(bytes); }

const JsonValue* find(const JsonValue& object, std::string_view key) {
  for (const JsonValue& child : object.children) {
    if (child.key == key) return &child;
  }
  return nullptr;
}

/// The array that a line holds under `key`.
Result<const JsonValue*, std::string> array_of(const JsonValue& line, std::string_view key) {
  const JsonValue* list = find(line, key);
  if (list != nullptr && list->kind == JsonValue::Kind::kArray) return list;
  return Failure{std::string("a record lacks the array \"") + std::string(key) + "\""};
}

std::optional<U256> parse_word(std::string_view text) {
  if (text.starts_with("0x")) text.remove_prefix(2);
  const auto bytes = from_hex(text.size() % 2 == 1 ? "0" + std::string(text) : std::string(text));
  return bytes ? U256::from_big_endian(*bytes) : std::nullopt;
}

void compare_account(const JsonValue& record, const Address& address, const state::StateView& state,
                     Comparison& comparison) {
  const auto account = state.record(address);
  const std::string name = "account " + hex(address) + " ";
  if (!account) return comparison.compare(name + "in the state", "an account", "none");
  const auto compare = [&](std::string_view key, const std::string& found) {
    if (const JsonValue* value = find(record, key)) {
      comparison.compare(name + std::string(key), value->text, found);
    }
  };
  compare("balance", account->balance.to_decimal());
  compare("nonce", std::to_string(account->nonce));
  compare("root", hex(account->storage_root));
  compare("codeHash", hex(account->code_hash));
  if (account->code_hash != evm::kEmptyCodeHash) {
    compare("code", hex(*state.code(account->code_hash)));
  }
  const JsonValue* storage = find(record, "storage");
  if (storage == nullptr) return;
  for (const JsonValue& slot : storage->children) {
    const auto key = parse_word(slot.key);
    const auto value = parse_word(slot.text);
    comparison.compare(name + "slot " + slot.key, value ? quantity(*value) : slot.text,
                       key ? quantity(state.storage(address, *key)) : "no such slot");
  }
}

}  // namespace

Result<BlockRecords, std::string> BlockRecords::open(const ReadFile& read) {
  BlockRecords records;
  ASSIGN_OR_RETURN(records.headers_, TableFile::open(read, "headers.tsv", 7));
  ASSIGN_OR_RETURN(records.authors_, TableFile::open(read, "authors.tsv", 5));
  ASSIGN_OR_RETURN(records.gas_, TableFile::open(read, "tx-gas.tsv", 7));
  ASSIGN_OR_RETURN(records.raw_receipts_, LinesFile::open(read, "receipts-raw.jsonl"));
  ASSIGN_OR_RETURN(records.json_receipts_, LinesFile::open(read, "receipts-json.jsonl"));
  ASSIGN_OR_RETURN(records.states_, LinesFile::open(read, "state.jsonl"));
  return records;
}

Status<std::string> BlockRecords::compare(const ChainBlock& block, const state::StateView* state,
                                          Comparison& comparison) {
  std::uint64_t before = comparison.count();
  const auto count = [&](const std::string& file) {
    if (comparison.count() > before) counts_[file] += comparison.count() - before;
    before = comparison.count();
  };
  compare_header(block, comparison);
  count("headers.tsv");
  compare_author(block, comparison);
  count("authors.tsv");
  compare_gas(block, comparison);
  count("tx-gas.tsv");
  RETURN_IF_ERROR(compare_raw(block, comparison));
  count("receipts-raw.jsonl");
  RETURN_IF_ERROR(compare_json(block, comparison));
  count("receipts-json.jsonl");
  RETURN_IF_ERROR(compare_state(block, state, comparison));
  count("state.jsonl");
  return Unit{};
}

void BlockRecords::compare_header(const ChainBlock& block, Comparison& comparison) {
  const chain::Header& header = block.block.header;
  const std::size_t shown =
      block.block.transactions.size() + (block.outcome.state_sync_receipt ? 1 : 0);
  for (const TableFile::Row& row : headers_.rows_of(header.number)) {
    comparison.compare("block hash", row[1], hex(block.hash));
    comparison.compare("state root", row[2], hex(header.state_root));
    comparison.compare("receipts root", row[3], hex(header.receipts_root));
    comparison.compare("time", row[4], std::to_string(header.time));
    comparison.compare("gas used", row[5], std::to_string(header.gas_used));
    comparison.compare("number of transactions", row[6], std::to_string(shown));
  }
}

void BlockRecords::compare_author(const ChainBlock& block, Comparison& comparison) {
  const chain::Header& header = block.block.header;
  for (const TableFile::Row& row : authors_.rows_of(header.number)) {
    comparison.compare("author", row[1], hex(*block.signers.producer));
    comparison.compare("difficulty", row[2], header.difficulty.to_decimal());
    comparison.compare("time", row[3], std::to_string(header.time));
    comparison.compare("total difficulty", row[4], block.total_difficulty.to_decimal());
  }
}

void BlockRecords::compare_gas(const ChainBlock& block, Comparison& comparison) {
  if (!gas_.is_there()) return;
  const auto rows = gas_.rows_of(block.block.header.number);
  const auto shown = show_receipts(block);
  comparison.compare("number of receipts", std::to_string(rows.size()),
                     std::to_string(shown.size()));
  for (std::size_t i = 0; i < std::min(rows.size(), shown.size()); ++i) {
    const chain::Receipt& receipt = *shown[i].receipt;
    comparison.about_transaction(i);
    comparison.compare("index", rows[i][1], std::to_string(i));
    comparison.compare("transaction hash", rows[i][2], hex(shown[i].transaction_hash));
    comparison.compare("type", rows[i][3],
                       quantity(std::uint64_t{static_cast<std::uint8_t>(receipt.type)}));
    comparison.compare("gas used", rows[i][4], std::to_string(shown[i].gas_used));
    comparison.compare("status", rows[i][5], quantity(std::uint64_t{receipt.succeeded}));
    comparison.compare("number of logs", rows[i][6], std::to_string(receipt.logs.size()));
  }
  comparison.about_transaction(std::nullopt);
}

Status<std::string> BlockRecords::compare_raw(const ChainBlock& block, Comparison& comparison) {
  ASSIGN_OR_RETURN(const auto line, raw_receipts_.line_of("number", block.block.header.number));
  if (!line) return Unit{};
  ASSIGN_OR_RETURN(const JsonValue* list, array_of(*line, "receipts"));
  const auto& receipts = block.outcome.receipts;
  comparison.compare("number of raw receipts", std::to_string(list->children.size()),
                     std::to_string(receipts.size()));
  for (std::size_t i = 0; i < std::min(receipts.size(), list->children.size()); ++i) {
    comparison.about_transaction(i);
    comparison.compare("raw receipt", list->children[i].text,
                       hex(chain::encode_receipt(receipts[i])));
  }
  comparison.about_transaction(std::nullopt);
  return Unit{};
}

Status<std::string> BlockRecords::compare_json(const ChainBlock& block, Comparison& comparison) {
  ASSIGN_OR_RETURN(const auto line, json_receipts_.line_of("number", block.block.header.number));
  if (!line) return Unit{};
  ASSIGN_OR_RETURN(const JsonValue* list, array_of(*line, "receipts"));
  const auto shown = show_receipts(block);
  comparison.compare("number of receipts", std::to_string(list->children.size()),
                     std::to_string(shown.size()));
  for (std::size_t i = 0; i < std::min(shown.size(), list->children.size()); ++i) {
    compare_receipt(list->children[i], shown[i], i, block, comparison);
  }
  return Unit{};
}

Status<std::string> BlockRecords::compare_state(const ChainBlock& block,
                                                const state::StateView* state,
                                                Comparison& comparison) {
  ASSIGN_OR_RETURN(const auto line, states_.line_of("number", block.block.header.number));
  if (!line || state == nullptr) return Unit{};
  ASSIGN_OR_RETURN(const std::string root, text_of(*line, "root"));
  comparison.compare("state root", root.starts_with("0x") ? root : "0x" + root,
                     hex(state->head().root));
  const JsonValue* accounts = find(*line, "accounts");
  if (accounts == nullptr) return Failure{std::string("a recorded state has no accounts")};
  for (const JsonValue& record : accounts->children) {
    const auto address = fixed_from_hex<20>(record.key);
    if (!address) return Failure{"a recorded state has an account \"" + record.key + "\""};
    compare_account(record, *address, *state, comparison);
  }
  return Unit{};
}

}  // namespace buri::execution::replay
