#include "node/storage/schema.hpp"

#include <gtest/gtest.h>

#include "tests/support/storage/simulated_disk.hpp"

namespace buri::storage {
namespace {

constexpr FamilySpec kFamilies[] = {kSchemaFamily, {.name = "data"}};

/// Appends one character, so that the order of migrations shows.
template <char kMark>
Status<StorageError> append_mark(Database& database, Batch& batch) {
  const Family data = *database.family("data");
  Bytes value;
  ASSIGN_OR_RETURN(const bool found, database.get(data, as_bytes("marks"), value));
  if (!found) value.clear();
  value.push_back(static_cast<std::uint8_t>(kMark));
  batch.put(data, as_bytes("marks"), value);
  return Unit{};
}

constexpr Migration kMigrations[] = {{append_mark<'2'>}, {append_mark<'3'>}};

class SchemaTest : public ::testing::Test {
 protected:
  Status<StorageError> apply(std::string_view kind, std::uint32_t version,
                             std::span<const Migration> migrations) {
    return apply_schema(*database_, {kind, version, migrations});
  }
  std::string marks() const {
    Bytes value;
    const bool found = database_->get(*database_->family("data"), as_bytes("marks"), value).value();
    return found ? std::string(as_text(value)) : "";
  }

  buri::testing::SimulatedDisk disk_;
  std::unique_ptr<Database> database_ = disk_.open(kFamilies);
};

TEST_F(SchemaTest, ANewDatabaseGetsTheNewestWithoutMigrations) {
  ASSERT_TRUE(apply("consensus", 3, kMigrations).ok());
  EXPECT_EQ(marks(), "");
  EXPECT_TRUE(apply("consensus", 3, kMigrations).ok());
}

TEST_F(SchemaTest, AnOlderDatabaseIsMigratedStepByStep) {
  ASSERT_TRUE(apply("consensus", 1, {}).ok());
  ASSERT_TRUE(apply("consensus", 3, kMigrations).ok());
  EXPECT_EQ(marks(), "23");
  ASSERT_TRUE(apply("consensus", 3, kMigrations).ok());
  EXPECT_EQ(marks(), "23");
}

TEST_F(SchemaTest, MigratesFromTheMiddle) {
  ASSERT_TRUE(apply("consensus", 2, std::span(kMigrations).first(1)).ok());
  ASSERT_TRUE(apply("consensus", 3, kMigrations).ok());
  EXPECT_EQ(marks(), "3");
}

TEST_F(SchemaTest, ANewerDatabaseIsRefusedWithASentence) {
  ASSERT_TRUE(apply("consensus", 3, kMigrations).ok());
  const auto status = apply("consensus", 2, std::span(kMigrations).first(1));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().kind, StorageError::Kind::kNewerSchema);
  EXPECT_EQ(
      status.error().detail,
      "the database has schema 3, this program knows schemas up to 2: start the newer program "
      "that wrote it");
}

TEST_F(SchemaTest, AnotherKindIsRefused) {
  ASSERT_TRUE(apply("consensus", 1, {}).ok());
  EXPECT_EQ(apply("execution", 1, {}).error().kind, StorageError::Kind::kMismatch);
}

TEST_F(SchemaTest, AVersionThatNoMigrationLeadsFromIsRefused) {
  ASSERT_TRUE(apply("consensus", 1, {}).ok());
  EXPECT_EQ(apply("consensus", 3, std::span(kMigrations).last(1)).error().kind,
            StorageError::Kind::kMismatch);
}

TEST_F(SchemaTest, ACrashBetweenStepsLeavesAVersionThatGoesOn) {
  ASSERT_TRUE(apply("consensus", 1, {}).ok());
  disk_.crash_after(4);
  EXPECT_FALSE(apply("consensus", 3, kMigrations).ok());
  SeededRandom random(1);
  disk_.restart(random);
  database_ = disk_.open(kFamilies);
  ASSERT_TRUE(apply("consensus", 3, kMigrations).ok());
  EXPECT_EQ(marks(), "23");
}

}  // namespace
}  // namespace buri::storage
