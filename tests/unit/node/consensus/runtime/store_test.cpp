#include <gtest/gtest.h>

#include <random>

#include "node/consensus/iavl/multistore.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/decode_memo.hpp"
#include "node/consensus/runtime/metered_store.hpp"
#include "tests/unit/node/consensus/runtime/memory_stores.hpp"

namespace buri::consensus::runtime {
namespace {

using Entries = std::vector<std::pair<Bytes, Bytes>>;

Entries walk(store::ReadStore& store, const store::KeyRange& range, store::Direction direction) {
  Entries entries;
  auto iterator = store.iterate(range, direction).value();
  while (iterator->valid()) {
    entries.emplace_back(Bytes(iterator->key().begin(), iterator->key().end()),
                         Bytes(iterator->value().begin(), iterator->value().end()));
    EXPECT_TRUE(iterator->next().ok());
  }
  return entries;
}

TEST(Branch, ReadsAsIfItsWritesWereMadeAtOnce) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  MemoryStore parent;
  MemoryStore model;
  const auto random_key = [&random] {
    return Bytes{static_cast<std::uint8_t>(random() % 4), static_cast<std::uint8_t>(random() % 4)};
  };
  for (int i = 0; i < 8; ++i) {
    const Bytes key = random_key();
    ASSERT_TRUE(parent.set(key, Bytes{0}).ok() && model.set(key, Bytes{0}).ok());
  }
  store::BranchStore branch(parent);
  for (int i = 0; i < 500; ++i) {
    const Bytes key = random_key();
    const Bytes value{static_cast<std::uint8_t>(random())};
    if (random() % 3 == 0) {
      ASSERT_TRUE(branch.remove(key).ok() && model.remove(key).ok());
    } else {
      ASSERT_TRUE(branch.set(key, value).ok() && model.set(key, value).ok());
    }
    const Bytes probe = random_key();
    EXPECT_EQ(branch.get(probe).value(), model.get(probe).value());
    EXPECT_EQ(branch.has(probe).value(), model.has(probe).value());
    const store::KeyRange range{random_key(),
                                random() % 2 == 0 ? std::optional<Bytes>() : random_key()};
    for (const auto direction : {store::Direction::kAscending, store::Direction::kDescending}) {
      EXPECT_EQ(walk(branch, range, direction), walk(model, range, direction));
    }
    if (random() % 50 == 0) ASSERT_TRUE(branch.write_to(parent).ok());
  }
  ASSERT_TRUE(branch.write_to(parent).ok());
  EXPECT_EQ(parent.entries(), model.entries());
}

TEST(MeteredStore, ChargesEachAccessAsTheTableSays) {
  MemoryStore store;
  GasMeter meter = GasMeter::infinite();
  const MeteredStore metered(StoreId::kBank, store, meter, nullptr);
  ASSERT_TRUE(metered.set(Bytes{1, 2}, Bytes{3, 4, 5}).ok());
  EXPECT_EQ(meter.consumed(), 2000U + 30 * 5);
  ASSERT_TRUE(metered.get(Bytes{1, 2}).ok());
  EXPECT_EQ(meter.consumed(), 2150U + 1000 + 3 * 5);
  ASSERT_TRUE(metered.has(Bytes{9}).ok());
  ASSERT_TRUE(metered.remove(Bytes{9}).ok());
  EXPECT_EQ(meter.consumed(), 3165U + 2000);
}

TEST(MeteredStore, ChargesAWalkForTheEntryItLeavesAndTheFirstTwice) {
  MemoryStore store;
  ASSERT_TRUE(store.set(Bytes{1}, Bytes{1}).ok() && store.set(Bytes{2}, Bytes(9)).ok());
  GasMeter meter = GasMeter::infinite();
  auto walk = MeteredStore(StoreId::kBank, store, meter, nullptr).iterate({}).value();
  EXPECT_EQ(meter.consumed(), 30U + 3 * 2);
  ASSERT_TRUE(walk.next().ok());
  EXPECT_EQ(meter.consumed(), 2 * (30U + 3 * 2));
  ASSERT_TRUE(walk.next().ok());
  EXPECT_EQ(meter.consumed(), 2 * (30U + 3 * 2) + 30 + 3 * 10);
  EXPECT_FALSE(walk.valid());
}

TEST(MeteredStore, KeepsTheRefusedChargeAndDoesNotWrite) {
  MemoryStore store;
  GasMeter meter(2050);
  const auto status =
      MeteredStore(StoreId::kBank, store, meter, nullptr).set(Bytes{1, 2}, Bytes{3});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().kind, Error::Kind::kOutOfGas);
  EXPECT_EQ(meter.consumed(), 2060U);
  EXPECT_EQ(meter.consumed_to_limit(), 2050U);
  EXPECT_TRUE(store.entries().empty());
}

TEST(StoreId, NamesTheStoresThatTheTreesKeep) {
  const std::vector<std::string> kept = iavl::heimdall_stores();
  ASSERT_EQ(kept.size(), kStoreCount);
  for (std::size_t i = 0; i < kStoreCount; ++i) {
    EXPECT_EQ(kept[i], kStoreNames[i]);
    EXPECT_EQ(store_by_name(kept[i]), static_cast<StoreId>(i));
  }
  EXPECT_EQ(store_by_name("staking"), std::nullopt);
}

TEST(GasMeter, PanicsOnOverflowOf64Bits) {
  GasMeter meter = GasMeter::infinite();
  ASSERT_TRUE(meter.consume(~std::uint64_t{0}, "all").ok());
  EXPECT_EQ(meter.consume(1, "more").error().kind, Error::Kind::kPanic);
}

TEST(DecodeMemo, AnswersByTheBytesAndTheFunction) {
  DecodeMemo memo;
  int calls = 0;
  const auto size = [&calls](ByteView bytes) -> Outcome<std::size_t> {
    ++calls;
    if (bytes.empty()) return Failure{plain_error("nothing")};
    return bytes.size();
  };
  const auto shared = memo.get<std::size_t>(Bytes{1, 2}, size).value();
  EXPECT_EQ(*shared, 2U);
  EXPECT_EQ(memo.get<std::size_t>(Bytes{1, 2}, size).value(), shared);
  EXPECT_EQ(calls, 1);
  const auto first = [](ByteView bytes) -> Outcome<std::uint8_t> { return bytes.front(); };
  EXPECT_EQ(*memo.get<std::uint8_t>(Bytes{1, 2}, first).value(), 1);
  EXPECT_EQ(*memo.get<std::uint8_t>(Bytes{2, 2}, first).value(), 2);
  // What fails is asked for again; what was not used for long is made again.
  EXPECT_FALSE(memo.get<std::size_t>({}, size).ok());
  EXPECT_FALSE(memo.get<std::size_t>({}, size).ok());
  EXPECT_EQ(calls, 3);
  for (std::uint8_t i = 0; i < 20; ++i) {
    EXPECT_EQ(*memo.get<std::size_t>(Bytes(3, i), size).value(), 3U);
  }
  EXPECT_NE(memo.get<std::size_t>(Bytes{1, 2}, size).value(), shared);
  EXPECT_EQ(calls, 24);
}

TEST(ParseAddress, ReadsOneFormFastAndAllAlike) {
  const std::string digits = "00112233445566778899aabbccddeeff00112233";
  const Address address = parse_address("0x" + digits).value();
  EXPECT_EQ(to_text(address), "0x" + digits);
  for (const std::string& text :
       {digits, "0X" + digits, std::string("0x00112233445566778899AABBCCDDEEFF00112233"),
        "0x" + digits.substr(1), "0x" + digits + "zz"}) {
    EXPECT_EQ(parse_address(text).value(), address) << text;
  }
  for (const std::string& text :
       {"0x0x" + digits.substr(2), "0x" + digits + "00", "0x" + digits.substr(2), std::string("0x"),
        std::string(" \t"), " 0x" + digits}) {
    EXPECT_FALSE(parse_address(text).ok()) << text;
  }
}

TEST(Error, PanicsPassThroughWrapping) {
  EXPECT_EQ(panic("x").wrapped("y").with_code("sdk", 5), panic("x"));
  EXPECT_EQ(plain_error("x").wrapped("y").log, "y: x");
}

}  // namespace
}  // namespace buri::consensus::runtime
