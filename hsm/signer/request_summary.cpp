#include "hsm/signer/request_summary.hpp"

#include "base/hex.hpp"

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

}  // namespace

std::string request_summary(const wire::RequestBody& request) {
  return std::string(wire::request_name(request)) + std::visit(Fields{}, request);
}

}  // namespace buri::hsm::signer
