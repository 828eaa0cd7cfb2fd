#include "hsm/signer/posix_disk.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

namespace buri::hsm::signer {
namespace {

class PosixDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "buri-disk-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    path_ = pattern;
    auto disk = open_posix_disk(path_);
    ASSERT_TRUE(disk.ok());
    disk_ = std::move(disk).value();
  }
  void TearDown() override { std::filesystem::remove_all(path_); }

  std::string path_;
  std::unique_ptr<Disk> disk_;
};

TEST_F(PosixDisk, ReadsWhatWasWrittenAndLessAtTheEnd) {
  auto file = disk_->create("a");
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->write(3, as_bytes("hello")).ok());
  ASSERT_TRUE((*file)->sync().ok());
  EXPECT_EQ((*file)->size().value(), 8u);
  EXPECT_EQ(as_text((*file)->read(3, 100).value()), "hello");
  EXPECT_EQ(as_text((*file)->read(8, 4).value()), "");
  ASSERT_TRUE((*file)->resize(4).ok());
  EXPECT_EQ(as_text((*disk_->open("a"))->read(3, 9).value()), "h");
}

TEST_F(PosixDisk, NamesItsErrors) {
  EXPECT_EQ(disk_->open("a").error(), DiskError::kNotFound);
  ASSERT_TRUE(disk_->create("a").ok());
  ASSERT_TRUE(disk_->create("b").ok());
  EXPECT_EQ(disk_->create("a").error(), DiskError::kExists);
  EXPECT_EQ(disk_->rename("a", "b").error(), DiskError::kExists);
  EXPECT_EQ(disk_->rename("c", "d").error(), DiskError::kNotFound);
  EXPECT_EQ(disk_->remove("c").error(), DiskError::kNotFound);
  EXPECT_EQ(open_posix_disk(path_ + "/none").error(), DiskError::kNotFound);
}

TEST_F(PosixDisk, FollowsNoSymbolicLink) {
  std::filesystem::create_symlink("/etc/hostname", path_ + "/link");
  EXPECT_EQ(disk_->open("link").error(), DiskError::kIo);
}

TEST_F(PosixDisk, ListsFilesInOrder) {
  ASSERT_TRUE(disk_->create("b").ok());
  ASSERT_TRUE(disk_->create("a").ok());
  ASSERT_TRUE(disk_->rename("b", "c").ok());
  ASSERT_TRUE(disk_->sync_directory().ok());
  EXPECT_THAT(disk_->list().value(), ::testing::ElementsAre("a", "c"));
}

TEST_F(PosixDisk, BelongsToOneHolderAtATime) {
  ASSERT_TRUE(disk_->lock().ok());
  auto other = open_posix_disk(path_);
  EXPECT_EQ((*other)->lock().error(), DiskError::kLocked);
  disk_.reset();
  EXPECT_TRUE((*other)->lock().ok());
}

TEST_F(PosixDisk, KeepsItsDirectoryWhenThePathIsMoved) {
  const std::string moved = path_ + "-moved";
  std::filesystem::rename(path_, moved);
  EXPECT_TRUE(disk_->create("a").ok());
  EXPECT_TRUE(std::filesystem::exists(moved + "/a"));
  std::filesystem::rename(moved, path_);
}

}  // namespace
}  // namespace buri::hsm::signer
