#include "hsm/signer/anchor.hpp"

#include "accel/hasher.hpp"
#include "hsm/signer/fixed_fields.hpp"

namespace buri::hsm::signer {
namespace {

constexpr std::size_t kAnchorBytes = 16 + Hash256::kSize;
constexpr std::chrono::seconds kPatience{2};

/// Under which name a device keeps the anchor of that state.
Hash256 anchor_name(const StateIdentity& identity) {
  Bytes text;
  append(text, as_bytes("buri rollback anchor "));
  append(text, identity.key);
  append(text, as_bytes(identity.purpose));
  const ByteView view = text;
  Hash256 name;
  accel::scalar_hasher().sha256_batch({&view, 1}, {&name, 1});
  return name;
}

}  // namespace

Bytes encode_anchor(const Anchor& anchor) {
  Bytes bytes;
  put(bytes, anchor.sequence);
  put(bytes, anchor.epoch);
  append(bytes, anchor.record_hash);
  return bytes;
}

std::optional<Anchor> decode_anchor(ByteView bytes) {
  if (bytes.size() != kAnchorBytes) return std::nullopt;
  return Anchor{get<std::uint64_t>(bytes, 8), get<std::uint64_t>(bytes, 0),
                Hash256::from(bytes.subspan(16))};
}

Result<std::optional<Anchor>, AnchorError> DeviceAnchor::read(const StateIdentity& identity) {
  const auto kept = device_.read_anchor(anchor_name(identity), clock_.monotonic() + kPatience);
  if (!kept.ok()) return Failure{AnchorError::kUnavailable};
  if (!*kept) return std::optional<Anchor>{};
  const auto anchor = decode_anchor(**kept);
  if (!anchor) return Failure{AnchorError::kMalformed};
  return anchor;
}

Status<AnchorError> DeviceAnchor::write(const StateIdentity& identity, const Anchor& anchor) {
  const auto written = device_.write_anchor(anchor_name(identity), encode_anchor(anchor),
                                            clock_.monotonic() + kPatience);
  if (!written.ok()) return Failure{AnchorError::kUnavailable};
  return Unit{};
}

}  // namespace buri::hsm::signer
