#include "node/consensus/evidence/evidence_message.hpp"

#include <gtest/gtest.h>

#include "node/consensus/engine/light_client_attack.hpp"
#include "node/consensus/evidence/evidence_rules.hpp"
#include "tests/support/consensus/made_chain.hpp"
#include "tests/unit/node/consensus/engine/recorded_messages.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::evidence {
namespace {

TEST(EvidenceMessage, EqualsTheRecordedBytesBothWays) {
  const auto recorded = buri::testing::recorded_messages("evidence ");
  if (!recorded) GTEST_SKIP() << "the recordings are not beside this checkout";
  ASSERT_GE(recorded->size(), 3u);
  const auto pieces = decode_evidence_message((*recorded)[0].bytes);
  ASSERT_TRUE(pieces.ok());
  ASSERT_EQ(pieces->size(), 1u);
  EXPECT_FALSE(pieces->front().is_light_client_attack);
  EXPECT_EQ(pieces->front().encoded, (*recorded)[1].bytes);
  EXPECT_EQ(encode_evidence_message(pieces->front()), (*recorded)[0].bytes);
  const auto read = read_evidence(buri::testing::engine(), pieces->front());
  ASSERT_TRUE(read.ok()) << read.error();
  EXPECT_EQ(Bytes(read->name.bytes.begin(), read->name.bytes.end()), (*recorded)[2].bytes);
}

TEST(EvidenceMessage, RefusesWhatHoldsNoEvidence) {
  EXPECT_TRUE(decode_evidence_message({})->empty());
  EXPECT_FALSE(decode_evidence_message(Bytes{0x0a, 0x00}).ok());        // no kind
  EXPECT_FALSE(decode_evidence_message(Bytes{0x08, 0x01}).ok());        // a number
  EXPECT_FALSE(decode_evidence_message(Bytes{0x0a, 0x05, 0x0a}).ok());  // cut off
  Bytes many;
  for (std::size_t i = 0; i <= kMaxPiecesOfMessage; ++i)
    append(many, Bytes{0x0a, 0x02, 0x0a, 0x00});
  EXPECT_FALSE(decode_evidence_message(many).ok());
}

TEST(EvidenceMessage, AnAttackComesBackAsItWas) {
  auto& crypto = buri::testing::engine();
  auto members = buri::testing::make_validators(crypto, 4, 10, 1);
  const buri::testing::MadeChain chain(crypto, 3, [&](std::int64_t) { return members; });
  const engine::LightClientAttack attack{chain.at(3), 2, {members[0].validator}, 40, {5, 6}};
  const auto piece = engine::encode_light_client_attack(attack);
  const auto message = encode_evidence_message(piece);
  const auto pieces = decode_evidence_message(message);
  ASSERT_TRUE(pieces.ok());
  const auto again = engine::decode_light_client_attack(pieces->front().encoded);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(engine::encode_light_client_attack(*again).encoded, piece.encoded);
  EXPECT_TRUE(engine::check_basic(crypto, *again).ok());
}

}  // namespace
}  // namespace buri::consensus::evidence
