#include "accel/engine/item_counts.hpp"

namespace buri::accel::engine {

std::uint64_t ItemCounts::next_id() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

void ItemCounts::find_own_cells() {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<Cells>& cells = all_[std::this_thread::get_id()];
  if (!cells) cells = std::make_unique<Cells>(size_);
  own_ = {id_, cells->data()};
}

std::uint64_t ItemCounts::sum(std::size_t index) const {
  const std::lock_guard lock(mutex_);
  std::uint64_t total = 0;
  for (const auto& [thread, cells] : all_) {
    total += (*cells)[index].load(std::memory_order_relaxed);
  }
  return total;
}

}  // namespace buri::accel::engine
