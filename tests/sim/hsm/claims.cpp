#include "tests/sim/hsm/claims.hpp"

#include "base/hex.hpp"
#include "hsm/rules/digest.hpp"
#include "hsm/signer/approvals.hpp"
#include "hsm/wire/sign_bytes.hpp"

namespace buri::hsm::sim {
namespace {

using rules::keccak256;
using wire::Purpose;

/// Dummies are signed ahead of time, for the height above the last one.
constexpr std::int64_t kDummiesAhead = 2;
constexpr std::int64_t kFirstHeight = 100;

template <class... Part>
std::string place(std::string_view name, const Part&... part) {
  std::string text(name);
  const auto add = [&text](const auto& one) {
    if constexpr (std::is_integral_v<std::decay_t<decltype(one)>>) {
      text += " " + std::to_string(one);
    } else {
      text += " " + to_hex(one);
    }
  };
  (add(part), ...);
  return text;
}

/// Everything about a transaction but its fees.
Hash256 call_of(const wire::RootChainTransaction& transaction) {
  Bytes bytes = wire::root_chain_calldata(transaction);
  append(bytes, transaction.to);
  append(bytes, transaction.value_wei.to_word());
  return keccak256(bytes);
}

void set_time(wire::RequestBody& request, wire::Timestamp time) {
  if (auto* vote = std::get_if<wire::SignVote>(&request)) vote->timestamp = time;
  if (auto* proposal = std::get_if<wire::SignProposal>(&request)) proposal->timestamp = time;
}

}  // namespace

void Report::add(const Report& other) {
  conflicts += other.conflicts;
  wrong_replies += other.wrong_replies;
  released += other.released;
  for (std::size_t i = 0; i < by_purpose.size(); ++i) by_purpose[i] += other.by_purpose[i];
  replayed_unequal += other.replayed_unequal;
  refused += other.refused;
  hostile += other.hostile;
  approved += other.approved;
  crashes += other.crashes;
  halts += other.halts;
  fenced_off += other.fenced_off;
  unopened += other.unopened;
  stranded += other.stranded;
  broken_logs += other.broken_logs;
  if (story.empty()) story = other.story;
}

Claims::Claims(const rules::Policy& policy, const signer::SigningKey& key, Report& report)
    : policy_(policy), key_(key), report_(report) {
  expect_dummies(kFirstHeight);
}

std::vector<Claims::Known> Claims::claims_of_vote(const wire::SignVote& vote) const {
  std::vector<Known> all;
  const Hash256 digest = keccak256(wire::vote_sign_bytes(vote));
  all.emplace_back(
      digest, Claim{Purpose::kVote,
                    place("vote", vote.height, vote.round, static_cast<int>(vote.type)), digest});
  if (!vote.extension) return all;
  const Hash256 extension = keccak256(
      wire::vote_extension_sign_bytes(vote.chain_id, vote.height, vote.round, *vote.extension));
  const rules::VoteExtensionPolicy& tier = policy_.vote_extension;
  const std::size_t most =
      tier.tier == rules::ExtensionTier::kStrict ? 1 : 1 + tier.max_alternatives;
  all.emplace_back(extension, Claim{Purpose::kVoteExtension,
                                    place("extension", vote.height, vote.round), extension, most});
  const Hash256 plain = keccak256(*vote.plain_extension);
  Claim promise{Purpose::kPlainExtension, place("dummy", vote.height), plain};
  if (const auto checkpoint = wire::parse_plain_checkpoint(*vote.plain_extension)) {
    promise.place = place("checkpoint", checkpoint->start_block, checkpoint->end_block);
    promise.content = checkpoint->root_hash;
  }
  all.emplace_back(plain, promise);
  return all;
}

std::vector<Claims::Known> Claims::claims_of(const wire::RequestBody& request) const {
  if (const auto* vote = std::get_if<wire::SignVote>(&request)) return claims_of_vote(*vote);
  if (const auto* proposal = std::get_if<wire::SignProposal>(&request)) {
    const Hash256 digest = keccak256(wire::proposal_sign_bytes(*proposal));
    return {{digest, Claim{Purpose::kProposal, place("proposal", proposal->height, proposal->round),
                           digest}}};
  }
  if (const auto* seal = std::get_if<wire::SignBorHeader>(&request)) {
    const rules::BorHeaderPolicy& tier = policy_.bor_header;
    const std::size_t most = tier.tier == rules::BorTier::kStrict ? 1 : 1 + tier.max_supersedes;
    const Hash256 digest = keccak256(wire::bor_header_sign_bytes(seal->header));
    return {{digest,
             Claim{Purpose::kBorHeader,
                   place("header", seal->header.number, seal->header.parent_hash), digest, most}}};
  }
  const Hash256 name = signer::Approvals::name_of(request);
  if (const auto* message = std::get_if<wire::SignHeimdallTransaction>(&request)) {
    const rules::HeimdallPolicy& policy = policy_.heimdall_transaction;
    const bool is_listed = message->transaction.messages[0].type_url == policy.messages[0];
    const Hash256 digest =
        keccak256(wire::heimdall_sign_bytes(message->transaction, key_.public_key));
    return {{digest,
             Claim{Purpose::kHeimdallTransaction, place("sequence", message->transaction.sequence),
                   digest, policy.max_bodies_per_sequence, is_listed ? Hash256{} : name}}};
  }
  if (const auto* call = std::get_if<wire::SignRootChainTransaction>(&request)) {
    bool needs_approval = false;
    for (const rules::AllowedCall& allowed : policy_.root_chain_transaction.calls) {
      const auto* contract = std::get_if<wire::ContractCall>(&call->transaction.call);
      needs_approval |=
          contract != nullptr && allowed.needs_approval && allowed.selector == contract->selector;
    }
    const Hash256 digest = keccak256(wire::root_chain_sign_bytes(call->transaction));
    return {{digest, Claim{Purpose::kRootChainTransaction, place("nonce", call->transaction.nonce),
                           call_of(call->transaction), 1, needs_approval ? name : Hash256{}}}};
  }
  if (const auto* possession = std::get_if<wire::ProveOfPossession>(&request)) {
    const Hash256 digest = keccak256(wire::possession_sign_bytes(*possession, key_.address));
    return {{digest, Claim{Purpose::kProofOfPossession, place("possession", digest), digest}}};
  }
  return {};
}

void Claims::expect(const wire::RequestBody& request) {
  for (auto& [digest, claim] : claims_of(request)) known_.emplace(digest, std::move(claim));
  if (const auto* vote = std::get_if<wire::SignVote>(&request)) expect_dummies(vote->height);
  if (const auto* proposal = std::get_if<wire::SignProposal>(&request)) {
    expect_dummies(proposal->height);
  }
}

void Claims::expect_dummies(std::int64_t height) {
  while (dummies_until_ < height + kDummiesAhead) {
    ++dummies_until_;
    const Hash256 digest = keccak256(wire::plain_dummy(wire::ExtensionForm::kBanner, dummies_until_,
                                                       policy_.consensus.chain_id));
    known_.emplace(digest, Claim{Purpose::kPlainExtension, place("dummy", dummies_until_), digest});
  }
}

void Claims::conflict(const std::string& story) {
  ++report_.conflicts;
  if (report_.story.empty()) report_.story = story;
}

void Claims::device_signed(const pkcs11::SigningRequest& made) {
  const auto found = known_.find(made.digest);
  if (found == known_.end()) return conflict("device: signed what nobody asked for");
  const Claim& known = found->second;
  if (static_cast<int>(known.purpose) != static_cast<int>(made.purpose)) {
    return conflict("device: the bytes of one purpose signed for another: " + known.place);
  }
  if (!known.approved_as.is_zero() &&
      administrators_[known.approved_as].size() < rules::kApprovalsNeeded) {
    return conflict("device: signed without administrators: " + known.place);
  }
  claim(known, "device");
}

void Claims::claim(const Claim& claim, const char* where) {
  std::set<Hash256>& contents = contents_[claim.place];
  contents.insert(claim.content);
  if (contents.size() <= claim.most) return;
  conflict(std::string(where) + ": " + claim.place + " has " + std::to_string(contents.size()) +
           " contents");
}

// A simulated signature begins with the digest it was made for.
void Claims::answered(const wire::RequestBody& request, const wire::ResponseBody& answer) {
  report_.refused += std::holds_alternative<wire::Refusal>(answer) ? 1 : 0;
  const auto* given = std::get_if<wire::Signed>(&answer);
  if (given == nullptr) return;
  ++report_.released;
  wire::RequestBody as_signed = request;
  if (given->timestamp) set_time(as_signed, *given->timestamp);
  const std::vector<Known> wanted = claims_of(as_signed);
  bool fits = given->signatures.size() == wanted.size();
  for (std::size_t i = 0; fits && i < wanted.size(); ++i) {
    const auto& [digest, wanted_claim] = wanted[i];
    const wire::Signature& signature = given->signatures[i].signature;
    fits = given->signatures[i].purpose == wanted_claim.purpose &&
           equal(ByteView(signature).first(Hash256::kSize), digest);
    claim(wanted_claim, "answer");
    report_.approved += wanted_claim.approved_as.is_zero() ? 0 : 1;
    ++report_.by_purpose[static_cast<std::size_t>(wanted_claim.purpose)];
    const auto [last, is_new] = answers_.try_emplace(digest, signature);
    report_.replayed_unequal += !is_new && last->second != signature ? 1 : 0;
    last->second = signature;
  }
  report_.wrong_replies += fits ? 0 : 1;
}

void Claims::answered_hostile(const wire::RequestBody& request, const wire::ResponseBody& answer) {
  if (std::holds_alternative<wire::Signed>(answer)) {
    return conflict("answer: a hostile request was signed: " +
                    std::string(wire::request_name(request)));
  }
  const auto* refusal = std::get_if<wire::Refusal>(&answer);
  const bool is_served = refusal != nullptr && refusal->rule != wire::Rule::kSignerState;
  report_.hostile += is_served ? 1 : 0;
}

}  // namespace buri::hsm::sim
