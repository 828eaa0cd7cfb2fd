#include "node/consensus/iavl/shelf_cache.hpp"

#include <algorithm>

namespace buri::consensus::iavl {
namespace {

bool is_below(ByteView a, ByteView b) {
  const std::size_t common = std::min(a.size(), b.size());
  const int order = common == 0 ? 0 : std::memcmp(a.data(), b.data(), common);
  return order != 0 ? order < 0 : a.size() < b.size();
}

}  // namespace

std::size_t Shelf::lower_bound(ByteView key) const {
  std::size_t begin = 0;
  std::size_t end = size();
  while (begin < end) {
    const std::size_t middle = (begin + end) / 2;
    if (is_below(this->key(middle), key)) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

void Shelf::append(ByteView key, ByteView value) {
  Row row{.key = static_cast<std::uint32_t>(text_.size())};
  buri::append(text_, key);
  row.value = static_cast<std::uint32_t>(text_.size());
  buri::append(text_, value);
  row.end = static_cast<std::uint32_t>(text_.size());
  rows_.push_back(row);
}

std::shared_ptr<const Shelf> Shelf::with(store::KeyWrites::const_iterator begin,
                                         store::KeyWrites::const_iterator end) const {
  auto changed = std::make_shared<Shelf>();
  // Most writes replace values by others of their length.
  changed->text_.reserve(bytes() + bytes() / 8);
  changed->rows_.reserve(size() + size() / 8);
  std::size_t row = 0;
  for (auto write = begin; write != end; ++write) {
    const auto& [key, value] = *write;
    for (; row < size() && is_below(this->key(row), key); ++row) {
      changed->append(this->key(row), this->value(row));
    }
    if (row < size() && equal(this->key(row), key)) ++row;
    if (value) changed->append(key, *value);
  }
  for (; row < size(); ++row) changed->append(key(row), value(row));
  return changed;
}

void ShelfCache::set_height(std::int64_t height) {
  const std::lock_guard lock(mutex_);
  height_ = height;
}

void ShelfCache::clear() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
  held_ = 0;
}

std::optional<std::uint8_t> ShelfCache::number_of(const store::KeyRange& range) {
  if (range.begin.empty() || !range.end || range.end->empty()) return std::nullopt;
  const std::uint8_t number = range.begin.front();
  const std::uint8_t last = range.end->front();
  const bool ends_behind = range.end->size() == 1 && last == number + 1;
  return last == number || ends_behind ? std::optional(number) : std::nullopt;
}

ShelfCache::Answer ShelfCache::find(std::uint32_t store, std::uint8_t number, std::int64_t height) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find({store, number});
  if (found == entries_.end()) return {nullptr, height == height_ && held_ < kMaxShelves};
  return {found->second.changed <= height ? found->second.shelf : nullptr, false};
}

void ShelfCache::add(std::uint32_t store, std::uint8_t number, std::int64_t height,
                     std::shared_ptr<const Shelf> shelf) {
  const std::lock_guard lock(mutex_);
  if (height != height_ || held_ >= kMaxShelves) return;
  if (shelf != nullptr && !fits(*shelf)) shelf = nullptr;
  const bool is_held = shelf != nullptr;
  const bool is_new =
      entries_.emplace(std::pair(store, number), Entry{std::move(shelf), height}).second;
  if (is_new && is_held) ++held_;
}

void ShelfCache::update(std::uint32_t store, const store::KeyWrites& writes, std::int64_t height) {
  const std::lock_guard lock(mutex_);
  auto begin = writes.begin();
  while (begin != writes.end()) {
    if (begin->first.empty()) {
      ++begin;
      continue;
    }
    const std::uint8_t number = begin->first.front();
    const auto end = std::find_if(
        begin, writes.end(), [number](const auto& write) { return write.first.front() != number; });
    const auto found = entries_.find({store, number});
    if (found != entries_.end() && found->second.shelf != nullptr) {
      Entry& entry = found->second;
      entry.shelf = entry.shelf->with(begin, end);
      entry.changed = height;
      if (!fits(*entry.shelf)) {
        entry.shelf = nullptr;
        --held_;
      }
    }
    begin = end;
  }
}

ShelfIterator::ShelfIterator(std::shared_ptr<const Shelf> shelf, const store::KeyRange& range,
                             store::Direction direction)
    : shelf_(std::move(shelf)),
      is_ascending_(direction == store::Direction::kAscending),
      begin_(shelf_->lower_bound(range.begin)),
      end_(range.end ? shelf_->lower_bound(*range.end) : shelf_->size()) {}

}  // namespace buri::consensus::iavl
