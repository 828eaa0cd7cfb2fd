#include "tests/sim/hsm/toy_rules.hpp"

#include <algorithm>

#include "accel/hasher.hpp"
#include "hsm/signer/fixed_fields.hpp"

namespace buri::hsm::sim {

using signer::get;
using signer::put;

namespace {

constexpr std::size_t kRequestBytes = 6;
// Records span several pieces of the disk, so that they can tear.
constexpr std::size_t kRecordBytes = 3 * 512;

Hash256 hash_of(const Bytes& bytes) {
  const ByteView view = bytes;
  Hash256 digest;
  accel::scalar_hasher().keccak256_batch({&view, 1}, {&digest, 1});
  return digest;
}

}  // namespace

Bytes ToyRequest::encode() const {
  Bytes bytes;
  put(bytes, height);
  bytes.push_back(step);
  bytes.push_back(content);
  return bytes;
}

ToyRequest ToyRequest::decode(ByteView bytes) {
  return {get<std::uint32_t>(bytes, 0), bytes[4], bytes[5]};
}

Hash256 ToyRequest::digest(std::uint8_t part) const {
  Bytes bytes = encode();
  bytes.push_back(part);
  return hash_of(bytes);
}

Hash256 ToyRules::foreseen_digest(std::uint32_t height) {
  Bytes bytes;
  put(bytes, height);
  return hash_of(bytes);
}

signer::Verdict ToyRules::judge(ByteView request, ByteView head, WallTime) {
  if (request.size() != kRequestBytes) return signer::Refused{"length", "not six bytes", false};
  const ToyRequest asked = ToyRequest::decode(request);
  const ToyRequest last = ToyRequest::decode(head);
  if (asked.position() > last.position()) {
    Bytes record(kRecordBytes, asked.content);
    std::copy(request.begin(), request.end(), record.begin());
    return signer::Granted{std::move(record)};
  }
  if (equal(request, head.first(kRequestBytes))) return signer::Replayed{};
  return signer::Refused{"conflict", "this position is taken", asked.position() == last.position()};
}

// Step 0 is where a state starts: it promises and signs nothing.
std::vector<pkcs11::SigningRequest> ToyRules::digests(ByteView record) {
  const ToyRequest one = ToyRequest::decode(record);
  if (one.step == 0) return {};
  return {{pkcs11::SigningPurpose::kVote, one.digest(0)},
          {pkcs11::SigningPurpose::kVoteExtension, one.digest(1)},
          {pkcs11::SigningPurpose::kPlainExtension, foreseen_digest(one.height)}};
}

Bytes ToyRules::reply(ByteView, ByteView record,
                      std::span<const pkcs11::RecoverableSignature> signatures) {
  Bytes bytes(record.begin(), record.begin() + kRequestBytes);
  for (const auto& one : signatures) append(bytes, one);
  return bytes;
}

std::optional<pkcs11::SigningRequest> ToyRules::foresee(ByteView head) {
  return pkcs11::SigningRequest{pkcs11::SigningPurpose::kPlainExtension,
                                foreseen_digest(ToyRequest::decode(head).height + 1)};
}

std::string ToyRules::summary(ByteView record) {
  return "height=" + std::to_string(ToyRequest::decode(record).height);
}

}  // namespace buri::hsm::sim
