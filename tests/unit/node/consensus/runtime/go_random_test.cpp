#include "node/consensus/runtime/go_random.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace buri::consensus::runtime {
namespace {

TEST(GoRandom, DrawsWhatGoDraws) {
  // math/rand of go1.26, rand.New(rand.NewSource(1)).
  GoRandom random(1);
  EXPECT_EQ(random.next_63(), 5577006791947779410);
  EXPECT_EQ(random.next_63(), 8674665223082153551);
  EXPECT_EQ(random.next_63(), 6129484611666145821);
}

TEST(GoRandom, AgreesWithTheRecordedSequenceOfAnotherSeed) {
  std::ifstream file("tests/golden/iavl/go-rand-49872768940.txt");
  ASSERT_TRUE(file.is_open());
  GoRandom random(49872768940);
  std::string line;
  int lines = 0;
  while (std::getline(file, line)) {
    ++lines;
    ASSERT_EQ(random.next(), std::stoull(line, nullptr, 16)) << "line " << lines;
  }
  EXPECT_EQ(lines, 607);
}

TEST(GoRandom, BoundedDrawsMaskPowersOfTwoAndReduceOthers) {
  for (const std::int32_t bound : {1, 2, 4, 3, 7, 100, 2147483647}) {
    GoRandom drawn(7);
    GoRandom raw(7);
    const std::int32_t bits = raw.next_31();
    EXPECT_EQ(drawn.below(bound), bits % bound) << bound;
  }
}

}  // namespace
}  // namespace buri::consensus::runtime
