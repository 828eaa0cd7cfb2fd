#include "base/work_thread.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace buri {
namespace {

TEST(WorkThread, RunsTasksInOrderInOneThreadThatIsNotTheCallers) {
  WorkThread thread;
  std::vector<int> order;
  std::vector<std::future<std::thread::id>> results;
  for (int i = 0; i < 100; ++i) {
    results.push_back(thread.run([&order, i] {
      order.push_back(i);
      return std::this_thread::get_id();
    }));
  }
  const std::thread::id first = results.front().get();
  EXPECT_NE(first, std::this_thread::get_id());
  for (std::size_t i = 1; i < results.size(); ++i) EXPECT_EQ(results[i].get(), first);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(WorkThread, TakesWhatCanOnlyBeMoved) {
  WorkThread thread;
  auto number = std::make_unique<int>(7);
  EXPECT_EQ(thread.run([number = std::move(number)] { return *number; }).get(), 7);
}

TEST(WorkThread, EndsOnceEverythingThatWasBegunIsOver) {
  int done = 0;
  {
    WorkThread thread;
    for (int i = 0; i < 50; ++i) thread.run([&done] { ++done; });
  }
  EXPECT_EQ(done, 50);
}

}  // namespace
}  // namespace buri
