#include "hsm/ceremony/store.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace buri::hsm::ceremony {
namespace {

namespace fs = std::filesystem;

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    std::string pattern = fs::temp_directory_path() / "buri-store-XXXXXX";
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    path_ = pattern;
    store_ = posix_store(path_).value();
  }
  ~StoreTest() override { fs::remove_all(path_); }

  fs::path path_;
  std::unique_ptr<Store> store_;
};

TEST_F(StoreTest, WritesWholeFilesForTheOwnerAlone) {
  ASSERT_TRUE(store_->write_text("a/b/c.txt", "one").ok());
  ASSERT_TRUE(store_->write_text("a/b/c.txt", "two").ok());
  EXPECT_EQ(store_->read_text("a/b/c.txt").value(), "two");
  struct stat status{};
  ASSERT_EQ(::stat((path_ / "a/b/c.txt").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(store_->list().value(), std::vector<std::string>{"a/b/c.txt"});
}

TEST_F(StoreTest, WhatAnInterruptedWriteLeftIsSweptAway) {
  std::ofstream(path_ / "key.json.part") << "hal";
  EXPECT_FALSE(store_->exists("key.json"));
  EXPECT_EQ(store_->list().value().size(), 1U) << "a check of the folder sees it";
  ASSERT_TRUE(store_->sweep().ok());
  EXPECT_FALSE(fs::exists(path_ / "key.json.part"));
}

TEST_F(StoreTest, FollowsNoLinks) {
  fs::create_symlink("/etc/hostname", path_ / "link");
  EXPECT_FALSE(store_->read("link").ok());
  EXPECT_FALSE(store_->exists("link"));
  EXPECT_FALSE(store_->list().ok()) << "a folder with a link is not a ceremony's";
}

TEST_F(StoreTest, IsUsedByOneProcessAtATime) {
  ASSERT_TRUE(store_->lock().ok());
  const auto other = posix_store(path_).value();
  EXPECT_FALSE(other->lock().ok());
}

TEST_F(StoreTest, SubstoreSeesItsFolderAlone) {
  ASSERT_TRUE(store_->write_text("x", "1").ok());
  const auto sub = substore(*store_, "drills/001");
  ASSERT_TRUE(sub->append("log", as_bytes("a")).ok());
  ASSERT_TRUE(sub->append("log", as_bytes("b")).ok());
  EXPECT_EQ(sub->list().value(), std::vector<std::string>{"log"});
  EXPECT_EQ(store_->read_text("drills/001/log").value(), "ab");
}

TEST_F(StoreTest, FolderOfANewCeremonyIsEmpty) {
  EXPECT_TRUE(make_empty_folder(path_ / "new").ok());
  EXPECT_TRUE(make_empty_folder(path_ / "new").ok()) << "still empty";
  std::ofstream(path_ / "new/x") << "1";
  EXPECT_FALSE(make_empty_folder(path_ / "new").ok());
}

}  // namespace
}  // namespace buri::hsm::ceremony
