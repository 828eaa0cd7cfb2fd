#include "node/consensus/tx/signature_memory.hpp"

namespace buri::consensus::tx {
namespace {

constexpr std::size_t kSignatureBytes = 65;

accel::SignedDigest signed_digest(const SignatureClaim& claim) {
  return {claim.digest, claim.r, claim.s};
}

accel::VerifyRequest request_of(const SignatureClaim& claim) {
  return {signed_digest(claim), {claim.key.bytes, KeyBytes::kSize}};
}

/// Claims that one call of the engine checks, and where their verdicts go.
template <class Request>
struct Group {
  std::vector<Request> requests;
  std::vector<std::size_t> places;

  void add(Request request, std::size_t place) {
    requests.push_back(request);
    places.push_back(place);
  }
  /// `check` fills statuses for the requests.
  template <class Check>
  void run(std::vector<std::uint8_t>& verdicts, const Check& check) const {
    if (requests.empty()) return;
    std::vector<accel::SignatureStatus> statuses(requests.size());
    check(requests, statuses);
    for (std::size_t i = 0; i < places.size(); ++i) {
      verdicts[places[i]] = statuses[i] == accel::SignatureStatus::kOk ? 1 : 0;
    }
  }
};

}  // namespace

SignatureClaim::SignatureClaim(ByteView key_bytes, const Hash256& message_digest,
                               ByteView signature)
    : digest(message_digest),
      is_whole(key_bytes.size() == KeyBytes::kSize && signature.size() == kSignatureBytes) {
  if (!is_whole) return;
  key = KeyBytes::from(key_bytes);
  r = Hash256::from(signature.first(Hash256::kSize));
  s = Hash256::from(signature.subspan(Hash256::kSize, Hash256::kSize));
}

std::size_t SignatureMemory::ClaimHash::operator()(const SignatureClaim& claim) const {
  // An honest signer's r differs from message to message, an attacker's cost is the secret's.
  return hash(claim.r) ^ hash(claim.digest) * 3 ^ hash(claim.key) * 5 ^ hash(claim.s) * 7;
}

/// The verdicts on claims whose lengths are right.
std::vector<std::uint8_t> SignatureMemory::verify(std::span<const SignatureClaim* const> claims) {
  std::vector<const KeyBytes*> signers;
  for (const SignatureClaim* claim : claims) signers.push_back(&claim->key);
  frequent_.count(signers);
  Group<accel::VerifyRequest> unknown;
  std::vector<Group<accel::KnownKeyRequest>> known(frequent_.set_count());
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const auto place = frequent_.find(claims[i]->key);
    if (place) {
      known[place->set].add({signed_digest(*claims[i]), place->key_index}, i);
    } else {
      unknown.add(request_of(*claims[i]), i);
    }
  }
  std::vector<std::uint8_t> verdicts(claims.size());
  unknown.run(verdicts, [this](const auto& requests, auto& statuses) {
    crypto_->verify(requests, accel::LowS::kRequired, statuses, accel::Assurance::kExact);
  });
  for (std::size_t set = 0; set < known.size(); ++set) {
    known[set].run(verdicts, [this, set](const auto& requests, auto& statuses) {
      crypto_->verify_known(frequent_.set(set), requests, accel::LowS::kRequired, statuses,
                            accel::Assurance::kExact);
    });
  }
  checked_ += claims.size();
  return verdicts;
}

void SignatureMemory::check_all(std::span<const SignatureClaim> claims) {
  std::vector<const SignatureClaim*> unknown;
  for (const SignatureClaim& claim : claims) {
    if (claim.is_whole && !verdicts_.contains(claim)) unknown.push_back(&claim);
  }
  if (unknown.empty()) return;
  if (verdicts_.size() + unknown.size() > capacity_) verdicts_.clear();
  const auto verdicts = verify(unknown);
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    verdicts_.emplace(*unknown[i], verdicts[i] != 0);
  }
}

void SignatureMemory::learn(const SignatureClaim& claim, bool is_valid) {
  if (!claim.is_whole) return;
  if (verdicts_.size() >= capacity_) verdicts_.clear();
  verdicts_.emplace(claim, is_valid);
}

std::vector<std::uint8_t> SignatureMemory::check_apart(std::span<const SignatureClaim> claims) {
  std::vector<const SignatureClaim*> whole;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (!claims[i].is_whole) continue;
    whole.push_back(&claims[i]);
    places.push_back(i);
  }
  const auto checked = verify(whole);
  std::vector<std::uint8_t> verdicts(claims.size());
  for (std::size_t i = 0; i < places.size(); ++i) verdicts[places[i]] = checked[i];
  return verdicts;
}

bool SignatureMemory::is_valid(const SignatureClaim& claim) {
  if (!claim.is_whole) return false;
  const auto found = verdicts_.find(claim);
  if (found != verdicts_.end()) return found->second;
  check_all(std::span(&claim, 1));
  return verdicts_.at(claim);
}

}  // namespace buri::consensus::tx
