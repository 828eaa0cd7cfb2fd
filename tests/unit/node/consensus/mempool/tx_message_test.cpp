#include "node/consensus/mempool/tx_message.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/consensus/engine/recorded_messages.hpp"

namespace buri::consensus::mempool {
namespace {

TEST(TxMessage, EqualsTheRecordedBytesBothWays) {
  const auto recorded = buri::testing::recorded_messages("mempool ");
  if (!recorded) GTEST_SKIP() << "the recordings are not beside this checkout";
  ASSERT_EQ(recorded->size(), 1u);
  const auto txs = decode_tx_message(recorded->front().bytes);
  ASSERT_TRUE(txs.ok());
  ASSERT_EQ(txs->size(), 1u);
  EXPECT_EQ(as_text(txs->front()), "tx one");
  EXPECT_EQ(encode_tx_message(txs->front()), recorded->front().bytes);
}

TEST(TxMessage, ReadsSeveralTransactionsAndOfSeveralListsTheLast) {
  const Bytes two{0x0a, 0x06, 0x0a, 0x01, 'a', 0x0a, 0x01, 'b'};
  ASSERT_EQ(decode_tx_message(two)->size(), 2u);
  Bytes lists = two;
  append(lists, Bytes{0x0a, 0x03, 0x0a, 0x01, 'c'});
  ASSERT_EQ(decode_tx_message(lists)->size(), 1u);
  EXPECT_EQ(as_text(decode_tx_message(lists)->front()), "c");
  EXPECT_TRUE(decode_tx_message(Bytes{0x0a, 0x00})->empty());
}

TEST(TxMessage, RefusesWhatHoldsNoTransactions) {
  const auto error = [](const Bytes& bytes) { return decode_tx_message(bytes).error(); };
  EXPECT_EQ(error({}), TxMessageError::kNoKind);
  EXPECT_EQ(error({0x12, 0x00}), TxMessageError::kNoKind);                // field 2
  EXPECT_EQ(error({0x08, 0x01}), TxMessageError::kEncoding);              // a number
  EXPECT_EQ(error({0x0a, 0x02, 0x08, 0x01}), TxMessageError::kEncoding);  // inside as well
  EXPECT_EQ(error({0x0a, 0x05, 0x0a}), TxMessageError::kEncoding);        // cut off
  Bytes list;
  for (std::size_t i = 0; i <= kMaxTxsOfMessage; ++i) append(list, Bytes{0x0a, 0x00});
  Bytes many{0x0a, 0x92, 0x4e};  // 10,002 bytes
  append(many, list);
  EXPECT_EQ(error(many), TxMessageError::kTooMany);
}

}  // namespace
}  // namespace buri::consensus::mempool
