#include "node/storage/batch.hpp"

#include <gtest/gtest.h>

namespace buri::storage {
namespace {

TEST(Batch, ShowsItsWritesInOrder) {
  Batch batch;
  batch.put(Family{2}, as_bytes("key"), as_bytes("value"));
  batch.remove(Family{0}, as_bytes("gone"));
  batch.remove_range(Family{1}, as_bytes("a"), as_bytes("b"));
  batch.put(Family{0}, {}, {});
  std::vector<std::string> seen;
  batch.for_each([&](const Batch::Write& write) {
    seen.push_back(std::to_string(static_cast<int>(write.kind)) + " " +
                   std::to_string(write.family.index) + " " + std::string(as_text(write.key)) +
                   " " + std::string(as_text(write.value)));
  });
  EXPECT_EQ(seen, (std::vector<std::string>{"0 2 key value", "1 0 gone ", "2 1 a b", "0 0  "}));
  EXPECT_EQ(batch.count(), 4U);
}

TEST(Batch, IsEmptyAgainAfterClear) {
  Batch batch;
  batch.put(Family{0}, as_bytes("key"), {});
  batch.clear();
  EXPECT_TRUE(batch.empty());
  EXPECT_EQ(batch.size_bytes(), 0U);
}

}  // namespace
}  // namespace buri::storage
