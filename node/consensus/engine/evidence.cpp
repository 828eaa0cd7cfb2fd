#include "node/consensus/engine/evidence.hpp"

#include "base/codec/protobuf_writer.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/hashes.hpp"

namespace buri::consensus::engine {
namespace {

using codec::DecodeError;
using codec::Field;

/// The parts of an attack that its name covers; the header stays encoded.
struct SignedHeader {
  Bytes header{};
  static constexpr std::string_view kName = "tendermint.types.SignedHeader";
  static constexpr auto fields() { return fields_of(Field{1, "header", &SignedHeader::header}); }
};
struct LightBlock {
  SignedHeader signed_header{};
  static constexpr std::string_view kName = "tendermint.types.LightBlock";
  static constexpr auto fields() {
    return fields_of(Field{1, "signed_header", &LightBlock::signed_header});
  }
};
struct LightClientAttack {
  LightBlock conflicting_block{};
  std::int64_t common_height = 0;
  static constexpr std::string_view kName = "tendermint.types.LightClientAttackEvidence";
  static constexpr auto fields() {
    using L = LightClientAttack;
    return fields_of(Field{1, "conflicting_block", &L::conflicting_block},
                     Field{2, "common_height", &L::common_height});
  }
};

/// As Go's PutVarint writes signed numbers: 0, -1, 1, -2 become 0, 1, 2, 3.
constexpr std::uint64_t to_zig_zag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}

/// What an attack's name is the hash of.
Result<Bytes, DecodeError> named_bytes(accel::Engine& crypto, ByteView encoded) {
  ASSIGN_OR_RETURN(const auto attack, codec::decode<LightClientAttack>(encoded));
  // A block of nothing but this header.
  ProtobufWriter alone;
  alone.bytes(1, attack.conflicting_block.signed_header.header);
  ASSIGN_OR_RETURN(const Block block, decode_block(alone.encoded()));
  const Hash256 hash = header_hash(crypto, block.header);
  Bytes named(hash.bytes.begin(), hash.bytes.end());
  // The stock code copies one byte less than the hash has; the last one stays zero.
  named.back() = 0;
  append_varint(named, to_zig_zag(attack.common_height));
  return named;
}

}  // namespace

Result<Hash256, DecodeError> evidence_name(accel::Engine& crypto, const EvidencePiece& piece) {
  Bytes named = piece.encoded;
  if (piece.is_light_client_attack) {
    ASSIGN_OR_RETURN(named, named_bytes(crypto, piece.encoded));
  }
  const ByteView view(named);
  Hash256 name;
  crypto.sha256(std::span(&view, 1), std::span(&name, 1), accel::Assurance::kExact);
  return name;
}

}  // namespace buri::consensus::engine
