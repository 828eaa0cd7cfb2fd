#include "hsm/signer/state_file.hpp"

#include <gtest/gtest.h>

#include "tests/support/hsm/sim_disk.hpp"

/// T41 and T42 for one file: what stands after crashes, rot and failing calls.

namespace buri::hsm::signer {
namespace {

using sim::DiskCall;
using sim::SimDisk;

constexpr int kSeeds = 200;
// Beyond every call of the operation under test.
constexpr std::uint64_t kMostCalls = 16;
constexpr std::uint64_t kSlotBytes = 2 * kCopyBytes + kSectorBytes;

StateIdentity identity() {
  StateIdentity id;
  id.key.bytes.fill(0x11);
  id.purpose = "vote";
  return id;
}

Bytes payload(std::string_view text) { return {as_bytes(text).begin(), as_bytes(text).end()}; }

/// A payload of several sectors, so that it can tear.
Bytes large(std::uint8_t fill) { return Bytes(3 * kSectorBytes, fill); }

class StateFileTest : public ::testing::Test {
 protected:
  void start(std::uint64_t seed, const Bytes& first) {
    random_ = SeededRandom(seed);
    disk_ = std::make_unique<SimDisk>(random_);
    ASSERT_TRUE(StateFile::create(*disk_, identity(), first).ok());
  }
  StateFile open() {
    auto file = StateFile::open(*disk_, identity());
    CHECK(file.ok(), "the state file must open here");
    return std::move(file).value();
  }
  Status<StateError> append(StateFile& file, Bytes bytes) {
    return file.append(file.next(0, std::move(bytes)));
  }

  SeededRandom random_{0};
  std::unique_ptr<SimDisk> disk_;
};

TEST_F(StateFileTest, MissingFileIsNeverFresh) {
  SimDisk disk(random_);
  EXPECT_EQ(StateFile::open(disk, identity()).error(), StateError::kMissing);
  EXPECT_TRUE(disk.list()->empty());
}

TEST_F(StateFileTest, InitialisingNeverReplaces) {
  start(1, payload("first"));
  EXPECT_EQ(StateFile::create(*disk_, identity(), payload("again")).error(), StateError::kExists);
  EXPECT_EQ(open().head().payload, payload("first"));
}

TEST_F(StateFileTest, HeadIsTheLastRecordAppended) {
  start(1, payload("1"));
  StateFile file = open();
  for (int i = 2; i < 9; ++i) {
    const Hash256 before = file.head_hash();
    ASSERT_TRUE(append(file, payload(std::to_string(i))).ok());
    EXPECT_EQ(file.head().previous, before);
    EXPECT_EQ(file.head().sequence, static_cast<std::uint64_t>(i));
    disk_->restart_machine();
    const StateFile again = open();
    EXPECT_EQ(again.head(), file.head());
    EXPECT_EQ(again.head_hash(), file.head_hash());
  }
}

TEST_F(StateFileTest, SignatureBelongsToItsRecordAlone) {
  start(1, payload("1"));
  StateFile file = open();
  ASSERT_TRUE(append(file, payload("2")).ok());
  ASSERT_TRUE(file.store_signature(payload("signed 2")).ok());
  EXPECT_EQ(open().head_signature(), payload("signed 2"));
  ASSERT_TRUE(append(file, payload("3")).ok());
  EXPECT_TRUE(file.head_signature().empty());
  EXPECT_TRUE(open().head_signature().empty());
}

TEST_F(StateFileTest, T41CrashAtEveryCallOfAnAppendKeepsOldOrNew) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    for (std::uint64_t at = 0; at < kMostCalls; ++at) {
      SCOPED_TRACE(::testing::Message() << "seed " << seed << ", crash at call " << at);
      start(seed, large(1));
      StateFile file = open();
      ASSERT_TRUE(append(file, large(2)).ok());
      disk_->crash_in(at);
      const bool durable = append(file, large(3)).ok();
      (void)file.store_signature(payload("signature"));
      seed % 2 == 0 ? disk_->restart_machine() : disk_->restart_process();
      const StateFile again = open();
      const bool is_new = again.head().payload == large(3);
      EXPECT_TRUE(is_new || (!durable && again.head().payload == large(2)));
      EXPECT_EQ(again.head().sequence, is_new ? 3u : 2u);
    }
  }
}

TEST_F(StateFileTest, T41CrashAtEveryCallOfInitialisingLeavesNoneOrTheWholeFile) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    for (std::uint64_t at = 0; at < kMostCalls; ++at) {
      SCOPED_TRACE(::testing::Message() << "seed " << seed << ", crash at call " << at);
      random_ = SeededRandom(seed);
      SimDisk disk(random_);
      disk.crash_in(at);
      const bool done = StateFile::create(disk, identity(), large(1)).ok();
      disk.restart_machine();
      const auto file = StateFile::open(disk, identity());
      if (file.ok()) {
        EXPECT_EQ(file->head().payload, large(1));
      } else {
        EXPECT_FALSE(done);
        EXPECT_EQ(file.error(), StateError::kMissing);
        EXPECT_TRUE(StateFile::create(disk, identity(), large(1)).ok());
      }
    }
  }
}

// The double fault: a record torn by the first power cut, then another cut while it is healed.
TEST_F(StateFileTest, T41CrashWhileHealingLosesNothing) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    for (std::uint64_t at = 0; at < kMostCalls; ++at) {
      SCOPED_TRACE(::testing::Message() << "seed " << seed << ", crash at call " << at);
      start(seed, large(1));
      StateFile file = open();
      ASSERT_TRUE(append(file, large(2)).ok());
      disk_->crash_in(random_.below(3));
      EXPECT_FALSE(append(file, large(3)).ok());
      disk_->restart_machine();
      disk_->crash_in(at);
      (void)StateFile::open(*disk_, identity());
      disk_->restart_machine();
      EXPECT_GE(open().head().sequence, 2u);
    }
  }
}

TEST_F(StateFileTest, T42OneRottenPieceAnywhereChangesNothing) {
  for (std::uint64_t offset = 0; offset < 2 * kSlotBytes; offset += SimDisk::kPieceBytes) {
    start(offset, large(1));
    StateFile file = open();
    ASSERT_TRUE(append(file, large(2)).ok());
    ASSERT_TRUE(append(file, large(3)).ok());
    disk_->rot(StateFile::file_name(identity()), offset);
    EXPECT_EQ(open().head(), file.head()) << "rot at offset " << offset;
  }
}

TEST_F(StateFileTest, T42HealingRestoresTheSecondCopy) {
  start(1, large(1));
  const std::string name = StateFile::file_name(identity());
  disk_->rot(name, 0);
  EXPECT_EQ(open().head().payload, large(1));
  disk_->rot(name, kCopyBytes);
  EXPECT_EQ(open().head().payload, large(1));
}

TEST_F(StateFileTest, T42BothSlotsGoneIsDamaged) {
  start(1, payload("1"));
  StateFile file = open();
  ASSERT_TRUE(append(file, payload("2")).ok());
  for (const std::uint64_t slot : {0, 1}) {
    for (const std::uint64_t copy : {0, 1}) {
      disk_->rot(StateFile::file_name(identity()), slot * kSlotBytes + copy * kCopyBytes + 20);
    }
  }
  EXPECT_EQ(StateFile::open(*disk_, identity()).error(), StateError::kDamaged);
}

TEST_F(StateFileTest, T43SignaturesOfALaterRecordProveARollback) {
  start(1, payload("1"));
  StateFile file = open();
  ASSERT_TRUE(append(file, payload("2")).ok());
  ASSERT_TRUE(file.store_signature(payload("signed 2")).ok());
  for (const std::uint64_t copy : {0, 1}) {
    disk_->rot(StateFile::file_name(identity()), kSlotBytes + copy * kCopyBytes + 20);
  }
  EXPECT_EQ(StateFile::open(*disk_, identity()).error(), StateError::kRolledBack);
}

TEST_F(StateFileTest, StateOfAnotherKeyOrPurposeIsDamaged) {
  start(1, payload("1"));
  StateIdentity other = identity();
  other.purpose = "seal";
  ASSERT_TRUE(disk_->rename(StateFile::file_name(identity()), StateFile::file_name(other)).ok());
  EXPECT_EQ(StateFile::open(*disk_, other).error(), StateError::kDamaged);
}

TEST_F(StateFileTest, FileOfAnotherSizeIsDamaged) {
  start(1, payload("1"));
  ASSERT_TRUE((*disk_->open(StateFile::file_name(identity())))->resize(2 * kSlotBytes - 1).ok());
  EXPECT_EQ(StateFile::open(*disk_, identity()).error(), StateError::kDamaged);
}

TEST_F(StateFileTest, T42FullOrReadOnlyDiskRefusesAndLaterTriesPass) {
  for (const DiskError error : {DiskError::kNoSpace, DiskError::kReadOnly}) {
    start(1, large(1));
    StateFile file = open();
    ASSERT_TRUE(append(file, large(2)).ok());
    disk_->set_fault([&](DiskCall call) {
      return call == DiskCall::kWrite ? std::optional(error) : std::nullopt;
    });
    EXPECT_EQ(append(file, large(3)).error(),
              error == DiskError::kNoSpace ? StateError::kNoSpace : StateError::kReadOnly);
    EXPECT_EQ(file.head().payload, large(2));
    disk_->set_fault(nullptr);
    ASSERT_TRUE(append(file, large(4)).ok());
    disk_->restart_machine();
    EXPECT_EQ(open().head().payload, large(4));
  }
}

TEST_F(StateFileTest, T42FailedSyncIsFatalAndNeverRepeated) {
  start(1, large(1));
  StateFile file = open();
  int syncs = 0;
  disk_->set_fault([&](DiskCall call) -> std::optional<DiskError> {
    if (call != DiskCall::kSync) return std::nullopt;
    ++syncs;
    return DiskError::kIo;
  });
  EXPECT_EQ(append(file, large(2)).error(), StateError::kBroken);
  EXPECT_TRUE(file.broken());
  EXPECT_EQ(append(file, large(3)).error(), StateError::kBroken);
  EXPECT_EQ(file.store_signature(payload("x")).error(), StateError::kBroken);
  EXPECT_EQ(syncs, 1);
}

// After the failed sync the record stands in the page cache alone. A new process that took it for
// durable would sign its bytes, and a power cut would then take the record back.
TEST_F(StateFileTest, T41RecordReadFromThePageCacheIsMadeDurableAtTheStart) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    start(seed, large(1));
    StateFile file = open();
    disk_->set_fault([](DiskCall call) {
      return call == DiskCall::kSync ? std::optional(DiskError::kIo) : std::nullopt;
    });
    EXPECT_FALSE(append(file, large(2)).ok());
    disk_->set_fault(nullptr);
    disk_->restart_process();
    const Bytes seen = open().head().payload;
    disk_->restart_machine();
    EXPECT_EQ(open().head().payload, seen) << "seed " << seed;
  }
}

TEST_F(StateFileTest, OversizedPayloadIsRefused) {
  start(1, payload("1"));
  StateFile file = open();
  EXPECT_TRUE(append(file, Bytes(kMaxPayloadBytes, 7)).ok());
  EXPECT_EQ(append(file, Bytes(kMaxPayloadBytes + 1, 7)).error(), StateError::kTooLarge);
  EXPECT_EQ(open().head().payload.size(), kMaxPayloadBytes);
}

}  // namespace
}  // namespace buri::hsm::signer
