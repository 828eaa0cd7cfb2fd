#include "hsm/signer/anchor.hpp"

#include "hsm/signer/fixed_fields.hpp"

namespace buri::hsm::signer {
namespace {

constexpr std::size_t kAnchorBytes = 16 + Hash256::kSize;

}  // namespace

Bytes encode_anchor(const Anchor& anchor) {
  Bytes bytes;
  put(bytes, anchor.epoch);
  put(bytes, anchor.sequence);
  append(bytes, anchor.record_hash);
  return bytes;
}

std::optional<Anchor> decode_anchor(ByteView bytes) {
  if (bytes.size() != kAnchorBytes) return std::nullopt;
  return Anchor{get<std::uint64_t>(bytes, 0), get<std::uint64_t>(bytes, 8),
                Hash256::from(bytes.subspan(16))};
}

}  // namespace buri::hsm::signer
