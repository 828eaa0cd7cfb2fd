#include "node/storage/version_table.hpp"

#include <rocksdb/slice_transform.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"
#include "node/storage/ordered_list.hpp"

namespace buri::storage {
namespace {

/// RocksDB appends to each key its sequence number and the kind of write, little-endian.
constexpr std::size_t kTrailerBytes = 8;

ByteView view(const rocksdb::Slice& slice) {
  return {reinterpret_cast<const std::uint8_t*>(slice.data()), slice.size()};
}
/// The key of an entry, trailer included; its value follows.
ByteView key_of(const char* entry) { return view(rocksdb::GetLengthPrefixedSlice(entry)); }

int compare_bytes(ByteView a, ByteView b) {
  const std::size_t common = std::min(a.size(), b.size());
  const int order = common == 0 ? 0 : std::memcmp(a.data(), b.data(), common);
  if (order != 0) return order;
  return a.size() < b.size() ? -1 : static_cast<int>(a.size() > b.size());
}

std::uint64_t trailer_of(ByteView key) {
  std::uint64_t number = 0;
  std::memcpy(&number, key.data() + key.size() - kTrailerBytes, kTrailerBytes);
  return number;
}

/// RocksDB's order: by key, then the latest write first.
int compare_keys(ByteView a, ByteView b) {
  const int order =
      compare_bytes(a.first(a.size() - kTrailerBytes), b.first(b.size() - kTrailerBytes));
  if (order != 0) return order;
  const std::uint64_t latest = trailer_of(a);
  const std::uint64_t other = trailer_of(b);
  return latest > other ? -1 : static_cast<int>(latest < other);
}

struct EntryOrder {
  static int compare(const char* entry, ByteView key) { return compare_keys(key_of(entry), key); }
};
using Entries = OrderedList<const char*, EntryOrder>;

/// All versions of one key.
struct Group {
  ByteView prefix;  ///< the key without the version, borrowed from an entry
  Entries entries;
};

struct GroupOrder {
  static int compare(const Group* group, ByteView prefix) {
    return compare_bytes(group->prefix, prefix);
  }
};
using Groups = OrderedList<Group*, GroupOrder>;

bool begins_with(ByteView key, ByteView prefix) {
  return key.size() >= prefix.size() && equal(key.first(prefix.size()), prefix);
}

/// Memory for iterators. RocksDB wants them in an arena of its own, of which its public headers say
/// nothing, and then ends their life without giving memory back: so the next iterator of the
/// thread takes the place of one that has ended.
class Places {
 public:
  explicit Places(std::size_t bytes) : bytes_(bytes) {}
  Places(const Places&) = delete;
  Places& operator=(const Places&) = delete;
  ~Places() {
    for (void* place : free_) ::operator delete(place);
  }

  void* take() {
    if (free_.empty()) return ::operator new(bytes_);
    void* place = free_.back();
    free_.pop_back();
    return place;
  }
  /// The place may be in use until its destructor has returned; others that were given back are
  /// not.
  void give_back(void* place) {
    if (free_.size() >= kMaxFree) {
      ::operator delete(free_.back());
      free_.pop_back();
    }
    free_.push_back(place);
  }

 private:
  static constexpr std::size_t kMaxFree = 16;
  std::size_t bytes_;
  std::vector<void*> free_;
};

class VersionIterator final : public rocksdb::MemTableRep::Iterator {
 public:
  explicit VersionIterator(const Groups& groups) : groups_(&groups) {}
  VersionIterator(const VersionIterator&) = delete;
  VersionIterator& operator=(const VersionIterator&) = delete;
  ~VersionIterator() override { places().give_back(this); }

  static void* operator new(std::size_t /*bytes*/) { return places().take(); }
  /// The destructor has given the place back.
  static void operator delete(void* /*place*/) {}

  [[nodiscard]] bool Valid() const override { return entry_ != nullptr; }
  [[nodiscard]] const char* key() const override { return entry_->item(); }

  void Next() override {
    entry_ = entry_->next();
    if (entry_ == nullptr) begin_at(group_->next());
  }
  void Prev() override { go_before(key_of(key())); }

  void Seek(const rocksdb::Slice& internal_key, const char* memtable_key) override {
    const ByteView target = target_of(internal_key, memtable_key);
    const auto* group = groups_->before(user_key(target));
    // The group that the target belongs to is the last one whose prefix it begins with or exceeds.
    if (group == nullptr || !begins_with(user_key(target), group->item()->prefix)) {
      const auto* next = group == nullptr ? groups_->first() : group->next();
      const bool is_its_own =
          next != nullptr && begins_with(user_key(target), next->item()->prefix);
      if (!is_its_own) return begin_at(next);
      group = next;
    }
    group_ = group;
    entry_ = group->item()->entries.at_or_after(target);
    if (entry_ == nullptr) begin_at(group->next());
  }
  void SeekForPrev(const rocksdb::Slice& internal_key, const char* memtable_key) override {
    Seek(internal_key, memtable_key);
    const ByteView target = target_of(internal_key, memtable_key);
    if (Valid() && compare_keys(key_of(key()), target) == 0) return;
    go_before(target);
  }
  void SeekToFirst() override { begin_at(groups_->first()); }
  void SeekToLast() override { end_at(groups_->last()); }

 private:
  static Places& places() {
    thread_local Places own(sizeof(VersionIterator));
    return own;
  }
  static ByteView target_of(const rocksdb::Slice& internal_key, const char* memtable_key) {
    return memtable_key != nullptr ? key_of(memtable_key) : view(internal_key);
  }
  static ByteView user_key(ByteView key) { return key.first(key.size() - kTrailerBytes); }

  /// To a group's first entry. A group is in the list with its first entry in it.
  void begin_at(const Groups::Node* group) {
    group_ = group;
    entry_ = group == nullptr ? nullptr : group->item()->entries.first();
  }
  void end_at(const Groups::Node* group) {
    group_ = group;
    entry_ = group == nullptr ? nullptr : group->item()->entries.last();
  }
  /// To the last entry before a key.
  void go_before(ByteView target) {
    const ByteView wanted = user_key(target);
    const auto* group = groups_->at_or_after(wanted);
    if (group == nullptr || !equal(group->item()->prefix, wanted)) group = groups_->before(wanted);
    if (group == nullptr) return begin_at(nullptr);
    if (!begins_with(wanted, group->item()->prefix)) return end_at(group);
    const auto* entry = group->item()->entries.before(target);
    if (entry == nullptr) return end_at(groups_->before(group->item()->prefix));
    group_ = group;
    entry_ = entry;
  }

  const Groups* groups_;
  const Groups::Node* group_ = nullptr;
  const Entries::Node* entry_ = nullptr;
};

class VersionTable final : public rocksdb::MemTableRep {
 public:
  VersionTable(rocksdb::Allocator* allocator, std::size_t suffix_bytes)
      : MemTableRep(allocator), tail_bytes_(suffix_bytes + kTrailerBytes) {}

  void Insert(rocksdb::KeyHandle handle) override {
    CHECK(InsertKey(handle), "a write has a sequence number of its own");
  }
  bool InsertKey(rocksdb::KeyHandle handle) override {
    const char* entry = static_cast<const char*>(handle);
    const ByteView key = key_of(entry);
    CHECK(key.size() > tail_bytes_, "a key is longer than its version");
    const ByteView prefix = key.first(key.size() - tail_bytes_);
    const auto [found, is_new] = by_prefix_.try_emplace(as_text(prefix), nullptr);
    if (is_new) {
      auto* group = new (allocate(sizeof(Group))) Group{prefix, {}};
      found->second = group;
      const bool is_first = group->entries.insert(entry, key, *this);
      add(group);
      return is_first;
    }
    return found->second->entries.insert(entry, key, *this);
  }
  bool Contains(const char* key) const override {
    VersionIterator iterator(groups_);
    iterator.Seek({}, key);
    return iterator.Valid() && equal(key_of(iterator.key()), key_of(key));
  }
  size_t ApproximateMemoryUsage() override { return other_bytes_.load(std::memory_order_relaxed); }
  Iterator* GetIterator(rocksdb::Arena* /*arena*/) override { return new VersionIterator(groups_); }

  /// For nodes: from the arena that the entries come from, so that RocksDB counts them.
  void* allocate(std::size_t bytes) {
    std::size_t space = bytes + alignof(void*) - 1;
    char* place = nullptr;
    Allocate(space, &place);
    void* aligned = place;
    CHECK(std::align(alignof(void*), bytes, aligned, space) != nullptr, "there is space to align");
    return aligned;
  }

 private:
  /// What the index by hash takes for a group.
  static constexpr std::size_t kIndexBytes = 80;

  void add(Group* group) {
    const auto* before = groups_.before(group->prefix);
    CHECK(before == nullptr || !begins_with(group->prefix, before->item()->prefix),
          "no key is the beginning of another");
    groups_.insert(group, group->prefix, *this);
    other_bytes_.fetch_add(kIndexBytes, std::memory_order_relaxed);
  }

  std::size_t tail_bytes_;
  Groups groups_;
  std::unordered_map<std::string_view, Group*> by_prefix_;  ///< for the writer alone
  std::atomic<std::size_t> other_bytes_{0};
};

class VersionTableFactory final : public rocksdb::MemTableRepFactory {
 public:
  explicit VersionTableFactory(std::size_t suffix_bytes)
      : suffix_bytes_(suffix_bytes), name_("buri.VersionTable." + std::to_string(suffix_bytes)) {}

  rocksdb::MemTableRep* CreateMemTableRep(const rocksdb::MemTableRep::KeyComparator& /*order*/,
                                          rocksdb::Allocator* allocator,
                                          const rocksdb::SliceTransform* /*prefix*/,
                                          rocksdb::Logger* /*log*/) override {
    return new VersionTable(allocator, suffix_bytes_);
  }
  [[nodiscard]] const char* Name() const override { return name_.c_str(); }
  [[nodiscard]] bool CanHandleDuplicatedKey() const override { return true; }

 private:
  std::size_t suffix_bytes_;
  std::string name_;
};

}  // namespace

std::shared_ptr<rocksdb::MemTableRepFactory> version_table_factory(std::size_t suffix_bytes) {
  return std::make_shared<VersionTableFactory>(suffix_bytes);
}

}  // namespace buri::storage
