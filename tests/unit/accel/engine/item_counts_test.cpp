#include "accel/engine/item_counts.hpp"

#include <gtest/gtest.h>

namespace buri::accel::engine {
namespace {

TEST(ItemCounts, AddUpWhatAllThreadsCounted) {
  ItemCounts counts(3);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10000; ++i) counts.add(1, 2);
      counts.add(2, 1);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counts.sum(0), 0u);
  EXPECT_EQ(counts.sum(1), 80000u);
  EXPECT_EQ(counts.sum(2), 4u);
}

TEST(ItemCounts, KeepApartWhatOneThreadCountsInTurn) {
  ItemCounts first(1);
  ItemCounts second(1);
  for (int i = 0; i < 10; ++i) {
    first.add(0, 1);
    second.add(0, 5);
  }
  EXPECT_EQ(first.sum(0), 10u);
  EXPECT_EQ(second.sum(0), 50u);
}

TEST(ItemCounts, StartAtZeroWhereAnotherOneLived) {
  for (int i = 0; i < 3; ++i) {
    ItemCounts counts(1);
    counts.add(0, 1);
    EXPECT_EQ(counts.sum(0), 1u);
  }
}

}  // namespace
}  // namespace buri::accel::engine
