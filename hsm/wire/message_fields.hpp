#pragma once

#include "hsm/wire/fields.hpp"
#include "hsm/wire/request.hpp"
#include "hsm/wire/response.hpp"

/// The fields of every value that travels between node and signer or stands in a record, for
/// FieldEncoder and FieldDecoder. Numbers and bounds are those of docs/formats/signer-protocol.md.

namespace buri::hsm::wire {

inline constexpr std::size_t kMaxChainIdBytes = 50;  ///< CometBFT's own bound
inline constexpr std::size_t kMaxReasonBytes = 512;
inline constexpr std::size_t kMaxBorValidators = 256;
inline constexpr std::size_t kMaxDependencyLists = 1024;
inline constexpr std::size_t kMaxDependencies = 1024;
inline constexpr std::size_t kMaxHeaderBytes = 16 * 1024;
inline constexpr std::size_t kMaxHeimdallMessages = 16;
inline constexpr std::size_t kMaxHeimdallMessageBytes = 40 * 1024;
inline constexpr std::size_t kMaxMemoBytes = 256;
inline constexpr std::size_t kMaxCheckpointSignatures = 256;
inline constexpr std::size_t kMaxCalldataBytes = 16 * 1024;

template <class Visitor, Of<Timestamp> Message>
void fields(Visitor& visit, Message& time) {
  visit.number(1, "seconds", time.seconds);
  visit.number(2, "nanos", time.nanos, 0, 999'999'999);
}

template <class Visitor, Of<PartSetHeader> Message>
void fields(Visitor& visit, Message& parts) {
  visit.number(1, "total", parts.total);
  visit.optional_fixed(2, "hash", parts.hash);
}

template <class Visitor, Of<BlockId> Message>
void fields(Visitor& visit, Message& block_id) {
  visit.optional_fixed(1, "hash", block_id.hash);
  visit.message(2, "parts", block_id.parts);
}

template <class Visitor, Of<Hello> Message>
void fields(Visitor& visit, Message& hello) {
  visit.number(1, "lowest_version", hello.lowest_version);
  visit.number(2, "highest_version", hello.highest_version);
  visit.numbers(3, "purposes", hello.purposes, kPurposeCount, Purpose::kProposal,
                Purpose::kProofOfPossession);
}

template <class Visitor, Of<SignProposal> Message>
void fields(Visitor& visit, Message& proposal) {
  visit.text(1, "chain_id", proposal.chain_id, kMaxChainIdBytes);
  visit.number(2, "height", proposal.height);
  visit.number(3, "round", proposal.round);
  visit.number(4, "pol_round", proposal.pol_round);
  visit.message(5, "block_id", proposal.block_id);
  visit.message(6, "timestamp", proposal.timestamp);
}

template <class Visitor, Of<SignVote> Message>
void fields(Visitor& visit, Message& vote) {
  visit.text(1, "chain_id", vote.chain_id, kMaxChainIdBytes);
  visit.number(2, "type", vote.type, VoteType::kPrevote, VoteType::kPrecommit);
  visit.number(3, "height", vote.height);
  visit.number(4, "round", vote.round);
  visit.message(5, "block_id", vote.block_id);
  visit.message(6, "timestamp", vote.timestamp);
  visit.fixed(7, "validator_address", vote.validator_address);
  visit.optional_bytes(8, "extension", vote.extension, 10 * 1024);
  visit.optional_bytes(9, "plain_extension", vote.plain_extension, 500);
}

template <class Visitor, Of<BorValidator> Message>
void fields(Visitor& visit, Message& validator) {
  visit.fixed(1, "address", validator.address);
  visit.fixed(2, "power", validator.power);
}

template <class Visitor, Of<TransactionDependencies> Message>
void fields(Visitor& visit, Message& list) {
  visit.numbers(1, "numbers", list.numbers, kMaxDependencies);
}

template <class Visitor, Of<BorExtra> Message>
void fields(Visitor& visit, Message& extra) {
  visit.fixed(1, "vanity", extra.vanity);
  visit.number(2, "shape", extra.shape, BorExtraShape::kValidatorBytes, BorExtraShape::kAustin);
  visit.messages(3, "validators", extra.validators, kMaxBorValidators);
  visit.messages(4, "transaction_dependencies", extra.transaction_dependencies,
                 kMaxDependencyLists);
  visit.number(5, "gas_target", extra.gas_target);
  visit.number(6, "base_fee_change_denominator", extra.base_fee_change_denominator);
}

template <class Visitor, Of<BorHeader> Message>
void fields(Visitor& visit, Message& header) {
  visit.fixed(1, "parent_hash", header.parent_hash);
  visit.fixed(2, "coinbase", header.coinbase);
  visit.fixed(3, "state_root", header.state_root);
  visit.fixed(4, "transactions_root", header.transactions_root);
  visit.fixed(5, "receipts_root", header.receipts_root);
  visit.fixed(6, "bloom", header.bloom);
  visit.number(7, "difficulty", header.difficulty);
  visit.number(8, "number", header.number);
  visit.number(9, "gas_limit", header.gas_limit);
  visit.number(10, "gas_used", header.gas_used);
  visit.number(11, "time", header.time);
  visit.message(12, "extra", header.extra);
  visit.optional_big(13, "base_fee", header.base_fee);
  visit.flag(14, "base_fee_is_sealed", header.base_fee_is_sealed);
}

template <class Visitor, Of<SignBorHeader> Message>
void fields(Visitor& visit, Message& request) {
  visit.number(1, "chain_id", request.chain_id);
  visit.message(2, "header", request.header);
  visit.flag(3, "earlier_not_broadcast", request.earlier_not_broadcast);
  visit.byte_strings(4, "branch", request.branch, kMaxBranchHeaders, kMaxHeaderBytes);
}

template <class Visitor, Of<HeimdallMessage> Message>
void fields(Visitor& visit, Message& message) {
  visit.text(1, "type_url", message.type_url, 100);
  visit.bytes(2, "value", message.value, kMaxHeimdallMessageBytes);
}

template <class Visitor, Of<HeimdallTransaction> Message>
void fields(Visitor& visit, Message& transaction) {
  visit.text(1, "chain_id", transaction.chain_id, kMaxChainIdBytes);
  visit.number(2, "account_number", transaction.account_number);
  visit.number(3, "sequence", transaction.sequence);
  visit.messages(4, "messages", transaction.messages, kMaxHeimdallMessages);
  visit.text(5, "memo", transaction.memo, kMaxMemoBytes);
  visit.number(6, "timeout_height", transaction.timeout_height);
  visit.text(7, "fee_denomination", transaction.fee_denomination, 128);
  visit.text(8, "fee_amount", transaction.fee_amount, 78);
  visit.number(9, "gas_limit", transaction.gas_limit);
}

template <class Visitor, Of<SignHeimdallTransaction> Message>
void fields(Visitor& visit, Message& request) {
  visit.message(1, "transaction", request.transaction);
}

template <class Visitor, Of<Checkpoint> Message>
void fields(Visitor& visit, Message& checkpoint) {
  visit.fixed(1, "proposer", checkpoint.proposer);
  visit.number(2, "start_block", checkpoint.start_block);
  visit.number(3, "end_block", checkpoint.end_block);
  visit.fixed(4, "root_hash", checkpoint.root_hash);
  visit.fixed(5, "account_root_hash", checkpoint.account_root_hash);
  visit.number(6, "bor_chain_id", checkpoint.bor_chain_id);
}

template <class Visitor, Of<CheckpointSignature> Message>
void fields(Visitor& visit, Message& signature) {
  visit.fixed(1, "r", signature.r);
  visit.fixed(2, "s", signature.s);
  visit.number(3, "v", signature.v);
}

template <class Visitor, Of<SubmitCheckpoint> Message>
void fields(Visitor& visit, Message& call) {
  visit.message(1, "checkpoint", call.checkpoint);
  visit.messages(2, "signatures", call.signatures, kMaxCheckpointSignatures);
}

template <class Visitor, Of<ContractCall> Message>
void fields(Visitor& visit, Message& call) {
  visit.fixed(1, "selector", call.selector);
  visit.bytes(2, "arguments", call.arguments, kMaxCalldataBytes);
}

template <class Visitor, Of<RootChainTransaction> Message>
void fields(Visitor& visit, Message& transaction) {
  visit.number(1, "chain_id", transaction.chain_id);
  visit.number(2, "nonce", transaction.nonce);
  visit.number(3, "max_priority_fee_per_gas_wei", transaction.max_priority_fee_per_gas_wei);
  visit.number(4, "max_fee_per_gas_wei", transaction.max_fee_per_gas_wei);
  visit.number(5, "gas_limit", transaction.gas_limit);
  visit.fixed(6, "to", transaction.to);
  visit.big(7, "value_wei", transaction.value_wei);
  visit.choice(8, {"submit_checkpoint", "contract_call"}, transaction.call);
}

template <class Visitor, Of<SignRootChainTransaction> Message>
void fields(Visitor& visit, Message& request) {
  visit.message(1, "transaction", request.transaction);
}

template <class Visitor, Of<ProveOfPossession> Message>
void fields(Visitor& visit, Message& request) {
  visit.text(1, "chain", request.chain, kMaxChainIdBytes);
  visit.text(2, "ceremony_id", request.ceremony_id, 64);
  visit.fixed(3, "nonce", request.nonce);
}

template <class Visitor, Of<ReportMilestone> Message>
void fields(Visitor& visit, Message& report) {
  visit.number(1, "block_number", report.block_number);
  visit.fixed(2, "block_hash", report.block_hash);
}

template <class Visitor, Of<ReportCheckpoint> Message>
void fields(Visitor& visit, Message& report) {
  visit.number(1, "end_block", report.end_block);
}

template <class Visitor, Of<GetPublicKey> Message>
void fields(Visitor&, Message&) {}
template <class Visitor, Of<GetStatus> Message>
void fields(Visitor&, Message&) {}
template <class Visitor, Of<Acknowledged> Message>
void fields(Visitor&, Message&) {}

template <class Visitor, Of<Request> Message>
void fields(Visitor& visit, Message& request) {
  visit.number(1, "id", request.id);
  visit.number(2, "timeout_ms", request.timeout_ms, 1u, kMaxTimeoutMs);
  visit.choice(3,
               {"hello", "sign_proposal", "sign_vote", "sign_bor_header",
                "sign_heimdall_transaction", "sign_root_chain_transaction", "prove_of_possession",
                "report_milestone", "report_checkpoint", "get_public_key", "get_status"},
               request.body);
}

template <class Visitor, Of<PurposeSignature> Message>
void fields(Visitor& visit, Message& signature) {
  visit.number(1, "purpose", signature.purpose, Purpose::kProposal, Purpose::kProofOfPossession);
  visit.fixed(2, "signature", signature.signature);
}

template <class Visitor, Of<Signed> Message>
void fields(Visitor& visit, Message& answer) {
  visit.messages(1, "signatures", answer.signatures, 3);
  visit.optional_message(2, "timestamp", answer.timestamp);
}

template <class Visitor, Of<Refusal> Message>
void fields(Visitor& visit, Message& refusal) {
  visit.number(1, "rule", refusal.rule, Rule{1}, Rule{255});
  visit.text(2, "field", refusal.field, kMaxReasonBytes);
  visit.text(3, "expected", refusal.expected, kMaxReasonBytes);
  visit.text(4, "found", refusal.found, kMaxReasonBytes);
}

template <class Visitor, Of<Unavailable> Message>
void fields(Visitor& visit, Message& answer) {
  visit.text(1, "reason", answer.reason, kMaxReasonBytes);
}

template <class Visitor, Of<HelloAnswer> Message>
void fields(Visitor& visit, Message& answer) {
  visit.number(1, "version", answer.version);
  visit.numbers(2, "purposes", answer.purposes, kPurposeCount, Purpose::kProposal,
                Purpose::kProofOfPossession);
  visit.number(3, "max_frame_bytes", answer.max_frame_bytes);
}

template <class Visitor, Of<PublicKeyAnswer> Message>
void fields(Visitor& visit, Message& answer) {
  visit.fixed(1, "public_key", answer.public_key);
  visit.fixed(2, "address", answer.address);
}

template <class Visitor, Of<StatusAnswer> Message>
void fields(Visitor& visit, Message& answer) {
  visit.number(1, "state", answer.state, SignerState::kLocked, SignerState::kCeremony);
  visit.text(2, "reason", answer.reason, kMaxReasonBytes);
  visit.number(3, "epoch", answer.epoch);
  visit.fixed(4, "policy_hash", answer.policy_hash);
  visit.number(5, "last_height", answer.last_height);
  visit.number(6, "last_round", answer.last_round);
  visit.number(7, "last_step", answer.last_step, 0u, 3u);
  visit.number(8, "last_bor_number", answer.last_bor_number);
}

template <class Visitor, Of<Response> Message>
void fields(Visitor& visit, Message& response) {
  visit.number(1, "id", response.id);
  visit.choice(
      2, {"signed", "refusal", "unavailable", "acknowledged", "hello", "public_key", "status"},
      response.body);
}

}  // namespace buri::hsm::wire
