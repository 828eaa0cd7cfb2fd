#include "hsm/pkcs11/signature_check.hpp"

#include <algorithm>

#include "accel/generator_table.hpp"
#include "accel/hasher.hpp"
#include "accel/scalar/known_recovery.hpp"
#include "accel/scalar/single.hpp"
#include "base/check.hpp"
#include "base/hex.hpp"

namespace buri::hsm::pkcs11 {
namespace {

/// SEC 2: the order n of the group, big-endian, and n / 2 rounded down.
constexpr Hash256 kGroupOrder{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                               0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48,
                               0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41}};
constexpr Hash256 kHalfOrder{{0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                              0xff, 0xff, 0xff, 0xff, 0xff, 0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4,
                              0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0}};

Hash256 keccak256(ByteView message) {
  Hash256 digest;
  accel::scalar_hasher().keccak256_batch({&message, 1}, {&digest, 1});
  return digest;
}

/// n - s. REQUIRES: s < n.
Hash256 negate(const Hash256& s) {
  Hash256 result;
  int borrow = 0;
  for (std::size_t i = Hash256::kSize; i-- > 0;) {
    const int difference = kGroupOrder.bytes[i] - s.bytes[i] - borrow;
    borrow = difference < 0 ? 1 : 0;
    result.bytes[i] = static_cast<std::uint8_t>(difference & 0xff);
  }
  return result;
}

RecoverableSignature join(const Hash256& r, const Hash256& s, std::uint8_t v) {
  RecoverableSignature signature;
  std::ranges::copy(r.bytes, signature.bytes.begin());
  std::ranges::copy(s.bytes, signature.bytes.begin() + 32);
  signature.bytes[64] = v;
  return signature;
}

std::optional<std::uint8_t> recovery_id(const accel::KeySet& keys, const Hash256& digest,
                                        const Hash256& r, const Hash256& s) {
  return accel::scalar::known_recovery_id(keys, {{digest, r, s}, 0}, accel::LowS::kRequired);
}

}  // namespace

std::string_view describe(SignatureFault fault) {
  switch (fault) {
    case SignatureFault::kBadLength:
      return "The device returned a signature that is not 64 bytes long.";
    case SignatureFault::kBadRange:
      return "The device returned numbers that are no signature (r or s out of range).";
    case SignatureFault::kWrongKey:
      return "The device returned a signature that does not belong to the pinned key.";
  }
  CHECK(false, "a SignatureFault has a sentence");
}

PinnedKey::PinnedKey(const PublicPoint& point) {
  accel::PublicKey key;
  key.length = 65;
  key.bytes[0] = 0x04;
  std::ranges::copy(point.bytes, key.bytes.begin() + 1);
  keys_ = accel::KeySet::build({&key, 1});
  (void)accel::generator_rows();  // built now, not during the first signature
}

Result<RecoverableSignature, SignatureFault> PinnedKey::complete(ByteView raw,
                                                                 const Hash256& digest) const {
  if (raw.size() != 64) return Failure{SignatureFault::kBadLength};
  const Hash256 r = Hash256::from(raw.first(32));
  Hash256 s = Hash256::from(raw.subspan(32));
  if (s >= kGroupOrder || s.is_zero() || r >= kGroupOrder || r.is_zero()) {
    return Failure{SignatureFault::kBadRange};
  }
  if (s > kHalfOrder) s = negate(s);
  const auto id = recovery_id(*keys_, digest, r, s);
  if (!id) return Failure{SignatureFault::kWrongKey};
  return join(r, s, *id);
}

bool PinnedKey::made(const RecoverableSignature& signature, const Hash256& digest) const {
  const ByteView bytes = signature;
  const auto id = recovery_id(*keys_, digest, Hash256::from(bytes.first(32)),
                              Hash256::from(bytes.subspan(32, 32)));
  return id && *id == signature.bytes[64];
}

bool recovers_to(const RecoverableSignature& signature, const Hash256& digest,
                 const PublicPoint& key) {
  if (signature.bytes[64] > 1) return false;
  const ByteView bytes = signature;
  const accel::RecoverRequest request{
      {digest, Hash256::from(bytes.first(32)), Hash256::from(bytes.subspan(32, 32))},
      signature.bytes[64]};
  const auto result = accel::scalar::recover_single(request, accel::LowS::kRequired);
  return result.status == accel::SignatureStatus::kOk && result.public_key == key;
}

Hash256 probe_digest(std::uint64_t counter, const Hash256& nonce) {
  Bytes message;
  append(message, as_bytes("BURI-HSM-PROBE-v1"));
  for (int shift = 56; shift >= 0; shift -= 8) {
    message.push_back(static_cast<std::uint8_t>(counter >> shift));
  }
  append(message, nonce);
  return keccak256(message);
}

Address address_of(const PublicPoint& key) {
  return Address::from(ByteView(keccak256(key)).subspan(12));
}

std::string checksummed_address(const Address& address) {
  std::string text = to_hex(address);
  const std::string digits = to_hex(keccak256(as_bytes(text)));
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (digits[i] >= '8' && text[i] >= 'a') text[i] = static_cast<char>(text[i] - 'a' + 'A');
  }
  return "0x" + text;
}

}  // namespace buri::hsm::pkcs11
