#include "hsm/signer/request_summary.hpp"

#include "base/hex.hpp"
#include "hsm/wire/sign_bytes.hpp"

namespace buri::hsm::signer {
namespace {

std::string field(const char* name, std::int64_t value) {
  return std::string(" ") + name + "=" + std::to_string(value);
}

std::string field(const char* name, std::uint64_t value) {
  return std::string(" ") + name + "=" + std::to_string(value);
}

std::string block(const wire::BlockId& id) {
  return " block=" + (id.hash ? to_hex(*id.hash) : "nil");
}

/// One overload per request that has a place in an order; the others have no fields worth a line.
struct Fields {
  std::string operator()(const wire::SignProposal& one) const {
    return field("height", one.height) + field("round", std::int64_t{one.round}) +
           block(one.block_id);
  }
  std::string operator()(const wire::SignVote& one) const {
    const bool is_precommit = one.type == wire::VoteType::kPrecommit;
    return field("height", one.height) + field("round", std::int64_t{one.round}) +
           " type=" + (is_precommit ? "precommit" : "prevote") + block(one.block_id);
  }
  std::string operator()(const wire::SignBorHeader& one) const {
    return field("number", one.header.number) + " parent=" + to_hex(one.header.parent_hash);
  }
  std::string operator()(const wire::SignHeimdallTransaction& one) const {
    return field("account", one.transaction.account_number) +
           field("sequence", one.transaction.sequence);
  }
  std::string operator()(const wire::SignRootChainTransaction& one) const {
    return field("chain", one.transaction.chain_id) + field("nonce", one.transaction.nonce) +
           " to=" + to_hex(one.transaction.to);
  }
  std::string operator()(const wire::ReportMilestone& one) const {
    return field("number", one.block_number) + " hash=" + to_hex(one.block_hash);
  }
  std::string operator()(const wire::ReportCheckpoint& one) const {
    return field("end", one.end_block);
  }
  template <class Other>
  std::string operator()(const Other&) const {
    return "";
  }
};

void add_line(std::string& text, std::string_view name, std::string_view value) {
  text += "  " + std::string(name) + " " + std::string(value) + "\n";
}

void add_line(std::string& text, std::string_view name, std::uint64_t value) {
  add_line(text, name, std::to_string(value));
}

/// What came from outside as text, so that it can neither end a line nor a terminal's patience.
std::string printable(std::string_view value) {
  std::string text(value);
  for (char& character : text) {
    if (character < 0x20 || character > 0x7e) character = '?';
  }
  return text;
}

/// One overload per request that administrators may be asked about.
struct Details {
  std::string operator()(const wire::SignHeimdallTransaction& one) const {
    const wire::HeimdallTransaction& transaction = one.transaction;
    std::string text;
    add_line(text, "chain", printable(transaction.chain_id));
    add_line(text, "account", transaction.account_number);
    add_line(text, "sequence", transaction.sequence);
    for (const wire::HeimdallMessage& message : transaction.messages) {
      add_line(text, "message", printable(message.type_url) + " " + to_hex(message.value));
    }
    add_line(text, "memo", printable(transaction.memo));
    add_line(text, "timeout_height", transaction.timeout_height);
    add_line(text, "fee", printable(transaction.fee_amount + transaction.fee_denomination));
    add_line(text, "gas_limit", transaction.gas_limit);
    return text;
  }
  std::string operator()(const wire::SignRootChainTransaction& one) const {
    const wire::RootChainTransaction& transaction = one.transaction;
    std::string text;
    add_line(text, "chain", transaction.chain_id);
    add_line(text, "nonce", transaction.nonce);
    add_line(text, "to", "0x" + to_hex(transaction.to));
    add_line(text, "value_wei", transaction.value_wei.to_decimal());
    add_line(text, "gas_limit", transaction.gas_limit);
    add_line(text, "max_fee_per_gas_wei", transaction.max_fee_per_gas_wei);
    add_line(text, "max_priority_fee_per_gas_wei", transaction.max_priority_fee_per_gas_wei);
    add_line(text, "calldata", "0x" + to_hex(wire::root_chain_calldata(transaction)));
    return text;
  }
  template <class Other>
  std::string operator()(const Other&) const {
    return "";
  }
};

}  // namespace

std::string request_details(const wire::RequestBody& request) {
  return std::visit(Details{}, request);
}

std::string request_summary(const wire::RequestBody& request) {
  return std::string(wire::request_name(request)) + std::visit(Fields{}, request);
}

}  // namespace buri::hsm::signer
