#include "tests/support/storage/simulated_disk.hpp"

#include <algorithm>

namespace buri::testing {
namespace {

using Records = std::map<Bytes, Bytes>;

storage::StorageError crash_error() {
  return {storage::StorageError::Kind::kIo, "the simulated disk has crashed"};
}

Bytes copy(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

/// Shares the records of a family. The disk's mutex is held while it is made and while it lets go
/// of them, so that a write that counts the sharers knows that a reader it does not count has
/// ended.
class SimulatedIterator final : public storage::Iterator {
 public:
  SimulatedIterator(std::shared_ptr<const Records> records, std::mutex& disk_mutex)
      : disk_mutex_(disk_mutex), records_(std::move(records)), at_(records_->end()) {}
  ~SimulatedIterator() override {
    const std::lock_guard lock(disk_mutex_);
    records_.reset();
  }
  SimulatedIterator(const SimulatedIterator&) = delete;
  SimulatedIterator& operator=(const SimulatedIterator&) = delete;

  void seek(ByteView key) override { at_ = records_->lower_bound(copy(key)); }
  void seek_for_previous(ByteView key) override {
    at_ = records_->upper_bound(copy(key));
    previous();
  }
  [[nodiscard]] bool valid() const override { return at_ != records_->end(); }
  void next() override { ++at_; }
  void previous() override { at_ = at_ == records_->begin() ? records_->end() : std::prev(at_); }
  [[nodiscard]] ByteView key() const override { return at_->first; }
  [[nodiscard]] ByteView value() const override { return at_->second; }
  [[nodiscard]] Status<storage::StorageError> status() const override { return Unit{}; }

 private:
  std::mutex& disk_mutex_;
  std::shared_ptr<const Records> records_;
  Records::const_iterator at_;
};

}  // namespace

class SimulatedDatabase final : public storage::Database {
 public:
  SimulatedDatabase(SimulatedDisk& disk, std::vector<std::string> names)
      : disk_(disk), names_(std::move(names)) {}

  [[nodiscard]] std::optional<storage::Family> family(std::string_view name) const override {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) return std::nullopt;
    return storage::Family{static_cast<std::uint32_t>(found - names_.begin())};
  }

  Result<bool, storage::StorageError> get(storage::Family family, ByteView key,
                                          Bytes& value) const override {
    const std::lock_guard lock(disk_.mutex_);
    if (disk_.crashed_) return Failure{crash_error()};
    const Records* records = disk_.visible_.at(names_[family.index]).get();
    const auto found = records->find(copy(key));
    if (found == records->end()) return false;
    value = found->second;
    return true;
  }

  Result<bool, storage::StorageError> get_within_prefix(storage::Family family, ByteView key,
                                                        std::size_t prefix_bytes, Bytes& found_key,
                                                        Bytes& value) const override {
    const std::lock_guard lock(disk_.mutex_);
    if (disk_.crashed_) return Failure{crash_error()};
    const Records* records = disk_.visible_.at(names_[family.index]).get();
    const auto found = records->lower_bound(copy(key));
    if (found == records->end() || found->first.size() < prefix_bytes ||
        !equal(ByteView(found->first).first(prefix_bytes), key.first(prefix_bytes))) {
      return false;
    }
    found_key = found->first;
    value = found->second;
    return true;
  }

  [[nodiscard]] std::unique_ptr<storage::Iterator> iterate(storage::Family family) const override {
    const std::lock_guard lock(disk_.mutex_);
    auto records = disk_.crashed_ ? std::make_shared<const Records>()
                                  : disk_.visible_.at(names_[family.index]);
    return std::make_unique<SimulatedIterator>(std::move(records), disk_.mutex_);
  }

  Status<storage::StorageError> write(const storage::Batch& batch,
                                      storage::Durability durability) override {
    return disk_.write({batch, names_}, durability);
  }
  Status<storage::StorageError> write_sorted(const storage::Batch& batch) override {
    return disk_.write_sorted({batch, names_});
  }
  Status<storage::StorageError> copy_to(const std::string& /*folder*/) override {
    return Failure{storage::StorageError{storage::StorageError::Kind::kIo,
                                         "the simulated disk has no folders"}};
  }
  [[nodiscard]] storage::MemoryUse memory_use() const override { return {}; }

 private:
  SimulatedDisk& disk_;
  std::vector<std::string> names_;
};

std::unique_ptr<storage::Database> SimulatedDisk::open(
    std::span<const storage::FamilySpec> families) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const storage::FamilySpec& spec : families) {
    names.emplace_back(spec.name);
    for (auto* records : {&durable_[names.back()], &visible_[names.back()]}) {
      if (*records == nullptr) *records = std::make_shared<Records>();
    }
  }
  return std::make_unique<SimulatedDatabase>(*this, std::move(names));
}

void SimulatedDisk::crash_after(std::size_t points_ahead) {
  const std::lock_guard lock(mutex_);
  points_left_ = points_ahead;
}

bool SimulatedDisk::crashed() const {
  const std::lock_guard lock(mutex_);
  return crashed_;
}

std::size_t SimulatedDisk::points_passed() const {
  const std::lock_guard lock(mutex_);
  return points_passed_;
}

void SimulatedDisk::restart(Random& random) {
  const std::lock_guard lock(mutex_);
  const std::size_t survivors = random.below(log_.size() + 1);
  for (std::size_t i = 0; i < survivors; ++i) apply(log_[i], durable_);
  log_.clear();
  visible_.clear();
  for (const auto& [name, records] : durable_) visible_[name] = std::make_shared<Records>(*records);
  crashed_ = false;
  points_left_.reset();
}

std::map<std::string, std::map<Bytes, Bytes>> SimulatedDisk::content() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, Records> result;
  for (const auto& [name, records] : visible_) result[name] = *records;
  return result;
}

void SimulatedDisk::apply(const LoggedBatch& logged,
                          std::map<std::string, std::shared_ptr<Records>>& target) {
  logged.batch.for_each([&](const storage::Batch::Write& write) {
    auto& records = target[logged.family_names[write.family.index]];
    // Iterators keep what they see; who shares the records is exact under the mutex.
    if (records.use_count() > 1) records = std::make_shared<Records>(*records);
    switch (write.kind) {
      case storage::Batch::Kind::kPut:
        (*records)[copy(write.key)] = copy(write.value);
        break;
      case storage::Batch::Kind::kRemove:
        records->erase(copy(write.key));
        break;
      case storage::Batch::Kind::kRemoveRange:
        records->erase(records->lower_bound(copy(write.key)),
                       records->lower_bound(copy(write.value)));
        break;
    }
  });
}

bool SimulatedDisk::crash_point() {
  if (crashed_) return true;
  ++points_passed_;
  if (!points_left_) return false;
  if (*points_left_ == 0) {
    crashed_ = true;
    return true;
  }
  --*points_left_;
  return false;
}

Status<storage::StorageError> SimulatedDisk::write(LoggedBatch logged,
                                                   storage::Durability durability) {
  const std::lock_guard lock(mutex_);
  if (crash_point()) return Failure{crash_error()};
  apply(logged, visible_);
  log_.push_back(std::move(logged));
  if (crash_point()) return Failure{crash_error()};
  if (durability == storage::Durability::kOrdered) return Unit{};
  for (const LoggedBatch& batch : log_) apply(batch, durable_);
  log_.clear();
  if (crash_point()) return Failure{crash_error()};
  return Unit{};
}

Status<storage::StorageError> SimulatedDisk::write_sorted(const LoggedBatch& sorted) {
  std::map<std::uint32_t, Bytes> last_keys;
  sorted.batch.for_each([&](const storage::Batch::Write& write) {
    CHECK(write.kind != storage::Batch::Kind::kRemoveRange, "a sorted batch has no ranges");
    const auto [last, is_first] = last_keys.try_emplace(write.family.index, copy(write.key));
    if (is_first) return;
    CHECK(last->second < copy(write.key), "the keys of a sorted batch ascend");
    last->second = copy(write.key);
  });
  const std::lock_guard lock(mutex_);
  if (crash_point()) return Failure{crash_error()};
  CHECK(log_.empty(), "which writes a sorted one overtakes is not simulated");
  apply(sorted, visible_);
  apply(sorted, durable_);
  if (crash_point()) return Failure{crash_error()};
  return Unit{};
}

}  // namespace buri::testing
