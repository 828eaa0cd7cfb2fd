#include "tests/unit/hsm/rules/samples.hpp"

#include "base/codec/protobuf_writer.hpp"
#include "base/hex.hpp"
#include "hsm/wire/plain_extension.hpp"
#include "hsm/wire/vote_extension.hpp"

namespace buri::hsm::rules::testing {
namespace {

constexpr Address kRootChain{{0x86, 0xe4}};
constexpr Address kOther{{0x55}};
constexpr FixedBytes<4> kSubmitCheckpoint{{0x4e, 0x43, 0xe4, 0x95}};
constexpr FixedBytes<4> kPoke{{1, 2, 3, 4}};
constexpr FixedBytes<4> kStake{{9, 9, 9, 9}};

}  // namespace

Policy open_policy() {
  Policy policy;
  policy.consensus.chain_id = kChainId;
  policy.checkpoint.bor_chain_id = 137;
  policy.bor_header.enabled = true;
  policy.bor_header.chain_id = 137;
  policy.heimdall_transaction.enabled = true;
  policy.heimdall_transaction.chain_id = kChainId;
  policy.heimdall_transaction.messages = {"/heimdallv2.checkpoint.MsgCpNoAck"};
  policy.heimdall_transaction.admin_messages = {"/heimdallv2.topup.MsgWithdrawFeeTx"};
  policy.heimdall_transaction.max_fee = U256::from_uint64(100);
  policy.heimdall_transaction.max_fee_per_day = U256::from_uint64(250);
  RootChainPolicy& root = policy.root_chain_transaction;
  root.enabled = true;
  root.chain_id = 1;
  root.calls = {{kOther, kPoke, U256::from_uint64(5), false},
                {kOther, kStake, U256{}, true},
                {kRootChain, kSubmitCheckpoint, U256{}, false}};
  root.max_gas = 1'000'000;
  root.max_fee_per_gas_wei = 1'000;
  root.max_priority_fee_per_gas_wei = 100;
  root.max_wei_per_day = U256::from_uint64(1'000'000'000);
  return policy;
}

Context World::context() const {
  return {policy,    kAddress, FixedBytes<65>{{4}}, WallTime(std::chrono::seconds(now)),
          approvals, ceremony};
}

Decision World::ask(const wire::RequestBody& request) const {
  return decide(context(), ledgers, request);
}

Decision World::sign(const wire::RequestBody& request) {
  Decision decision = ask(request);
  if (!decision.ok() || !decision->record) return decision;
  std::vector<MadeSignature> made;
  for (const SignatureSlot& slot : decision->slots) {
    made.push_back({slot.purpose, slot.digest, made_up_signature(slot.digest)});
  }
  Record record = *decision->record;
  attach_signatures(record, made);
  ledgers.set(std::move(record));
  return decision;
}

wire::Signature made_up_signature(const Hash256& digest) {
  Bytes bytes(digest.bytes.begin(), digest.bytes.end());
  append(bytes, digest);
  bytes.push_back(0);
  return wire::Signature::from(bytes);
}

std::string outcome(const Decision& decision) {
  if (!decision.ok()) return std::string(wire::rule_name(decision.error().rule));
  return decision->is_replay() ? "replayed" : "granted";
}

Hash256 hash_of(std::uint64_t seed) { return U256::from_uint64(seed + 1'000'000).to_word(); }

wire::BlockId block(std::uint64_t seed) { return {hash_of(seed), {1, hash_of(seed + 1)}}; }

wire::SignProposal proposal_at(std::int64_t height, std::int32_t round) {
  return {std::string(kChainId), height, round, -1, block(1), {kNow, 0}};
}

wire::SignVote vote_at(std::int64_t height, std::int32_t round, wire::VoteType type) {
  wire::SignVote vote;
  vote.chain_id = kChainId;
  vote.type = type;
  vote.height = height;
  vote.round = round;
  vote.block_id = block(1);
  vote.timestamp = {kNow, 0};
  vote.validator_address = kAddress;
  return vote;
}

wire::SignVote precommit_at(std::int64_t height, std::int32_t round) {
  wire::SignVote vote = vote_at(height, round, wire::VoteType::kPrecommit);
  extend(vote, 0);
  vote.plain_extension =
      wire::plain_dummy(wire::ExtensionForm::kBanner, vote.height, vote.chain_id);
  return vote;
}

void extend(wire::SignVote& vote, std::size_t responses) {
  wire::VoteExtension extension;
  extension.block_hash.assign(vote.block_id.hash->bytes.begin(), vote.block_id.hash->bytes.end());
  extension.height = vote.height;
  for (std::size_t i = 0; i < responses; ++i) {
    extension.side_tx_responses.push_back({hash_of(i), wire::SideTxResult::kYes});
  }
  vote.extension = wire::encode_vote_extension(extension);
}

wire::Checkpoint checkpoint(std::uint64_t start, std::uint64_t end) {
  return {kAddress, start, end, hash_of(start), hash_of(end), 137};
}

wire::SignBorHeader bor_header(std::uint64_t number, const Hash256& parent) {
  wire::SignBorHeader request;
  request.chain_id = 137;
  wire::BorHeader& header = request.header;
  header.parent_hash = parent;
  header.difficulty = 1;
  header.number = number;
  header.gas_limit = 30'000'000;
  header.time = kNow;
  header.base_fee = U256::from_uint64(30);
  header.extra.gas_target = 15'000'000;
  header.extra.base_fee_change_denominator = 64;
  return request;
}

wire::SignHeimdallTransaction heimdall_transaction(std::uint64_t sequence) {
  wire::SignHeimdallTransaction request;
  wire::HeimdallTransaction& transaction = request.transaction;
  transaction.chain_id = kChainId;
  transaction.account_number = 5;
  transaction.sequence = sequence;
  transaction.fee_denomination = "pol";
  transaction.fee_amount = "100";
  transaction.gas_limit = 200'000;
  ProtobufWriter message;
  message.string(1, "0x" + to_hex(kAddress));
  transaction.messages = {{"/heimdallv2.checkpoint.MsgCpNoAck", message.encoded()}};
  return request;
}

wire::SignRootChainTransaction root_chain_call(std::uint64_t nonce) {
  wire::SignRootChainTransaction request;
  wire::RootChainTransaction& transaction = request.transaction;
  transaction.chain_id = 1;
  transaction.nonce = nonce;
  transaction.max_priority_fee_per_gas_wei = 10;
  transaction.max_fee_per_gas_wei = 100;
  transaction.gas_limit = 500'000;
  transaction.to = kOther;
  transaction.call = wire::ContractCall{kPoke, Bytes(32)};
  return request;
}

wire::SignRootChainTransaction submit_checkpoint(std::uint64_t nonce, std::uint64_t start,
                                                 std::uint64_t end) {
  wire::SignRootChainTransaction request = root_chain_call(nonce);
  request.transaction.to = kRootChain;
  request.transaction.call =
      wire::SubmitCheckpoint{checkpoint(start, end), {{hash_of(1), hash_of(2), 27}}};
  return request;
}

}  // namespace buri::hsm::rules::testing
