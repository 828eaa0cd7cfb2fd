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

std::shared_ptr<const Shelf> Shelf::with(ByteView key, const std::optional<Bytes>& value) const {
  auto changed = std::make_shared<Shelf>();
  changed->text_.reserve(bytes() + key.size() + (value ? value->size() : 0));
  changed->rows_.reserve(size() + 1);
  const std::size_t at = lower_bound(key);
  for (std::size_t i = 0; i < at; ++i) changed->append(this->key(i), this->value(i));
  if (value) changed->append(key, *value);
  const bool is_replaced = at < size() && equal(this->key(at), key);
  for (std::size_t i = is_replaced ? at + 1 : at; i < size(); ++i) {
    changed->append(this->key(i), this->value(i));
  }
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

void ShelfCache::update(std::uint32_t store, ByteView key, std::int64_t height,
                        const std::optional<Bytes>& value) {
  if (key.empty()) return;
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find({store, key.front()});
  if (found == entries_.end() || found->second.shelf == nullptr) return;
  Entry& entry = found->second;
  entry.shelf = entry.shelf->with(key, value);
  entry.changed = height;
  if (fits(*entry.shelf)) return;
  entry.shelf = nullptr;
  --held_;
}

ShelfIterator::ShelfIterator(std::shared_ptr<const Shelf> shelf, const store::KeyRange& range,
                             store::Direction direction)
    : shelf_(std::move(shelf)),
      is_ascending_(direction == store::Direction::kAscending),
      begin_(shelf_->lower_bound(range.begin)),
      end_(range.end ? shelf_->lower_bound(*range.end) : shelf_->size()) {}

}  // namespace buri::consensus::iavl
