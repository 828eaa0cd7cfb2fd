#include "node/cli/execution_inspect.hpp"

#include <charconv>

#include "base/hex.hpp"
#include "node/cli/execution_home.hpp"
#include "node/cli/home_error.hpp"
#include "node/execution/replay/receipt_json.hpp"
#include "node/execution/transaction/encode.hpp"

namespace buri::cli {
namespace {

namespace json = boost::json;
using namespace execution::chain;
using execution::replay::ShownReceipt;

/// The block that an argument names; null if the home does not keep it.
Result<EntryPtr, std::string> find_block(ExecutionHome& home, const std::string& text,
                                         const std::string& folder) {
  const BlockStore& blocks = home.blocks();
  ASSIGN_OR_RETURN(const auto head, home.head());
  std::uint64_t number = head.number;
  if (const auto hash = fixed_from_hex<32>(text)) {
    auto entry = blocks.entry(*hash);
    if (entry.ok()) return std::move(entry).value();
    return Failure{home_sentence(folder, entry.error())};
  }
  if (text != "latest") {
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size()) {
      return Failure{"expected a block's number or hash, or latest, found \"" + text + "\""};
    }
  }
  auto entry = blocks.canonical(number);
  if (entry.ok()) return std::move(entry).value();
  return Failure{home_sentence(folder, entry.error())};
}

json::object entry_json(const BlockEntry& entry) {
  const Header& header = entry.header;
  json::object facts{{"number", header.number},
                     {"hash", shown_hex(entry.hash)},
                     {"parent_hash", shown_hex(header.parent_hash)},
                     {"state_root", shown_hex(header.state_root)},
                     {"transactions_root", shown_hex(header.transactions_root)},
                     {"receipts_root", shown_hex(header.receipts_root)},
                     {"time", header.time},
                     {"gas_limit", header.gas_limit},
                     {"gas_used", header.gas_used},
                     {"difficulty", header.difficulty.to_decimal()},
                     {"total_difficulty", entry.total_difficulty.to_decimal()},
                     {"producer", shown_hex(entry.producer)},
                     {"extra", shown_hex(header.extra)}};
  if (header.base_fee) facts["base_fee_wei"] = header.base_fee->to_decimal();
  return facts;
}

json::value address_json(const std::optional<Address>& address) {
  return address ? json::value(shown_hex(*address)) : json::value(nullptr);
}

json::object summary_json(const ChainBlock& block, std::size_t index, const ShownReceipt& receipt) {
  json::object summary{{"index", index},
                       {"hash", shown_hex(receipt.transaction_hash)},
                       {"from", shown_hex(receipt.from)},
                       {"to", address_json(receipt.to)},
                       {"succeeded", receipt.receipt->succeeded},
                       {"gas_used", receipt.gas_used},
                       {"logs", receipt.receipt->logs.size()}};
  const bool is_sent = index < block.block.transactions.size();
  summary["type"] = is_sent ? std::string(describe(block.block.transactions[index].type))
                            : std::string("state sync");
  return summary;
}

json::array logs_json(const Receipt& receipt) {
  json::array logs;
  for (const auto& log : receipt.logs) {
    json::array topics;
    for (const Hash256& topic : log.topics()) topics.emplace_back(shown_hex(topic));
    logs.push_back(json::object{{"address", shown_hex(log.address)},
                                {"topics", std::move(topics)},
                                {"data", shown_hex(log.data)}});
  }
  return logs;
}

/// What was signed.
void add_sent(json::object& facts, const SignedTransaction& sent) {
  facts["nonce"] = sent.nonce;
  facts["value_wei"] = sent.value.to_decimal();
  facts["gas_limit"] = sent.gas_limit;
  facts["max_fee_wei"] = sent.max_fee.to_decimal();
  facts["max_tip_wei"] = sent.max_tip.to_decimal();
  facts["input"] = shown_hex(sent.data);
  facts["raw"] = shown_hex(execution::transaction::encode(sent));
}

}  // namespace

AnswerResult inspect_block(const InspectBlockArguments& arguments) {
  ASSIGN_OR_RETURN(const auto home, ExecutionHome::open({.folder = arguments.home}));
  ASSIGN_OR_RETURN(const EntryPtr entry, find_block(*home, arguments.block, arguments.home));
  if (entry == nullptr) {
    return Answer{{{"block", arguments.block}, {"exists", false}}, false};
  }
  Answer answer{entry_json(*entry)};
  const auto canonical = home->blocks().canonical_hash(entry->header.number);
  if (!canonical.ok()) return Failure{home_sentence(arguments.home, canonical.error())};
  const bool is_canonical = *canonical == entry->hash;
  answer.facts["canonical"] = is_canonical;
  if (!is_canonical) return answer;
  const auto block = read_chain_block(home->blocks(), entry->header.number);
  if (!block.ok()) return Failure{home_sentence(arguments.home, block.error())};
  answer.facts["pruned"] = *block == nullptr;
  if (*block == nullptr) return answer;
  answer.facts["size_bytes"] = encode_block((*block)->block).size();
  json::array rows;
  std::size_t index = 0;
  for (const ShownReceipt& receipt : execution::replay::show_receipts(**block)) {
    rows.push_back(summary_json(**block, index++, receipt));
  }
  answer.facts["transactions"] = std::move(rows);
  return answer;
}

AnswerResult inspect_transaction(const InspectTransactionArguments& arguments) {
  const auto hash = fixed_from_hex<32>(arguments.hash);
  if (!hash) {
    return Failure{"expected a transaction's hash of 32 bytes in hex, found \"" + arguments.hash +
                   "\""};
  }
  ASSIGN_OR_RETURN(const auto home, ExecutionHome::open({.folder = arguments.home}));
  const auto place = home->blocks().transaction(*hash);
  if (!place.ok()) return Failure{home_sentence(arguments.home, place.error())};
  if (!*place) return Answer{{{"hash", shown_hex(*hash)}, {"exists", false}}, false};
  const auto block = read_chain_block(home->blocks(), (*place)->block_number);
  if (!block.ok()) return Failure{home_sentence(arguments.home, block.error())};
  const std::size_t index = (*place)->index;
  const auto receipts =
      *block == nullptr ? std::vector<ShownReceipt>() : execution::replay::show_receipts(**block);
  if (index >= receipts.size()) {
    return Failure{arguments.home + ": this home is damaged: block " +
                   std::to_string((*place)->block_number) + " has no transaction " +
                   std::to_string(index)};
  }
  const ShownReceipt& receipt = receipts[index];
  Answer answer{summary_json(**block, index, receipt)};
  answer.facts["block_number"] = (*place)->block_number;
  answer.facts["block_hash"] = shown_hex((*block)->hash);
  answer.facts["gas_price_wei"] = receipt.gas_price.to_decimal();
  answer.facts["cumulative_gas"] = receipt.receipt->cumulative_gas;
  if (receipt.created) answer.facts["created_contract"] = shown_hex(*receipt.created);
  answer.facts["logs"] = logs_json(*receipt.receipt);
  if (index < (*block)->block.transactions.size()) {
    add_sent(answer.facts, (*block)->block.transactions[index]);
  }
  return answer;
}

}  // namespace buri::cli
