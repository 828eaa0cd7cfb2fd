#include "node/consensus/runtime/pagination.hpp"

#include <gtest/gtest.h>

#include "node/consensus/runtime/keys.hpp"
#include "tests/unit/node/consensus/runtime/memory_stores.hpp"

/// Pages as the SDK cuts them, its odd cases included.

namespace buri::consensus::runtime {
namespace {

using Numbers = std::vector<std::uint64_t>;

/// Entries 1 to 7 under prefix 5, between neighbours that belong to others.
struct Pages : ::testing::Test {
  MemoryStores stores;
  GasMeter meter = GasMeter::infinite();
  PageResponse answer;

  Pages() {
    store::Store& store = stores[StoreId::kClerk];
    for (std::uint64_t i = 1; i <= 7; ++i) CHECK(store.set(Key(5).number(i), {}).ok(), "memory");
    CHECK(store.set(Key(4).number(9), {}).ok(), "memory");
    CHECK(store.set(Key(6).number(9), {}).ok(), "memory");
  }

  Numbers ask(const PageRequest& request, const PageFilter& filter = {}) {
    Numbers numbers;
    const MeteredStore store(StoreId::kClerk, stores[StoreId::kClerk], meter, nullptr);
    const auto page = paginate(
        store, Key(5), request,
        [&numbers](ByteView key, ByteView) -> Status<Error> {
          ASSIGN_OR_RETURN(const std::uint64_t number, read_number(key));
          numbers.push_back(number);
          return Unit{};
        },
        filter);
    CHECK(page.ok(), "the request is valid");
    answer = *page;
    return numbers;
  }
  std::uint64_t next() const { return read_number(answer.next_key).value(); }
};

TEST_F(Pages, WithoutALimitCountEverything) {
  EXPECT_EQ(ask({}), (Numbers{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_TRUE(answer.next_key.empty());
  EXPECT_EQ(answer.total, 7U);
}

TEST_F(Pages, FollowEachOtherByKeyInEitherDirection) {
  EXPECT_EQ(ask({.limit = 3}), (Numbers{1, 2, 3}));
  EXPECT_EQ(next(), 4U);
  EXPECT_EQ(answer.total, 0U);
  EXPECT_EQ(ask({.key = answer.next_key, .limit = 3}), (Numbers{4, 5, 6}));
  EXPECT_EQ(ask({.key = answer.next_key, .limit = 3}), (Numbers{7}));
  EXPECT_TRUE(answer.next_key.empty());
  EXPECT_EQ(ask({.limit = 3, .reverse = true}), (Numbers{7, 6, 5}));
  EXPECT_EQ(ask({.key = answer.next_key, .limit = 3, .reverse = true}), (Numbers{4, 3, 2}));
  EXPECT_EQ(next(), 1U);
}

TEST_F(Pages, SkipAnOffsetAndCountOnRequest) {
  EXPECT_EQ(ask({.offset = 5, .limit = 1, .count_total = true}), (Numbers{6}));
  EXPECT_EQ(next(), 7U);
  EXPECT_EQ(answer.total, 7U);
  EXPECT_EQ(ask({.offset = 8, .limit = 1, .count_total = true}), Numbers{});
  EXPECT_EQ(answer.total, 0U) << "an offset behind the end finds nothing to count";
}

TEST_F(Pages, CountWhatAFilterLeavesOutOnlyFromAKeyOn) {
  const PageFilter even = [](ByteView key, ByteView) -> Outcome<bool> {
    ASSIGN_OR_RETURN(const std::uint64_t number, read_number(key));
    return number % 2 == 0;
  };
  EXPECT_EQ(ask({.limit = 2}, even), (Numbers{2, 4}));
  EXPECT_EQ(next(), 5U);
  EXPECT_EQ(ask({.key = answer.next_key, .limit = 2}, even), (Numbers{6}));
  EXPECT_EQ(next(), 7U);
  EXPECT_EQ(ask({.limit = 2, .count_total = true}, even), (Numbers{2, 4}));
  EXPECT_EQ(answer.total, 3U);
}

TEST_F(Pages, TakeEitherAKeyOrAnOffset) {
  const MeteredStore store(StoreId::kClerk, stores[StoreId::kClerk], meter, nullptr);
  const auto nothing = [](ByteView, ByteView) -> Status<Error> { return Unit{}; };
  EXPECT_FALSE(paginate(store, Key(5), {.key = number_value(1), .offset = 1}, nothing).ok());
}

}  // namespace
}  // namespace buri::consensus::runtime
