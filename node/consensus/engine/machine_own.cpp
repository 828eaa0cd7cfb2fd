#include <algorithm>
#include <tuple>

#include "node/consensus/engine/hashes.hpp"
#include "node/consensus/engine/machine.hpp"

/// What the node itself says: decided on by the state machine, completed by the application, signed
/// one after the other in the order of the decisions, durable before it is acted on.

namespace buri::consensus::engine {
namespace {

/// A vote is at least this much later than the block it follows.
constexpr std::int64_t kVoteTimeStepNs = 1'000'000;

hsm::wire::SignVote vote_request(const std::string& chain_id, VoteType type,
                                 const Address& address) {
  hsm::wire::SignVote request;
  request.chain_id = chain_id;
  request.type = type;
  request.validator_address = address;
  return request;
}

Bytes signature_at(const hsm::wire::Signed& answer, std::size_t index) {
  const hsm::wire::Signature& signature = answer.signatures[index].signature;
  return {signature.bytes.begin(), signature.bytes.end()};
}

}  // namespace

/// This node's place among the validators of the current height or the last; nothing if it has
/// none.
std::optional<std::size_t> Machine::own_index(std::int64_t height) const {
  if (!options_.validator) return std::nullopt;
  const ValidatorSet& set = height == state_.height ? *state_.validators : *state_.last_validators;
  const auto members = set.validators();
  const auto found = std::ranges::find(members, *options_.validator, &Validator::address);
  if (found == members.end()) return std::nullopt;
  return static_cast<std::size_t>(found - members.begin());
}

/// `block` is what the application has yet to say something about, for a prevote whether it accepts
/// the block, for a precommit the extensions.
void Machine::cast_vote(VoteType type, const BlockId& block_id, ProposedBlockPtr block) {
  if (!own_index(state_.height)) return;
  const bool is_prevote = type == VoteType::kPrevote;
  const bool asks = block && (is_prevote || chain_.has_extensions(state_.height));
  OwnMessage message{.kind = is_prevote ? OwnMessage::Kind::kPrevote : OwnMessage::Kind::kPrecommit,
                     .height = state_.height,
                     .round = state_.round,
                     .block_id = block_id,
                     .block = std::move(block),
                     .needs_answer = asks};
  const ProposedBlockPtr& follows =
      state_.locked.block ? state_.locked.block : state_.proposal_block;
  if (follows) message.least_time = plus_nanos(follows->block.header.time, kVoteTimeStepNs);
  enqueue(std::move(message));
}

void Machine::enqueue(OwnMessage message) {
  own_.push_back(std::move(message));
  if (is_replaying_) return;  // begin() asks, for what the log does not have
  if (own_.back().needs_answer) ask_application(own_.back());
  sign_next();
}

void Machine::ask_application(OwnMessage& message) {
  message.question = ask();
  switch (message.kind) {
    case OwnMessage::Kind::kProposal: {
      AskProposal question{.id = message.question, .round = message.round};
      if (state_.last_commit) question.last_commit = state_.last_commit->extended_commit();
      question.time = chain_.is_first()
                          ? chain_.last_time
                          : median_time(question.last_commit.commit(), chain_.last_validators);
      question.max_tx_bytes = max_transaction_bytes(chain_, 0);
      message.last_commit = question.last_commit.commit();
      return emit(std::move(question));
    }
    case OwnMessage::Kind::kPrevote:
      return emit(AskVerdict{message.question, message.block, message.round});
    case OwnMessage::Kind::kPrecommit:
      return emit(AskExtensions{message.question, message.block, message.round});
  }
}

Machine::OwnMessage* Machine::waiting_for(QuestionId id, OwnMessage::Kind kind) {
  const auto found = std::ranges::find_if(own_, [&](const OwnMessage& message) {
    return message.kind == kind && message.needs_answer && message.question == id;
  });
  if (found == own_.end()) return nullptr;
  found->needs_answer = false;
  return &*found;
}

void Machine::drop_own(const OwnMessage& message, Note why, std::string text) {
  note(why, std::move(text));
  std::erase_if(own_, [&](const OwnMessage& other) { return &other == &message; });
}

void Machine::answer(const ProposalMade& made) {
  OwnMessage* message = waiting_for(made.id, OwnMessage::Kind::kProposal);
  if (message == nullptr) return;
  if (!made.content) {
    drop_own(*message, Note::kProposalDropped, "the application did not answer");
  } else if (transaction_bytes(made.content->txs) >
                 max_transaction_bytes(chain_, evidence_bytes(made.content->evidence)) ||
             evidence_bytes(made.content->evidence) > chain_.params.max_evidence_bytes) {
    drop_own(*message, Note::kProposalDropped, "the application's content is too long");
  } else {
    BlockContent content = *made.content;
    content.last_commit = message->last_commit;
    Block block = make_block(*crypto_, chain_, std::move(content), *options_.validator);
    const Hash256 hash = header_hash(*crypto_, block.header);
    message->parts = std::make_shared<PartSet>(PartSet::split(encode_block(block)));
    message->block = std::make_shared<const ProposedBlock>(std::move(block), hash);
    message->block_id = {hash, message->parts->header()};
  }
  sign_next();
}

void Machine::answer(const BlockJudged& judged) {
  OwnMessage* message = waiting_for(judged.id, OwnMessage::Kind::kPrevote);
  if (message == nullptr) return;
  if (!judged.is_accepted) {
    note(Note::kBlockRefused, "the application or the evidence pool refuses it");
    message->block_id = {};
  }
  sign_next();
}

void Machine::answer(const VoteExtended& extended) {
  OwnMessage* message = waiting_for(extended.id, OwnMessage::Kind::kPrecommit);
  if (message == nullptr) return;
  if (extended.extensions) {
    message->extensions = extended.extensions;
  } else {
    drop_own(*message, Note::kNotSigned, "the application made no vote extension");
  }
  sign_next();
}

/// Asks the signer for the oldest message, unless that is under way or the application has not
/// spoken. The signer never goes back, so neither may this.
void Machine::sign_next() {
  if (is_replaying_ || own_.empty()) return;
  OwnMessage& next = own_.front();
  if (next.needs_answer || next.signing != 0) return;
  next.signing = ask();
  next.time = std::max(now_, next.least_time);
  if (next.kind == OwnMessage::Kind::kProposal) {
    // It says nothing of what this node voted, so that nothing has to be durable before; to two of
    // them the signer says no.
    return emit(
        Sign{next.signing, hsm::wire::SignProposal{chain_.chain_id, next.height, next.round,
                                                   next.pol_round, next.block_id, next.time}});
  }
  emit(SyncWal{});
  const bool is_prevote = next.kind == OwnMessage::Kind::kPrevote;
  hsm::wire::SignVote request = vote_request(
      chain_.chain_id, is_prevote ? VoteType::kPrevote : VoteType::kPrecommit, *options_.validator);
  request.height = next.height;
  request.round = next.round;
  request.block_id = next.block_id;
  request.timestamp = next.time;
  if (next.extensions) {
    request.extension = next.extensions->extension;
    request.plain_extension = next.extensions->non_rp_extension;
  }
  emit(Sign{next.signing, std::move(request)});
}

/// Whether a signature that comes now is still of use.
bool Machine::is_wanted(const OwnMessage& message) const {
  if (message.height != state_.height || message.round != state_.round) return false;
  return message.kind != OwnMessage::Kind::kProposal || state_.step <= Step::kPropose;
}

void Machine::answer(const SignerAnswered& answered) {
  if (own_.empty() || own_.front().signing != answered.id || answered.id == 0) return;
  OwnMessage message = std::move(own_.front());
  own_.pop_front();
  const auto [kind, height, round] = std::tuple(message.kind, message.height, message.round);
  const std::size_t expected = message.extensions ? 3 : 1;
  if (answered.answer && answered.answer->signatures.size() == expected) {
    publish(message, *answered.answer);
  } else if (!answered.answer && !answered.is_final && is_wanted(message)) {
    // Where a third of the validators are without their signers nobody has two thirds of anything,
    // no timer runs, and nothing but these votes can end the round.
    note(Note::kNotSigned, "the signer was not reached in time; it is asked again");
    message.signing = 0;
    own_.push_front(std::move(message));
  } else {
    note(Note::kNotSigned, "the signer did not sign");
  }
  // Of a prevote that is not signed, or was counted before a crash, nothing follows by itself: the
  // others' prevotes may all be here.
  const bool is_prevote_of_now =
      kind == OwnMessage::Kind::kPrevote && height == state_.height && round == state_.round;
  if (is_prevote_of_now && state_.step == Step::kPrevote) after_prevote(round);
  if (!is_blocked()) sign_next();
}

/// Into the log, a vote durably; then it is as if it had arrived from a peer. A proposal becomes
/// durable with the prevote that follows.
void Machine::publish(const OwnMessage& message, const hsm::wire::Signed& answer) {
  const Timestamp time = answer.timestamp.value_or(message.time);
  std::vector<Message> messages;
  if (message.kind == OwnMessage::Kind::kProposal) {
    Proposal proposal{message.height,
                      message.round,
                      message.pol_round,
                      message.block_id,
                      time,
                      signature_at(answer, 0),
                      {}};
    messages.emplace_back(std::move(proposal));
    for (std::size_t i = 0; i < message.parts->header().total; ++i) {
      messages.emplace_back(BlockPart{message.height, message.round, *message.parts->part(i)});
    }
  } else {
    const auto index = own_index(message.height);
    if (!index) return;
    Vote vote;
    vote.type =
        message.kind == OwnMessage::Kind::kPrevote ? VoteType::kPrevote : VoteType::kPrecommit;
    vote.height = message.height;
    vote.round = message.round;
    vote.block_id = message.block_id;
    vote.timestamp = time;
    vote.validator_address = *options_.validator;
    vote.validator_index = static_cast<std::int32_t>(*index);
    vote.signature = signature_at(answer, 0);
    if (message.extensions) {
      vote.extension = message.extensions->extension;
      vote.extension_signature = signature_at(answer, 1);
      vote.non_rp_extension = message.extensions->non_rp_extension;
      vote.non_rp_signature = signature_at(answer, 2);
    }
    messages.emplace_back(std::move(vote));
  }
  const bool is_vote = message.kind != OwnMessage::Kind::kProposal;
  for (const Message& own : messages) write(MessageArrived{own, {}}, is_vote);
  MessagesArrived arrived;
  for (Message& own : messages) arrived.messages.push_back({std::move(own), {}});
  receive(std::move(arrived));
}

/// The log has what was decided here: it, and all before it, is not signed again.
void Machine::forget_replayed(const Message& message) {
  if (!is_replaying_) return;
  const auto is_logged = [&](const OwnMessage& own) {
    if (const auto* vote = std::get_if<Vote>(&message)) {
      const auto kind = vote->type == VoteType::kPrevote ? OwnMessage::Kind::kPrevote
                                                         : OwnMessage::Kind::kPrecommit;
      return own.kind == kind && own.height == vote->height && own.round == vote->round;
    }
    const auto* proposal = std::get_if<Proposal>(&message);
    return proposal != nullptr && own.kind == OwnMessage::Kind::kProposal &&
           own.height == proposal->height && own.round == proposal->round;
  };
  const auto found = std::ranges::find_if(own_, is_logged);
  if (found != own_.end()) own_.erase(own_.begin(), found + 1);
}

/// Of past heights only precommits are of use, and what the signer has in hand.
void Machine::forget_old_heights() {
  std::erase_if(own_, [&](const OwnMessage& message) {
    // The application has gone on: what it was not asked about, it cannot be asked about any more.
    const bool is_answerable = !message.needs_answer || message.question != 0;
    const bool is_useful =
        message.signing != 0 || (message.kind == OwnMessage::Kind::kPrecommit &&
                                 message.height + 1 == state_.height && is_answerable);
    return message.height < state_.height && !is_useful;
  });
  if (!is_replaying_) sign_next();
}

}  // namespace buri::consensus::engine
