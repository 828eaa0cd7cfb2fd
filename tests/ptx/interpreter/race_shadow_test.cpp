#include "tests/ptx/interpreter/race_shadow.hpp"

#include <gtest/gtest.h>

namespace buri::ptx {
namespace {

/// Thread `thread` of a block whose first epoch is `block`, in its epoch `epoch`.
Accessor at(std::uint32_t epoch, std::uint16_t thread, std::uint32_t warp_epoch = 0,
            std::uint32_t block = 1) {
  return {epoch, 1, block, warp_epoch, thread};
}

TEST(RaceShadow, OneThreadNeverRacesWithItself) {
  RaceShadow shadow(64);
  for (const Access access : {Access::kWrite, Access::kRead, Access::kAtomic, Access::kWrite}) {
    EXPECT_FALSE(shadow.touch(8, 4, access, at(1, 5)));
  }
}

TEST(RaceShadow, AWriteRacesWithAReadOfAnotherWarpUntilABarrier) {
  RaceShadow shadow(64);
  EXPECT_FALSE(shadow.touch(8, 4, Access::kRead, at(1, 40)));
  EXPECT_FALSE(shadow.touch(8, 4, Access::kWrite, at(2, 5)));
  EXPECT_TRUE(shadow.touch(8, 4, Access::kRead, at(2, 40)));
}

TEST(RaceShadow, ASecondReaderDoesNotHideTheFirst) {
  RaceShadow shadow(64);
  EXPECT_FALSE(shadow.touch(0, 4, Access::kRead, at(1, 40)));
  EXPECT_FALSE(shadow.touch(0, 4, Access::kRead, at(1, 5)));
  EXPECT_TRUE(shadow.touch(0, 4, Access::kWrite, at(1, 5)));
}

TEST(RaceShadow, AWarpSynchronisationOrdersOnlyItsWarp) {
  RaceShadow shadow(64);
  EXPECT_FALSE(shadow.touch(0, 4, Access::kWrite, at(1, 3, 0)));
  EXPECT_FALSE(shadow.touch(0, 4, Access::kRead, at(1, 4, 1)));
  EXPECT_TRUE(shadow.touch(0, 4, Access::kRead, at(1, 64, 9)));
}

TEST(RaceShadow, NeighbouringBytesAreDifferentPlaces) {
  RaceShadow shadow(64);
  EXPECT_FALSE(shadow.touch(0, 1, Access::kWrite, at(1, 1)));
  EXPECT_FALSE(shadow.touch(1, 1, Access::kWrite, at(1, 2)));
  EXPECT_TRUE(shadow.touch(0, 4, Access::kRead, at(1, 2)));
}

TEST(RaceShadow, AtomicsAgreeWithEachOtherButNotWithPlainAccess) {
  RaceShadow shadow(64);
  EXPECT_FALSE(shadow.touch(0, 4, Access::kAtomic, at(1, 1)));
  EXPECT_FALSE(shadow.touch(0, 4, Access::kAtomic, at(1, 50)));
  EXPECT_TRUE(shadow.touch(0, 4, Access::kRead, at(1, 50)));
}

TEST(RaceShadow, NothingOrdersTwoBlocksOfALaunch) {
  RaceShadow shadow(64);
  EXPECT_FALSE(shadow.touch(0, 4, Access::kRead, at(1, 0, 0, 1)));
  EXPECT_FALSE(shadow.touch(0, 4, Access::kRead, at(5, 0, 0, 5)));
  EXPECT_TRUE(shadow.touch(0, 4, Access::kWrite, at(6, 0, 0, 5)));
}

TEST(RaceShadow, TheNextLaunchStartsAfresh) {
  RaceShadow shadow(64);
  EXPECT_FALSE(shadow.touch(0, 4, Access::kWrite, at(1, 0)));
  EXPECT_FALSE(shadow.touch(0, 4, Access::kWrite, {9, 8, 9, 0, 77}));
}

TEST(RaceShadow, AReadOnlyLoadRacesEvenWithItsOwnThreadsWrite) {
  RaceShadow shadow(64);
  EXPECT_FALSE(shadow.touch(0, 8, Access::kWrite, at(1, 0)));
  EXPECT_TRUE(shadow.touch(0, 8, Access::kReadOnly, at(2, 0)));
}

}  // namespace
}  // namespace buri::ptx
