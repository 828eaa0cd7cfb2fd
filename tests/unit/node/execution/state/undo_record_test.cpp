#include "node/execution/state/undo_record.hpp"

#include <gtest/gtest.h>

namespace buri::execution::state {
namespace {

Hash256 filled(std::uint8_t byte) {
  Hash256 hash;
  hash.bytes.fill(byte);
  return hash;
}

UndoRecord sample() {
  UndoRecord record;
  record.parent = {.number = 41, .block_hash = filled(1), .root = filled(2)};
  record.accounts = {{filled(3), AccountRecord{.nonce = 5, .balance = U256::from_uint64(256)}},
                     {filled(4), std::nullopt}};
  record.slots = {{{.account = filled(3), .slot = filled(6)}, U256::from_uint64(7)},
                  {{.account = filled(3), .slot = filled(7)}, {}},
                  {{.account = filled(4), .slot = filled(6)}, {}}};
  return record;
}

TEST(UndoRecord, ComesBackAsItWasWritten) {
  const UndoRecord record = sample();
  const auto read = decode_undo(encode_undo(record));
  ASSERT_TRUE(read.ok()) << read.error();
  EXPECT_EQ(read.value(), record);
}

TEST(UndoRecord, RefusesKeysThatDoNotAscendOrHaveNoAccount) {
  UndoRecord record = sample();
  std::swap(record.accounts[0], record.accounts[1]);
  EXPECT_EQ(decode_undo(encode_undo(record)).error(), "keys that do not ascend");
  record = sample();
  std::swap(record.slots[0], record.slots[1]);
  EXPECT_EQ(decode_undo(encode_undo(record)).error(), "keys that do not ascend");
  record = sample();
  record.accounts.pop_back();
  EXPECT_EQ(decode_undo(encode_undo(record)).error(), "a slot whose account is not listed");
}

TEST(UndoRecord, RefusesEveryPrefix) {
  const Bytes whole = encode_undo(sample());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(decode_undo(ByteView(whole).first(length)).ok()) << length;
  }
}

TEST(AccountRecord, RefusesTheUsualHashesWrittenOut) {
  const AccountRecord account{
      .nonce = 1, .balance = {}, .storage_root = filled(9), .code_hash = filled(8)};
  EXPECT_EQ(decode_account(encode_account(account)).value(), account);
  const Bytes plain = encode_account({});
  EXPECT_EQ(plain, (Bytes{0xc4, 0x80, 0x80, 0x80, 0x80}));
  EXPECT_FALSE(decode_account(account_leaf(AccountRecord{})).ok());
}

}  // namespace
}  // namespace buri::execution::state
