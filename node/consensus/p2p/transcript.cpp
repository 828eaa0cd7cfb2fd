#include "node/consensus/p2p/transcript.hpp"

#include <string.h>

#include <bit>
#include <limits>

#include "node/consensus/p2p/keccak_permutation.hpp"

namespace buri::consensus::p2p {
namespace {

/// Bytes of the sponge that data touches: 200 - 2 * 128 / 8, less two for the padding of STROBE.
constexpr std::uint8_t kRate = 166;

/// Flags of STROBE's operations: inbound, application data, cipher output, meta.
constexpr std::uint8_t kInbound = 1;
constexpr std::uint8_t kApplication = 2;
constexpr std::uint8_t kCipher = 4;
constexpr std::uint8_t kMeta = 16;

}  // namespace

Transcript::Transcript(std::string_view label) {
  constexpr std::array<std::uint8_t, 6> kDomain{1, kRate + 2, 1, 0, 1, 96};
  constexpr std::string_view kStrobe = "STROBEv1.0.2";
  std::memcpy(state_.data(), kDomain.data(), kDomain.size());
  std::memcpy(state_.data() + kDomain.size(), kStrobe.data(), kStrobe.size());
  static_assert(std::endian::native == std::endian::little, "lanes are read as they lie");
  auto lanes = std::bit_cast<std::array<std::uint64_t, 25>>(state_);
  keccak_f1600(lanes);
  state_ = std::bit_cast<std::array<std::uint8_t, 200>>(lanes);
  meta_ad(as_bytes("Merlin v1.0"), Continued::kNo);
  append("dom-sep", as_bytes(label));
}

Transcript::~Transcript() { explicit_bzero(state_.data(), state_.size()); }

void Transcript::append(std::string_view label, ByteView message) {
  label_with_length(label, message.size());
  begin(kApplication);
  absorb(message);
}

void Transcript::challenge(std::string_view label, MutableByteView target) {
  label_with_length(label, target.size());
  begin(kInbound | kApplication | kCipher);
  squeeze(target);
}

void Transcript::label_with_length(std::string_view label, std::size_t byte_count) {
  CHECK(byte_count <= std::numeric_limits<std::uint32_t>::max(), "lengths have 32 bits");
  const auto length = static_cast<std::uint32_t>(byte_count);
  const auto length_bytes = std::bit_cast<std::array<std::uint8_t, 4>>(length);
  meta_ad(as_bytes(label), Continued::kNo);
  meta_ad(length_bytes, Continued::kYes);
}

void Transcript::meta_ad(ByteView data, Continued continued) {
  if (continued == Continued::kNo) begin(kMeta | kApplication);
  absorb(data);
}

void Transcript::begin(std::uint8_t flags) {
  const std::uint8_t previous_start = operation_start_;
  operation_start_ = static_cast<std::uint8_t>(position_ + 1);
  absorb_byte(previous_start);
  absorb_byte(flags);
  if ((flags & kCipher) != 0 && position_ != 0) permute();
}

void Transcript::absorb(ByteView data) {
  for (const std::uint8_t byte : data) absorb_byte(byte);
}

void Transcript::absorb_byte(std::uint8_t byte) {
  state_[position_] ^= byte;
  if (++position_ == kRate) permute();
}

void Transcript::squeeze(MutableByteView target) {
  for (std::uint8_t& byte : target) {
    byte = state_[position_];
    state_[position_] = 0;
    if (++position_ == kRate) permute();
  }
}

void Transcript::permute() {
  state_[position_] ^= operation_start_;
  state_[position_ + 1] ^= 0x04;
  state_[kRate + 1] ^= 0x80;
  auto lanes = std::bit_cast<std::array<std::uint64_t, 25>>(state_);
  keccak_f1600(lanes);
  state_ = std::bit_cast<std::array<std::uint8_t, 200>>(lanes);
  explicit_bzero(lanes.data(), sizeof lanes);
  position_ = 0;
  operation_start_ = 0;
}

}  // namespace buri::consensus::p2p
