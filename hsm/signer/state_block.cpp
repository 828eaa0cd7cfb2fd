#include "hsm/signer/state_block.hpp"

#include "accel/hasher.hpp"
#include "hsm/signer/fixed_fields.hpp"

namespace buri::hsm::signer {
namespace {

constexpr std::string_view kRecordMagic = "BURISTA1";
constexpr std::string_view kSignatureMagic = "BURISIG1";
constexpr std::size_t kPurposeBytes = 16;
constexpr std::size_t kPayloadLengthAt = 100;
constexpr std::size_t kPayloadAt = 112;
constexpr std::size_t kSignatureLengthAt = 48;
constexpr std::size_t kSignatureAt = 56;
static_assert(kPayloadAt + Hash256::kSize == kRecordOverheadBytes);

Hash256 sha256(ByteView bytes) {
  Hash256 digest;
  accel::scalar_hasher().sha256_batch({&bytes, 1}, {&digest, 1});
  return digest;
}

/// The fields from sequence to payload: what both the hash and the block are made of.
void put_body(Bytes& target, const StateIdentity& identity, const StateRecord& record) {
  CHECK(!identity.purpose.empty() && identity.purpose.size() <= kPurposeBytes,
        "a purpose has 1 to 16 characters");
  put(target, record.sequence);
  put(target, record.epoch);
  append(target, record.previous);
  append(target, identity.key);
  append(target, as_bytes(identity.purpose));
  target.resize(target.size() + kPurposeBytes - identity.purpose.size());
  put(target, static_cast<std::uint32_t>(record.payload.size()));
  put(target, std::uint64_t{0});
  append(target, record.payload);
}

/// Splits off the trailing SHA-256 and checks it.
bool seal_holds(ByteView block) {
  const ByteView body = block.first(block.size() - Hash256::kSize);
  return equal(sha256(body), block.subspan(body.size()));
}

bool starts_with(ByteView block, std::string_view magic) {
  return block.size() >= magic.size() && equal(block.first(magic.size()), as_bytes(magic));
}

}  // namespace

Hash256 hash_of(const StateIdentity& identity, const StateRecord& record) {
  Bytes body;
  put_body(body, identity, record);
  return sha256(body);
}

Bytes encode_record(const StateIdentity& identity, const StoredRecord& stored) {
  CHECK(stored.record.payload.size() <= kMaxPayloadBytes, "a record is larger than its slot");
  Bytes block;
  append(block, as_bytes(kRecordMagic));
  put(block, stored.write_count);
  put_body(block, identity, stored.record);
  append(block, sha256(block));
  return block;
}

std::optional<std::size_t> record_block_bytes(ByteView first_sector) {
  if (first_sector.size() < kPayloadAt || !starts_with(first_sector, kRecordMagic)) return {};
  const auto length = get<std::uint32_t>(first_sector, kPayloadLengthAt);
  if (length > kMaxPayloadBytes) return {};
  return kRecordOverheadBytes + length;
}

std::optional<StoredRecord> decode_record(const StateIdentity& identity, ByteView block) {
  const auto byte_count = record_block_bytes(block);
  if (!byte_count || block.size() < *byte_count || !seal_holds(block.first(*byte_count))) return {};
  StoredRecord stored;
  stored.write_count = get<std::uint64_t>(block, 8);
  stored.record.sequence = get<std::uint64_t>(block, 16);
  stored.record.epoch = get<std::uint64_t>(block, 24);
  stored.record.previous = Hash256::from(block.subspan(32, Hash256::kSize));
  const ByteView payload = block.first(*byte_count - Hash256::kSize).subspan(kPayloadAt);
  stored.record.payload.assign(payload.begin(), payload.end());
  // Everything else must be what we would have written, which pins identity and reserved bytes.
  const Bytes again = encode_record(identity, stored);
  if (!equal(again, block.first(*byte_count))) return {};
  return stored;
}

Bytes encode_signature(const StoredSignature& stored) {
  CHECK(stored.signature.size() <= kMaxSignatureBytes, "signatures are larger than their block");
  Bytes block;
  append(block, as_bytes(kSignatureMagic));
  put(block, stored.write_count);
  append(block, stored.record_hash);
  put(block, static_cast<std::uint32_t>(stored.signature.size()));
  put(block, std::uint32_t{0});
  append(block, stored.signature);
  append(block, sha256(block));
  return block;
}

std::optional<StoredSignature> decode_signature(ByteView block) {
  if (block.size() < kSignatureAt + Hash256::kSize || !starts_with(block, kSignatureMagic))
    return {};
  const auto length = get<std::uint32_t>(block, kSignatureLengthAt);
  const std::size_t byte_count = kSignatureAt + length + Hash256::kSize;
  if (length > kMaxSignatureBytes || block.size() < byte_count) return {};
  if (!seal_holds(block.first(byte_count))) return {};
  StoredSignature stored;
  stored.write_count = get<std::uint64_t>(block, 8);
  stored.record_hash = Hash256::from(block.subspan(16, Hash256::kSize));
  const ByteView signature = block.subspan(kSignatureAt, length);
  stored.signature.assign(signature.begin(), signature.end());
  return stored;
}

}  // namespace buri::hsm::signer
