#include "node/consensus/tx/signature_memory.hpp"

#include <algorithm>

#include "accel/hasher.hpp"

namespace buri::consensus::tx {
namespace {

constexpr std::size_t kKeyBytes = 65;
constexpr std::size_t kSignatureBytes = 65;

bool has_right_lengths(const SignatureClaim& claim) {
  return claim.key.size() == kKeyBytes && claim.signature.size() == kSignatureBytes;
}

accel::VerifyRequest request_of(const SignatureClaim& claim) {
  const ByteView signature(claim.signature);
  accel::VerifyRequest request{.signature = {claim.digest, Hash256::from(signature.first(32)),
                                             Hash256::from(signature.subspan(32, 32))},
                               .key = {}};
  std::ranges::copy(claim.key, request.key.bytes.begin());
  request.key.length = kKeyBytes;
  return request;
}

}  // namespace

Hash256 SignatureMemory::name_of(const SignatureClaim& claim) {
  Bytes name = claim.key;
  append(name, claim.digest);
  append(name, ByteView(claim.signature).first(64));
  const ByteView view(name);
  Hash256 hash;
  accel::best_hasher().sha256_batch(std::span(&view, 1), std::span(&hash, 1));
  return hash;
}

void SignatureMemory::check_all(std::span<const SignatureClaim> claims) {
  std::vector<Hash256> names;
  std::vector<accel::VerifyRequest> requests;
  for (const SignatureClaim& claim : claims) {
    if (!has_right_lengths(claim)) continue;
    const Hash256 name = name_of(claim);
    if (verdicts_.contains(name)) continue;
    names.push_back(name);
    requests.push_back(request_of(claim));
  }
  if (requests.empty()) return;
  if (verdicts_.size() + requests.size() > capacity_) verdicts_.clear();
  std::vector<accel::SignatureStatus> results(requests.size());
  crypto_->verify(requests, accel::LowS::kRequired, results, accel::Assurance::kExact);
  checked_ += requests.size();
  for (std::size_t i = 0; i < names.size(); ++i) {
    verdicts_.emplace(names[i], results[i] == accel::SignatureStatus::kOk);
  }
}

bool SignatureMemory::is_valid(const SignatureClaim& claim) {
  if (!has_right_lengths(claim)) return false;
  const Hash256 name = name_of(claim);
  if (!verdicts_.contains(name)) check_all(std::span(&claim, 1));
  return verdicts_.at(name);
}

}  // namespace buri::consensus::tx
