#include "tests/sim/hsm/questions.hpp"

#include "hsm/rules/digest.hpp"
#include "hsm/wire/sign_bytes.hpp"
#include "tests/unit/hsm/rules/samples.hpp"

namespace buri::hsm::sim {
namespace {

namespace samples = rules::testing;

constexpr std::uint64_t kCheckpointBlocks = 256;
constexpr std::size_t kRemembered = 8;
constexpr const char* kAdminMessage = "/heimdallv2.topup.MsgWithdrawFeeTx";
constexpr FixedBytes<4> kStakeCall{{9, 9, 9, 9}};

}  // namespace

signer::SigningKey sim_key() { return {samples::kAddress, FixedBytes<65>{{4}}}; }

rules::Policy sim_policy(std::uint64_t seed) {
  rules::Policy policy = samples::open_policy();
  if (seed % 2 == 1) {
    policy.vote_extension.tier = rules::ExtensionTier::kStrict;
  } else {
    policy.vote_extension.max_alternatives = 1;
    policy.bor_header.tier = rules::BorTier::kSupersedeUnpublished;
    policy.bor_header.max_supersedes = 1;
  }
  policy.heimdall_transaction.max_bodies_per_sequence = 2;
  policy.heimdall_transaction.max_fee_per_day = U256::from_uint64(1'000'000);
  policy.root_chain_transaction.max_wei_per_day = U256::from_uint64(1'000'000'000'000);
  return policy;
}

wire::RequestBody Questions::next() {
  if (!asked_.empty() && random_.chance(0.4)) {
    wire::RequestBody again = asked_[random_.below(asked_.size())];
    if (random_.chance(0.5)) alter(again);
    return again;
  }
  asked_.push_back(fresh());
  if (asked_.size() > kRemembered) asked_.pop_front();
  return asked_.back();
}

wire::RequestBody Questions::fresh() {
  const std::uint64_t dice = random_.below(100);
  if (dice < 45) return vote();
  if (dice < 55) return proposal();
  if (dice < 70) return header();
  if (dice < 82) return message();
  if (dice < 94) return call();
  return report();
}

wire::SignVote Questions::vote() {
  height_ += static_cast<std::int64_t>(random_.below(2));
  const auto type = random_.chance(0.5) ? wire::VoteType::kPrevote : wire::VoteType::kPrecommit;
  wire::SignVote vote =
      samples::vote_at(height_, static_cast<std::int32_t>(random_.below(2)), type);
  vote.block_id = random_.chance(0.1) ? wire::BlockId{} : samples::block(variant());
  vote.timestamp.seconds += height_;
  if (type == wire::VoteType::kPrecommit && !vote.block_id.is_nil()) promise(vote);
  return vote;
}

/// Both extensions: responses differ, and now and then there is a checkpoint.
void Questions::promise(wire::SignVote& vote) {
  samples::extend(vote, variant());
  vote.plain_extension =
      wire::plain_dummy(wire::ExtensionForm::kBanner, vote.height, vote.chain_id);
  if (!random_.chance(0.3)) return;
  checkpoint_ += random_.below(2);
  wire::Checkpoint checkpoint = samples::checkpoint(checkpoint_ * kCheckpointBlocks,
                                                    (checkpoint_ + 1) * kCheckpointBlocks - 1);
  checkpoint.root_hash = samples::hash_of(variant());
  checkpoint.proposer.bytes[19] = static_cast<std::uint8_t>(random_.below(2));
  vote.plain_extension = wire::plain_checkpoint(checkpoint);
  promised_ = checkpoint;
}

wire::SignProposal Questions::proposal() {
  height_ += static_cast<std::int64_t>(random_.below(2));
  auto proposal = samples::proposal_at(height_, static_cast<std::int32_t>(random_.below(2)));
  proposal.block_id = samples::block(variant());
  return proposal;
}

// On the header that was sealed last, or after a gap, where nothing can be contradicted.
wire::SignBorHeader Questions::header() {
  if (!parent_.is_zero() && random_.chance(0.5)) {
    auto request = samples::bor_header(number_ + 1, parent_);
    request.header.gas_used = variant();
    return request;
  }
  number_ += 2;
  auto request = samples::bor_header(number_, samples::hash_of(number_ + random_.below(2)));
  request.header.gas_used = variant();
  return request;
}

wire::SignHeimdallTransaction Questions::message() {
  sequence_ += random_.below(2);
  auto request = samples::heimdall_transaction(sequence_);
  request.transaction.gas_limit += variant();
  if (random_.chance(0.3)) {
    request.transaction.messages[0].type_url = kAdminMessage;
    administered_ = request;
  }
  return request;
}

wire::SignRootChainTransaction Questions::call() {
  nonce_ += random_.below(2);
  if (promised_ && random_.chance(0.3)) {
    auto submit = samples::submit_checkpoint(nonce_, 0, 0);
    std::get<wire::SubmitCheckpoint>(submit.transaction.call).checkpoint = *promised_;
    return submit;
  }
  auto request = samples::root_chain_call(nonce_);
  auto& contract = std::get<wire::ContractCall>(request.transaction.call);
  contract.arguments[31] = static_cast<std::uint8_t>(variant());
  if (random_.chance(0.3)) {
    contract.selector = kStakeCall;
    administered_ = request;
  }
  return request;
}

wire::RequestBody Questions::report() {
  if (random_.chance(0.5)) return wire::ReportCheckpoint{checkpoint_ * kCheckpointBlocks / 2};
  return wire::ReportMilestone{number_ - random_.below(3), samples::hash_of(number_)};
}

void Questions::alter_vote(wire::SignVote& vote) {
  const std::uint64_t dice = random_.below(4);
  if (dice == 0 || vote.block_id.is_nil()) {
    ++vote.timestamp.seconds;
  } else if (dice == 1 || !vote.extension) {
    vote.block_id = samples::block(variant());
    if (vote.extension) samples::extend(vote, 0);
  } else {
    promise(vote);
  }
}

/// Another content for the same place, as a client that lost its memory may ask for.
void Questions::alter(wire::RequestBody& request) {
  if (auto* vote = std::get_if<wire::SignVote>(&request)) return alter_vote(*vote);
  if (auto* proposal = std::get_if<wire::SignProposal>(&request)) {
    if (random_.chance(0.3)) return void(++proposal->timestamp.seconds);
    proposal->block_id = samples::block(variant());
  }
  if (auto* seal = std::get_if<wire::SignBorHeader>(&request)) {
    seal->header.gas_used = variant();
    seal->earlier_not_broadcast = random_.chance(0.5);
  }
  if (auto* message = std::get_if<wire::SignHeimdallTransaction>(&request)) {
    message->transaction.gas_limit += 1 + variant();
  }
  if (auto* call = std::get_if<wire::SignRootChainTransaction>(&request)) {
    wire::RootChainTransaction& transaction = call->transaction;
    if (random_.chance(0.5)) {
      transaction.max_fee_per_gas_wei += transaction.max_fee_per_gas_wei / 5;
      transaction.max_priority_fee_per_gas_wei += transaction.max_priority_fee_per_gas_wei / 5;
    } else if (auto* contract = std::get_if<wire::ContractCall>(&transaction.call)) {
      contract->arguments[31] = static_cast<std::uint8_t>(variant());
    }
  }
}

wire::ProveOfPossession Questions::possession() {
  return {std::string(samples::kChainId), "sim", samples::hash_of(++ceremony_)};
}

void Questions::learn(const wire::RequestBody& request, const wire::ResponseBody& answer) {
  const auto* seal = std::get_if<wire::SignBorHeader>(&request);
  const auto* given = std::get_if<wire::Signed>(&answer);
  if (seal == nullptr || given == nullptr || seal->header.number < number_) return;
  number_ = seal->header.number;
  parent_ = rules::keccak256(wire::bor_header_rlp(seal->header, given->signatures[0].signature));
}

/// Sign bytes of one of the other purposes, also of requests that the key did sign.
Bytes Questions::payload() {
  Bytes bytes;
  switch (random_.below(6)) {
    case 0:
      bytes = wire::root_chain_sign_bytes(samples::root_chain_call(nonce_).transaction);
      break;
    case 1:
      bytes = wire::bor_header_sign_bytes(
          samples::bor_header(number_, samples::hash_of(number_)).header);
      break;
    case 2:
      bytes = wire::heimdall_sign_bytes(samples::heimdall_transaction(sequence_).transaction,
                                        sim_key().public_key);
      break;
    case 3:
      bytes = wire::vote_sign_bytes(samples::precommit_at(height_, 0));
      break;
    case 4:
      bytes = wire::possession_sign_bytes({"c", "sim", samples::hash_of(1)}, samples::kAddress);
      break;
    default:
      bytes = Bytes(Hash256::kSize, 0xab);  // a bare digest
  }
  if (random_.chance(0.3)) bytes.insert(bytes.begin(), 1);  // as a checkpoint begins
  return bytes;
}

wire::RequestBody Questions::hostile_vote() {
  wire::SignVote vote = samples::precommit_at(height_ + 1, 0);
  switch (random_.below(9)) {
    case 0:
      vote.plain_extension = payload();
      return vote;
    case 1:
      append(*vote.plain_extension, payload());
      return vote;
    case 2:
      vote.extension = payload();
      return vote;
    case 3:
      append(*vote.extension, payload());
      return vote;
    case 4: {
      wire::SignVote plain = samples::vote_at(height_ + 1, 0, wire::VoteType::kPrevote);
      plain.chain_id = as_text(payload());
      return plain;
    }
    case 5:  // the dummy of another height
      vote.plain_extension =
          wire::plain_dummy(wire::ExtensionForm::kBanner, height_ + 50, vote.chain_id);
      return vote;
    case 6: {
      wire::Checkpoint elsewhere = samples::checkpoint(0, 255);
      elsewhere.bor_chain_id = 1;
      vote.plain_extension = wire::plain_checkpoint(elsewhere);
      return vote;
    }
    case 7:
      vote.validator_address.bytes[0] ^= 1;
      return vote;
    default: {
      wire::SignProposal proposal = samples::proposal_at(height_ + 1, 0);
      if (random_.chance(0.5)) {
        proposal.height += 20'000;
      } else {
        proposal.chain_id = as_text(payload());
      }
      return proposal;
    }
  }
}

wire::RequestBody Questions::hostile_header() {
  wire::SignBorHeader request = samples::bor_header(number_ + 2, samples::hash_of(1));
  Bytes vanity = payload();
  vanity.resize(32, 0xab);
  switch (random_.below(4)) {
    case 0:
      request.header.extra.vanity = FixedBytes<32>::from(vanity);
      return request;
    case 1:
      request.chain_id = 1;
      return request;
    case 2:
      request.header.number += 1'000'000'000;
      return request;
    default:
      request.header.gas_used = request.header.gas_limit + 1;
      return request;
  }
}

wire::RequestBody Questions::hostile_transaction() {
  wire::SignHeimdallTransaction message = samples::heimdall_transaction(sequence_ + 1);
  wire::SignRootChainTransaction call = samples::root_chain_call(nonce_ + 1);
  switch (random_.below(8)) {
    case 0:
      message.transaction.messages[0].value = payload();
      return message;
    case 1:
      message.transaction.messages[0].type_url = "/heimdallv2.topup.MsgTopupTx";
      return message;
    case 2:
      message.transaction.chain_id = as_text(payload());
      return message;
    case 3:
      call.transaction.to.bytes[0] ^= 1;
      return call;
    case 4:
      call.transaction.value_wei = U256::from_uint64(6);
      return call;
    case 5: {  // submitCheckpoint as bytes
      const auto submit = samples::submit_checkpoint(nonce_ + 1, 0, 255).transaction;
      const Bytes calldata = wire::root_chain_calldata(submit);
      call.transaction.to = submit.to;
      call.transaction.call = wire::ContractCall{FixedBytes<4>::from(ByteView(calldata).first(4)),
                                                 Bytes(calldata.begin() + 4, calldata.end())};
      return call;
    }
    case 6:  // of a checkpoint that the key never signed
      return samples::submit_checkpoint(nonce_ + 1, 7, 77);
    default:
      return wire::ProveOfPossession{std::string(samples::kChainId), "never held",
                                     samples::hash_of(0)};
  }
}

wire::RequestBody Questions::hostile() {
  const std::uint64_t dice = random_.below(10);
  if (dice < 5) return hostile_vote();
  return dice < 7 ? hostile_header() : hostile_transaction();
}

}  // namespace buri::hsm::sim
