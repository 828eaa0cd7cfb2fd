#include "hsm/rules/root_chain_transaction.hpp"

#include <algorithm>

#include "hsm/rules/digest.hpp"
#include "hsm/rules/limits.hpp"
#include "hsm/wire/sign_bytes.hpp"

namespace buri::hsm::rules {
namespace {

using wire::CheckpointSignature;
using wire::Purpose;
using wire::RootChainTransaction;
using wire::Rule;

constexpr FixedBytes<4> kSubmitCheckpoint{{0x4e, 0x43, 0xe4, 0x95}};
constexpr std::size_t kWordBytes = 32;
/// Half of the group order: greatest s that the contract counts.
constexpr U256 kHalfOrder{
    {0xdfe92f46681b20a0, 0x5d576e7357a4501d, 0xffffffffffffffff, 0x7fffffffffffffff}};

FixedBytes<4> selector_of(const RootChainTransaction& transaction) {
  const auto* call = std::get_if<wire::ContractCall>(&transaction.call);
  return call != nullptr ? call->selector : kSubmitCheckpoint;
}

bool could_count(const CheckpointSignature& signature) {
  const bool parity =
      signature.v == 0 || signature.v == 1 || signature.v == 27 || signature.v == 28;
  const U256 s = *U256::from_big_endian(signature.s);
  return parity && !signature.r.is_zero() && s != U256{} && s <= kHalfOrder;
}

Status<wire::Refusal> check_checkpoint_call(const wire::SubmitCheckpoint& call,
                                            std::span<const wire::Checkpoint> signed_before,
                                            const RootChainPolicy& policy) {
  if (std::find(signed_before.begin(), signed_before.end(), call.checkpoint) ==
      signed_before.end()) {
    return refuse(Rule::kCheckpointUnknown, "call.submit_checkpoint.checkpoint",
                  "a checkpoint whose extension this key has signed",
                  std::to_string(call.checkpoint.start_block) + " to " +
                      std::to_string(call.checkpoint.end_block));
  }
  if (call.signatures.empty() || call.signatures.size() > policy.max_checkpoint_signatures) {
    return refuse(Rule::kCalldata, "call.submit_checkpoint.signatures",
                  "1 to " + std::to_string(policy.max_checkpoint_signatures),
                  std::to_string(call.signatures.size()));
  }
  if (!std::all_of(call.signatures.begin(), call.signatures.end(), could_count)) {
    return refuse(Rule::kCalldata, "call.submit_checkpoint.signatures",
                  "r and s in range, s low, v of 0, 1, 27 or 28", "another signature");
  }
  return Unit{};
}

Status<wire::Refusal> check_call(const RootChainTransaction& transaction,
                                 std::span<const wire::Checkpoint> checkpoints,
                                 const RootChainPolicy& policy) {
  if (const auto* submit = std::get_if<wire::SubmitCheckpoint>(&transaction.call)) {
    return check_checkpoint_call(*submit, checkpoints, policy);
  }
  const auto& call = std::get<wire::ContractCall>(transaction.call);
  if (call.selector == kSubmitCheckpoint) {
    return refuse(Rule::kCalldata, "call.contract_call.selector", "submitCheckpoint as its fields",
                  "as bytes");
  }
  if (call.arguments.size() % kWordBytes != 0) {
    return refuse(Rule::kCalldata, "call.contract_call.arguments", "whole 32-byte words",
                  std::to_string(call.arguments.size()) + " bytes");
  }
  return Unit{};
}

Status<wire::Refusal> check_destination(const RootChainTransaction& transaction,
                                        const Context& context) {
  const auto& calls = context.policy.root_chain_transaction.calls;
  const FixedBytes<4> selector = selector_of(transaction);
  const auto allowed = std::find_if(calls.begin(), calls.end(), [&](const AllowedCall& call) {
    return call.to == transaction.to && call.selector == selector;
  });
  if (allowed == calls.end()) {
    return refuse(Rule::kDestination, "to", "a contract and selector that the policy lists",
                  "another");
  }
  if (transaction.value_wei > allowed->max_value_wei) {
    return refuse(Rule::kDestination, "value_wei", "at most " + allowed->max_value_wei.to_decimal(),
                  transaction.value_wei.to_decimal());
  }
  if (allowed->needs_approval && context.approvals < kApprovalsNeeded) {
    return refuse(Rule::kApproval, "to", "two administrators' approval",
                  std::to_string(context.approvals));
  }
  return Unit{};
}

Status<wire::Refusal> check_cap(std::string_view field, std::uint64_t value, std::uint64_t cap) {
  if (value <= cap) return Unit{};
  return refuse(Rule::kGas, field, "at most " + std::to_string(cap), std::to_string(value));
}

Status<wire::Refusal> check_gas(const RootChainTransaction& transaction,
                                const RootChainPolicy& policy) {
  RETURN_IF_ERROR(check_cap("gas_limit", transaction.gas_limit, policy.max_gas));
  RETURN_IF_ERROR(check_cap("max_fee_per_gas_wei", transaction.max_fee_per_gas_wei,
                            policy.max_fee_per_gas_wei));
  const std::uint64_t priority_cap =
      std::min(policy.max_priority_fee_per_gas_wei, transaction.max_fee_per_gas_wei);
  return check_cap("max_priority_fee_per_gas_wei", transaction.max_priority_fee_per_gas_wei,
                   priority_cap);
}

/// Most that a transaction can cost.
U256 cost(const RootChainTransaction& transaction) {
  return saturating_add(multiply(transaction.gas_limit, transaction.max_fee_per_gas_wei),
                        transaction.value_wei);
}

bool bumps(std::uint64_t before, std::uint64_t after, std::uint64_t percent) {
  return multiply(after, 100) >= multiply(before, 100 + percent);
}

/// Whether `after` is `before` with nothing but higher fees.
bool is_fee_bump(const RootChainTransaction& before, const RootChainTransaction& after,
                 std::uint64_t percent) {
  return after.to == before.to && after.value_wei == before.value_wei &&
         wire::root_chain_calldata(after) == wire::root_chain_calldata(before) &&
         bumps(before.max_fee_per_gas_wei, after.max_fee_per_gas_wei, percent) &&
         bumps(before.max_priority_fee_per_gas_wei, after.max_priority_fee_per_gas_wei, percent);
}

/// Judges the nonce. A replacement's cost counts in full: which of the two is mined is not known.
Status<wire::Refusal> check_nonce(const RootChainTransaction& transaction,
                                  const RootChainRecord& record, const RootChainPolicy& policy,
                                  Approval& approval) {
  const std::uint64_t highest = saturating_add(record.nonce, policy.max_nonce_jump);
  if (transaction.nonce < record.nonce || transaction.nonce > highest) {
    return refuse(Rule::kNonce, "nonce",
                  std::to_string(record.nonce) + " to " + std::to_string(highest),
                  std::to_string(transaction.nonce));
  }
  if (!record.last || transaction.nonce != record.last->nonce) return Unit{};
  if (!is_fee_bump(*record.last, transaction, policy.min_bump_percent)) {
    return refuse(
        Rule::kReplacement, "nonce",
        "the same call with fees at least " + std::to_string(policy.min_bump_percent) + " % higher",
        "another transaction");
  }
  approval.alarms.push_back(Alarm::kReplacedTransaction);
  return Unit{};
}

}  // namespace

Decision decide_root_chain_transaction(const Context& context, const RootChainRecord& record,
                                       std::span<const wire::Checkpoint> checkpoints,
                                       const wire::SignRootChainTransaction& request) {
  const RootChainPolicy& policy = context.policy.root_chain_transaction;
  const RootChainTransaction& transaction = request.transaction;
  RETURN_IF_ERROR(require_enabled(policy.enabled, "root_chain_transaction"));
  if (transaction.chain_id != policy.chain_id) {
    return refuse(Rule::kChain, "chain_id", std::to_string(policy.chain_id),
                  std::to_string(transaction.chain_id));
  }
  RETURN_IF_ERROR(check_destination(transaction, context));
  Approval approval;
  const Hash256 digest = keccak256(wire::root_chain_sign_bytes(transaction));
  if (record.last == transaction) {
    approval.slots.push_back({Purpose::kRootChainTransaction, digest, record.signature});
    return approval;
  }
  RETURN_IF_ERROR(check_call(transaction, checkpoints, policy));
  RETURN_IF_ERROR(check_gas(transaction, policy));
  RootChainRecord next = record;
  RETURN_IF_ERROR(check_nonce(transaction, record, policy, approval));
  RETURN_IF_ERROR(spend_in_day(next.spent, cost(transaction), policy.max_wei_per_day, context.now));
  RETURN_IF_ERROR(count_in_minute(next.rate, policy.max_per_minute, context.now));
  next.nonce = transaction.nonce;
  next.last = transaction;
  next.signature.reset();
  approval.slots.push_back({Purpose::kRootChainTransaction, digest, std::nullopt});
  approval.record = std::move(next);
  return approval;
}

}  // namespace buri::hsm::rules
