#include "node/consensus/engine/evidence.hpp"

#include <gtest/gtest.h>

#include "base/codec/protobuf_reader.hpp"
#include "base/codec/protobuf_writer.hpp"
#include "base/hex.hpp"
#include "node/consensus/engine/hashes.hpp"
#include "tests/unit/node/consensus/replay/chain_run.hpp"
#include "tests/unit/node/golden.hpp"

/// The hashes that concern evidence (spec/cometbft.md 2.3).

namespace buri::consensus::engine {
namespace {

Hash256 sha256(ByteView message) {
  Hash256 hash;
  testing::engine().sha256(std::span(&message, 1), std::span(&hash, 1), accel::Assurance::kExact);
  return hash;
}

/// A light client attack around the header of a recorded block.
EvidencePiece attack_of(ByteView block, std::int64_t common_height) {
  ByteView rest = block;
  CHECK(rest[0] == 0x0a, "a block begins with its header");
  rest = rest.subspan(1);
  const std::uint64_t length = take_varint(rest).value();
  const Bytes header(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(length));
  ProtobufWriter signed_header;
  signed_header.bytes(1, header);
  ProtobufWriter light_block;
  light_block.message(1, signed_header);
  ProtobufWriter attack;
  attack.message(1, light_block).varint(2, static_cast<std::uint64_t>(common_height)).varint(4, 40);
  return {true, attack.encoded()};
}

TEST(Evidence, HeaderCoversEveryPieceAsItIsEncoded) {
  const EvidencePiece vote{false, {1, 2, 3}};
  const EvidencePiece attack{true, {4, 5}};
  const auto leaf = [](Bytes content) {
    content.insert(content.begin(), 0);
    return sha256(content);
  };
  Bytes inner{1};
  append(inner, leaf(vote.encoded));
  append(inner, leaf(attack.encoded));
  EXPECT_EQ(evidence_hash(testing::engine(), std::vector{vote, attack}), sha256(inner));
  EXPECT_EQ(evidence_hash(testing::engine(), {}), sha256({}));
}

TEST(Evidence, DoubleVoteIsNamedByItsEncoding) {
  EXPECT_EQ(evidence_name(testing::engine(), {false, {1, 2, 3}}).value(), sha256(Bytes{1, 2, 3}));
}

TEST(Evidence, AttackIsNamedByAHashWithoutItsLastByteAndTheCommonHeight) {
  const auto heights = replay::read_heights(replay::bundled_chain());
  const auto& record = heights[20];
  const EvidencePiece piece = attack_of(record.record.block, 300);
  Bytes named(record.record.block_hash.bytes.begin(), record.record.block_hash.bytes.end());
  named.back() = 0;
  append(named, Bytes{0xd8, 0x04});  // 300, zig-zag
  EXPECT_EQ(evidence_name(testing::engine(), piece).value(), sha256(named));
}

TEST(Evidence, AttackWithoutAHeaderHasNoName) {
  EXPECT_FALSE(evidence_name(testing::engine(), {true, {0x10, 0x05}}).ok());
}

}  // namespace
}  // namespace buri::consensus::engine
