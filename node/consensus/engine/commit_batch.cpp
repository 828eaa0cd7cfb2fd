#include "node/consensus/engine/commit_batch.hpp"

#include "hsm/wire/sign_bytes.hpp"
#include "node/consensus/engine/vote_signatures.hpp"

namespace buri::consensus::engine {
namespace {

/// What a vote's extensions have to look like before their signatures count.
VoteVerdict shape_of_entry(const ExtendedCommitSig& entry) {
  if (entry.vote.flag == BlockIdFlag::kCommit) {
    const bool has_both = !entry.extension_signature.empty() && !entry.non_rp_signature.empty();
    return has_both ? VoteVerdict::kGood : VoteVerdict::kNoExtensionSignature;
  }
  const bool has_none = entry.extension.empty() && entry.extension_signature.empty() &&
                        entry.non_rp_extension.empty() && entry.non_rp_signature.empty();
  return has_none ? VoteVerdict::kGood : VoteVerdict::kUnwantedExtension;
}

/// Of a signature of another length, R and S that never verify.
accel::SignedDigest signed_digest(const Hash256& digest, ByteView signature) {
  if (signature.size() != kSignatureBytes) return {digest, {}, {}};
  return {digest, Hash256::from(signature.first(32)), Hash256::from(signature.subspan(32, 32))};
}

}  // namespace

bool is_in_place(const ValidatorSet& validators, const CommitSig& vote, std::size_t index) {
  return vote.flag != BlockIdFlag::kAbsent && index < validators.size() &&
         vote.validator_address == validators.validators()[index].address;
}

std::size_t CommitBatch::add_message(Bytes bytes) {
  messages_.emplace_back(made_.emplace_back(std::move(bytes)));
  return messages_.size() - 1;
}

template <class Make>
std::size_t CommitBatch::message_of(LastMessage& last, const Bytes& content, const Make& make) {
  if (last.content == nullptr || *last.content != content) last = {&content, make()};
  return last.message;
}

void CommitBatch::add_vote(const CommitPlace& place, const CommitSig& vote, std::uint32_t key_index,
                           KeptVerdict& verdict) {
  const BlockId voted = vote.flag == BlockIdFlag::kCommit ? place.block_id : BlockId{};
  verdict = VoteVerdict::kGood;
  entries_.push_back(
      {add_message(hsm::wire::vote_sign_bytes(chain_id_, VoteType::kPrecommit, place.height,
                                              place.round, voted, vote.timestamp)),
       vote.signature, key_index, VoteVerdict::kSignature, &verdict});
}

void CommitBatch::add_extended(const ExtendedCommitRecord& commit, const ValidatorSet& validators,
                               std::vector<KeptVerdict>& verdicts) {
  verdicts.assign(commit.signatures.size(), std::nullopt);
  LastMessage extension;
  LastMessage non_rp;
  for (std::size_t i = 0; i < commit.signatures.size(); ++i) {
    const ExtendedCommitSig& entry = commit.signatures[i];
    if (!is_in_place(validators, entry.vote, i)) continue;
    const auto key = static_cast<std::uint32_t>(i);
    const VoteVerdict shape = shape_of_entry(entry);
    if (shape != VoteVerdict::kGood) {
      verdicts[i] = shape;
      continue;
    }
    add_vote({commit.height, commit.round, commit.block_id}, entry.vote, key, verdicts[i]);
    if (entry.vote.flag != BlockIdFlag::kCommit) continue;
    const auto make_signed = [&] {
      return add_message(hsm::wire::vote_extension_sign_bytes(chain_id_, commit.height,
                                                              commit.round, entry.extension));
    };
    entries_.push_back({message_of(extension, entry.extension, make_signed),
                        entry.extension_signature, key, VoteVerdict::kExtensionSignature,
                        &verdicts[i]});
    const auto take_whole = [&] {
      messages_.emplace_back(entry.non_rp_extension);
      return messages_.size() - 1;
    };
    entries_.push_back({message_of(non_rp, entry.non_rp_extension, take_whole),
                        entry.non_rp_signature, key, VoteVerdict::kNonRpSignature, &verdicts[i]});
  }
}

void CommitBatch::run(accel::Engine& crypto, const std::shared_ptr<const accel::KeySet>& keys) {
  if (entries_.empty()) return;
  std::vector<Hash256> digests(messages_.size());
  crypto.keccak256(messages_, digests, accel::Assurance::kExact);
  std::vector<accel::KnownKeyRequest> requests;
  requests.reserve(entries_.size());
  for (const Entry& entry : entries_) {
    requests.push_back({signed_digest(digests[entry.message], entry.signature), entry.key_index});
  }
  std::vector<accel::SignatureStatus> statuses(requests.size());
  crypto.verify_known(keys, requests, accel::LowS::kRequired, statuses, accel::Assurance::kExact);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    // In the order in which a vote's signatures are asked for: the first bad one counts.
    KeptVerdict& verdict = *entries_[i].verdict;
    if (statuses[i] == accel::SignatureStatus::kOk || verdict != VoteVerdict::kGood) continue;
    verdict = entries_[i].if_bad;
  }
}

}  // namespace buri::consensus::engine
