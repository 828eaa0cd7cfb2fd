#include "hsm/rules/heimdall_transaction.hpp"

#include <algorithm>

#include "hsm/rules/digest.hpp"
#include "hsm/rules/heimdall_messages.hpp"
#include "hsm/rules/limits.hpp"
#include "hsm/wire/sign_bytes.hpp"

namespace buri::hsm::rules {
namespace {

using wire::HeimdallTransaction;
using wire::Purpose;
using wire::Rule;

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

Status<wire::Refusal> check_messages(const HeimdallTransaction& transaction,
                                     const Context& context) {
  const HeimdallPolicy& policy = context.policy.heimdall_transaction;
  if (transaction.messages.empty() || transaction.messages.size() > policy.max_messages) {
    return refuse(Rule::kMessageType, "transaction.messages",
                  "1 to " + std::to_string(policy.max_messages),
                  std::to_string(transaction.messages.size()));
  }
  for (const wire::HeimdallMessage& message : transaction.messages) {
    const bool by_administrators = contains(policy.admin_messages, message.type_url);
    if (!by_administrators && !contains(policy.messages, message.type_url)) {
      return refuse(Rule::kMessageType, "transaction.messages.type_url",
                    "a message that the policy lists", message.type_url);
    }
    if (by_administrators && context.approvals < kApprovalsNeeded) {
      return refuse(Rule::kApproval, "transaction.messages.type_url",
                    "two administrators' approval", std::to_string(context.approvals));
    }
    RETURN_IF_ERROR(check_message(message, context.address));
  }
  return Unit{};
}

/// The declared fee within the caps; its amount.
Result<U256, wire::Refusal> check_fee(const HeimdallTransaction& transaction,
                                      const HeimdallPolicy& policy) {
  if (transaction.gas_limit == 0 || transaction.gas_limit > policy.max_gas) {
    return refuse(Rule::kGas, "transaction.gas_limit", "1 to " + std::to_string(policy.max_gas),
                  std::to_string(transaction.gas_limit));
  }
  if (transaction.fee_denomination.empty() && transaction.fee_amount.empty()) return U256{};
  const auto amount = U256::from_decimal(transaction.fee_amount);
  if (transaction.fee_denomination != policy.fee_denomination || !amount || *amount == U256{}) {
    return refuse(Rule::kFee, "transaction.fee_amount",
                  "a positive amount of " + policy.fee_denomination + " or no fee",
                  transaction.fee_amount + transaction.fee_denomination);
  }
  if (*amount <= policy.max_fee) return *amount;
  return refuse(Rule::kFee, "transaction.fee_amount", "at most " + policy.max_fee.to_decimal(),
                transaction.fee_amount);
}

/// Account number and sequence; enters them into the record.
Status<wire::Refusal> check_account(const HeimdallTransaction& transaction,
                                    const HeimdallPolicy& policy, HeimdallRecord& record,
                                    Approval& approval) {
  if (record.account_number && *record.account_number != transaction.account_number) {
    return refuse(Rule::kAccountNumber, "transaction.account_number",
                  std::to_string(*record.account_number),
                  std::to_string(transaction.account_number));
  }
  record.account_number = transaction.account_number;
  const std::uint64_t highest = saturating_add(record.sequence, policy.max_sequence_jump);
  if (transaction.sequence < record.sequence || transaction.sequence > highest) {
    return refuse(Rule::kSequence, "transaction.sequence",
                  std::to_string(record.sequence) + " to " + std::to_string(highest),
                  std::to_string(transaction.sequence));
  }
  if (transaction.sequence > record.sequence) {
    record.sequence = transaction.sequence;
    record.bodies_at_sequence = 0;
  }
  if (record.bodies_at_sequence >= policy.max_bodies_per_sequence) {
    return refuse(Rule::kSequence, "transaction.sequence",
                  "at most " + std::to_string(policy.max_bodies_per_sequence) +
                      " transactions with one sequence",
                  "one more");
  }
  if (record.bodies_at_sequence++ > 0) approval.alarms.push_back(Alarm::kReusedSequence);
  return Unit{};
}

}  // namespace

Decision decide_heimdall_transaction(const Context& context, const HeimdallRecord& record,
                                     const wire::SignHeimdallTransaction& request) {
  const HeimdallPolicy& policy = context.policy.heimdall_transaction;
  const HeimdallTransaction& transaction = request.transaction;
  RETURN_IF_ERROR(require_enabled(policy.enabled, "heimdall_transaction"));
  if (transaction.chain_id != policy.chain_id) {
    return refuse(Rule::kChain, "transaction.chain_id", policy.chain_id, transaction.chain_id);
  }
  RETURN_IF_ERROR(check_messages(transaction, context));
  ASSIGN_OR_RETURN(const U256 fee, check_fee(transaction, policy));
  Approval approval;
  const Hash256 digest = keccak256(wire::heimdall_sign_bytes(transaction, context.public_key));
  if (record.last && record.last->digest == digest) {
    approval.slots.push_back({Purpose::kHeimdallTransaction, digest, record.last->signature});
    return approval;
  }
  HeimdallRecord next = record;
  RETURN_IF_ERROR(check_account(transaction, policy, next, approval));
  RETURN_IF_ERROR(spend_in_day(next.spent, fee, policy.max_fee_per_day, context.now));
  RETURN_IF_ERROR(count_in_minute(next.rate, policy.max_per_minute, context.now));
  next.last = SignedDigest{digest, std::nullopt};
  approval.slots.push_back({Purpose::kHeimdallTransaction, digest, std::nullopt});
  approval.record = next;
  return approval;
}

}  // namespace buri::hsm::rules
