#include "node/consensus/engine/vote_verifier.hpp"

#include <unordered_set>

#include "hsm/wire/sign_bytes.hpp"

namespace buri::consensus::engine {
namespace {

bool carries_extensions(const Vote& vote) {
  return vote.type == VoteType::kPrecommit && !vote.block_id.is_nil();
}

/// What can be said of a vote before its signatures are looked at.
VoteVerdict shape_of(const Vote& vote, VoteVerifier::Extensions extensions) {
  const bool has_any = !vote.extension.empty() || !vote.extension_signature.empty() ||
                       !vote.non_rp_extension.empty() || !vote.non_rp_signature.empty();
  const bool wants_them = extensions == VoteVerifier::Extensions::kOn && carries_extensions(vote);
  if (!wants_them) return has_any ? VoteVerdict::kUnwantedExtension : VoteVerdict::kGood;
  const bool has_both = !vote.extension_signature.empty() && !vote.non_rp_signature.empty();
  return has_both ? VoteVerdict::kGood : VoteVerdict::kNoExtensionSignature;
}

}  // namespace

std::string_view describe(VoteVerdict verdict) {
  switch (verdict) {
    case VoteVerdict::kGood:
      return "good";
    case VoteVerdict::kNoExtensionSignature:
      return "a precommit without extension signatures";
    case VoteVerdict::kUnwantedExtension:
      return "a vote with an extension that it may not have";
    case VoteVerdict::kSignature:
      return "a vote that the validator has not signed";
    case VoteVerdict::kExtensionSignature:
      return "an extension that the validator has not signed";
    case VoteVerdict::kNonRpSignature:
      return "a non-replay-protected extension that the validator has not signed";
  }
  return "unknown";
}

std::vector<VoteVerdict> VoteVerifier::check(std::span<const Vote> votes,
                                             const ValidatorSet& validators,
                                             const std::shared_ptr<const accel::KeySet>& keys,
                                             Extensions extensions) {
  std::vector<VoteVerdict> verdicts(votes.size(), VoteVerdict::kGood);
  std::vector<Claim> claims = claims_of(votes, extensions, verdicts);
  const std::vector<Hash256> names = names_of(claims, validators);
  check_unknown(claims, names, validators, keys);
  for (std::size_t i = claims.size(); i > 0; --i) {
    // Backwards, so that the first bad signature of a vote is the one that counts.
    const Claim& claim = claims[i - 1];
    const bool* is_good = remembered(names[i - 1]);
    CHECK(is_good != nullptr, "a verdict was forgotten before it was read");
    if (!*is_good) verdicts[claim.vote] = claim.if_bad;
  }
  return verdicts;
}

bool VoteVerifier::check_message(Bytes message, ByteView signature, const Signer& signer) {
  Claim claim{0, VoteVerdict::kSignature, static_cast<std::uint32_t>(signer.index),
              std::move(message), signature};
  const std::vector<Hash256> names = names_of({&claim, 1}, signer.validators);
  check_unknown({&claim, 1}, names, signer.validators, signer.keys);
  return *remembered(names[0]);
}

std::vector<VoteVerifier::Claim> VoteVerifier::claims_of(std::span<const Vote> votes,
                                                         Extensions extensions,
                                                         std::vector<VoteVerdict>& verdicts) const {
  std::vector<Claim> claims;
  for (std::size_t i = 0; i < votes.size(); ++i) {
    const Vote& vote = votes[i];
    verdicts[i] = shape_of(vote, extensions);
    if (verdicts[i] != VoteVerdict::kGood) continue;
    const auto key = static_cast<std::uint32_t>(vote.validator_index);
    claims.push_back({i, VoteVerdict::kSignature, key,
                      hsm::wire::vote_sign_bytes(chain_id_, vote.type, vote.height, vote.round,
                                                 vote.block_id, vote.timestamp),
                      vote.signature});
    if (vote.extension_signature.empty()) continue;
    claims.push_back(
        {i, VoteVerdict::kExtensionSignature, key,
         hsm::wire::vote_extension_sign_bytes(chain_id_, vote.height, vote.round, vote.extension),
         vote.extension_signature});
    claims.push_back(
        {i, VoteVerdict::kNonRpSignature, key, vote.non_rp_extension, vote.non_rp_signature});
  }
  return claims;
}

/// keccak256(key, keccak256(message), R, S); without R and S for a signature of another length.
std::vector<Hash256> VoteVerifier::names_of(std::span<Claim> claims,
                                            const ValidatorSet& validators) {
  std::vector<ByteView> messages;
  for (const Claim& claim : claims) messages.emplace_back(claim.message);
  std::vector<Hash256> digests(claims.size());
  crypto_->keccak256(messages, digests, accel::Assurance::kExact);
  std::vector<Bytes> parts(claims.size());
  for (std::size_t i = 0; i < claims.size(); ++i) {
    append(parts[i], validators.validators()[claims[i].key_index].public_key);
    append(parts[i], digests[i]);
    claims[i].digest = digests[i];
    // V means nothing: two signatures that differ in it are one.
    const bool is_signature = claims[i].signature.size() == kSignatureBytes;
    append(parts[i], is_signature ? claims[i].signature.first(kSignatureBytes - 1) : ByteView{});
  }
  std::vector<Hash256> names(claims.size());
  crypto_->keccak256(std::vector<ByteView>(parts.begin(), parts.end()), names,
                     accel::Assurance::kExact);
  return names;
}

void VoteVerifier::check_unknown(std::span<const Claim> claims, std::span<const Hash256> names,
                                 const ValidatorSet& validators,
                                 const std::shared_ptr<const accel::KeySet>& keys) {
  make_room(claims.size());
  std::vector<accel::KnownKeyMessage> requests;
  std::vector<std::size_t> places;
  std::unordered_set<Hash256> asked;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (const bool* known = remembered(names[i])) {
      remember(names[i], *known);
    } else if (claims[i].signature.size() != kSignatureBytes) {
      remember(names[i], false);
    } else if (asked.insert(names[i]).second) {
      const ByteView signature = claims[i].signature;
      requests.push_back({{claims[i].message, Hash256::from(signature.first(32)),
                           Hash256::from(signature.subspan(32, 32))},
                          claims[i].key_index});
      places.push_back(i);
    }
  }
  if (requests.empty()) return;
  std::vector<accel::SignatureStatus> statuses(requests.size());
  crypto_->verify_known_messages(keys, requests, accel::LowS::kRequired, statuses,
                                 accel::Assurance::kExact);
  checked_ += requests.size();
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Claim& claim = claims[places[i]];
    const bool is_valid = statuses[i] == accel::SignatureStatus::kOk;
    remember(names[places[i]], is_valid);
    tell_of(claim, validators, is_valid);
  }
}

void VoteVerifier::learn(std::span<const Vote> votes, const ValidatorSet& validators,
                         Extensions extensions) {
  std::vector<VoteVerdict> verdicts(votes.size(), VoteVerdict::kGood);
  std::vector<Claim> claims = claims_of(votes, extensions, verdicts);
  const std::vector<Hash256> names = names_of(claims, validators);
  make_room(claims.size());
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (claims[i].signature.size() != kSignatureBytes) continue;
    remember(names[i], true);
    tell_of(claims[i], validators, true);
  }
}

/// The older generation goes when the younger has half of what may be kept.
void VoteVerifier::make_room(std::size_t verdicts) {
  if (young_.size() + verdicts <= capacity_ / 2) return;
  old_ = std::move(young_);
  young_.clear();
}

void VoteVerifier::tell_of(const Claim& claim, const ValidatorSet& validators,
                           bool is_valid) const {
  if (!listener_) return;
  listener_({validators.validators()[claim.key_index].public_key, claim.digest, claim.signature,
             is_valid});
}

const bool* VoteVerifier::remembered(const Hash256& name) const {
  if (const auto found = young_.find(name); found != young_.end()) return &found->second;
  const auto found = old_.find(name);
  return found == old_.end() ? nullptr : &found->second;
}

void VoteVerifier::remember(const Hash256& name, bool is_good) {
  young_.insert_or_assign(name, is_good);
}

}  // namespace buri::consensus::engine
