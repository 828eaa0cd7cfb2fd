#include "accel/engine/profile.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace buri::accel::engine {
namespace {

Profile example() {
  Profile profile;
  profile.machine = "Some Processor | 2 CPUs | build abc";
  profile.hand_over_ns = 23000;
  profile.curves.emplace(std::pair("scalar", Operation::kRecover),
                         *LatencyCurve::from_points({{1, 40000}, {64, 1900000}}));
  profile.curves.emplace(std::pair("cuda:0", Operation::kKeccak256),
                         *LatencyCurve::from_points({{1, 90000}}));
  return profile;
}

/// A directory that lives as long as the test.
class ProfileFile : public testing::Test {
 protected:
  ProfileFile() {
    char name[] = "/tmp/buri-profile-XXXXXX";
    directory_ = ::mkdtemp(name);
  }
  ~ProfileFile() override { std::filesystem::remove_all(directory_); }
  void overwrite(const std::string& text) {
    std::ofstream(directory_ + "/accel-profile", std::ios::binary) << text;
  }
  std::string directory_;
};

TEST(ProfileText, ReadsWhatItWrites) {
  EXPECT_EQ(decode_profile(encode_profile(example())), example());
  EXPECT_EQ(decode_profile(encode_profile(Profile{})), Profile{});
}

TEST(ProfileText, HasTheDocumentedForm) {
  Profile profile;
  profile.machine = "M";
  profile.hand_over_ns = 7;
  profile.curves.emplace(std::pair("scalar", Operation::kSha256),
                         *LatencyCurve::from_points({{1, 5}, {4, 9}}));
  const std::string text = encode_profile(profile);
  EXPECT_TRUE(
      text.starts_with("buri-accel-profile 1\nmachine M\nhand_over_ns 7\n"
                       "curve scalar sha256 1:5 4:9\nend "))
      << text;
}

TEST(ProfileText, RefusesEveryFlippedBitAndEveryTruncation) {
  const std::string text = encode_profile(example());
  for (std::size_t i = 0; i < text.size(); ++i) {
    ASSERT_FALSE(decode_profile(text.substr(0, i))) << "cut at " << i;
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = text;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      ASSERT_FALSE(decode_profile(flipped)) << "byte " << i << " bit " << bit;
    }
  }
  EXPECT_FALSE(decode_profile(text + "\n"));
}

TEST_F(ProfileFile, IsFoundAgainByTheSameMachineOnly) {
  ASSERT_TRUE(store_profile(directory_, example()));
  EXPECT_EQ(load_profile(directory_, example().machine), example());
  EXPECT_FALSE(load_profile(directory_, "another machine"));
}

TEST_F(ProfileFile, IsReplacedAsAWholeAndLeavesNoOtherFile) {
  ASSERT_TRUE(store_profile(directory_, Profile{}));
  ASSERT_TRUE(store_profile(directory_, example()));
  EXPECT_EQ(load_profile(directory_, example().machine), example());
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory_))
    ++files;
  EXPECT_EQ(files, 1u);
}

TEST_F(ProfileFile, CountsAsAbsentWhenDamagedOrHuge) {
  EXPECT_FALSE(load_profile(directory_, ""));
  overwrite("");
  EXPECT_FALSE(load_profile(directory_, ""));
  overwrite(std::string(3 << 20, 'x'));
  EXPECT_FALSE(load_profile(directory_, ""));
}

TEST_F(ProfileFile, CannotBeStoredWhereThereIsNoDirectory) {
  EXPECT_FALSE(store_profile(directory_ + "/absent", example()));
}

TEST(BuildId, IsTheHexOfThisProgramsNote) {
  EXPECT_EQ(build_id(), build_id());
  EXPECT_GE(build_id().size(), 16u) << build_id();
}

}  // namespace
}  // namespace buri::accel::engine
