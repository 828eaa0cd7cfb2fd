#include "tests/sim/hsm/toy_rules.hpp"

#include "accel/hasher.hpp"
#include "hsm/signer/fixed_fields.hpp"

namespace buri::hsm::sim {

using signer::get;
using signer::put;

namespace {

// Records span several pieces of the disk, so that they can tear.
constexpr std::size_t kRecordBytes = 3 * 512;
constexpr std::size_t kHeadBytes = 10;

Hash256 hash_of(const Bytes& bytes) {
  const ByteView view = bytes;
  Hash256 digest;
  accel::scalar_hasher().keccak256_batch({&view, 1}, {&digest, 1});
  return digest;
}

}  // namespace

wire::SignVote ToyRequest::vote() const {
  wire::SignVote vote;
  vote.type = static_cast<wire::VoteType>(step);
  vote.height = height;
  vote.block_id.hash.emplace().bytes.fill(content);
  return vote;
}

ToyRequest ToyRequest::from(const wire::SignVote& vote) {
  return {vote.height, static_cast<std::uint8_t>(vote.type), vote.block_id.hash->bytes[0]};
}

Bytes ToyRequest::record() const {
  Bytes bytes;
  put(bytes, static_cast<std::uint64_t>(height));
  bytes.push_back(step);
  bytes.push_back(content);
  bytes.resize(kRecordBytes, content);
  return bytes;
}

ToyRequest ToyRequest::from_record(ByteView record) {
  return {static_cast<std::int64_t>(get<std::uint64_t>(record, 0)), record[8], record[9]};
}

Hash256 ToyRequest::digest(std::uint8_t part) const {
  Bytes bytes = record();
  bytes.resize(kHeadBytes);
  bytes.push_back(part);
  return hash_of(bytes);
}

Hash256 ToyRules::foreseen_digest(std::int64_t height) {
  Bytes bytes;
  put(bytes, static_cast<std::uint64_t>(height));
  return hash_of(bytes);
}

bool ToyRules::set_head(ByteView record, ByteView signatures) {
  if (record.size() != kRecordBytes) return false;
  head_ = ToyRequest::from_record(record);
  signatures_.assign(signatures.begin(), signatures.end());
  return true;
}

std::vector<signer::Slot> ToyRules::slots_of(const ToyRequest& request) {
  return {{wire::Purpose::kVote, request.digest(0), {}},
          {wire::Purpose::kVoteExtension, request.digest(1), {}},
          {wire::Purpose::kPlainExtension, foreseen_digest(request.height), {}}};
}

signer::Verdict ToyRules::judge(const wire::RequestBody& request, const signer::Circumstances&) {
  const auto* vote = std::get_if<wire::SignVote>(&request);
  if (vote == nullptr)
    return Failure{wire::Refusal{wire::Rule::kMalformed, "request", "a vote", ""}};
  const ToyRequest asked = ToyRequest::from(*vote);
  signer::Granted granted;
  granted.slots = slots_of(asked);
  if (asked.position() > head_.position()) {
    granted.record = asked.record();
    return granted;
  }
  if (asked.position() != head_.position() || asked.content != head_.content) {
    return Failure{wire::Refusal{wire::Rule::kEquivocation, "vote", "a free position", "taken"}};
  }
  for (std::size_t i = 0; !signatures_.empty() && i < granted.slots.size(); ++i) {
    granted.slots[i].known = wire::Signature::from(
        ByteView(signatures_).subspan(i * wire::Signature::kSize, wire::Signature::kSize));
  }
  return granted;
}

Bytes ToyRules::encode_signatures(std::span<const signer::Slot> signatures) {
  Bytes bytes;
  for (const auto& one : signatures) append(bytes, *one.known);
  return bytes;
}

std::optional<pkcs11::SigningRequest> ToyRules::foresee() {
  return pkcs11::SigningRequest{pkcs11::SigningPurpose::kPlainExtension,
                                foreseen_digest(head_.height + 1)};
}

}  // namespace buri::hsm::sim
