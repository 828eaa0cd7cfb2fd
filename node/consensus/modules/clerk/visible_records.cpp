#include "node/consensus/modules/clerk/visible_records.hpp"

namespace buri::consensus::modules::clerk {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Outcome;

/// Records looked at in one answer from Zurich on: the largest offset and the largest limit.
constexpr std::uint64_t kMaxScanned = 10'000 + 50;

/// Takes records out of a walk according to offset and limit.
class Page {
 public:
  explicit Page(const VisibleRange& range) : range_(&range) {}

  /// False once the record finds no room.
  bool take(EventRecord record) {
    if (skipped_ < range_->offset) {
      ++skipped_;
      return true;
    }
    if (records_.size() == range_->limit) return false;
    records_.push_back(std::move(record));
    return true;
  }
  [[nodiscard]] std::vector<EventRecord> records() && { return std::move(records_); }

 private:
  const VisibleRange* range_;
  std::uint64_t skipped_ = 0;
  std::vector<EventRecord> records_;
};

Outcome<std::vector<EventRecord>> by_time(const Context& context, const VisibleRange& range) {
  Page page(range);
  RETURN_IF_ERROR(
      Keeper().for_each_record(context, range.from_id, [&](EventRecord record) -> Outcome<bool> {
        return record.record_time < range.to_time && page.take(std::move(record));
      }));
  return std::move(page).records();
}

Outcome<bool> is_visible(const Context& context, const EventRecord& record, std::uint64_t height) {
  const Keeper keeper;
  ASSIGN_OR_RETURN(const auto visible_from, keeper.visibility_height(context, record.id));
  if (visible_from) return *visible_from <= height;
  ASSIGN_OR_RETURN(const bool is_pending, keeper.is_pending(context, record.id));
  return !is_pending;
}

Outcome<std::vector<EventRecord>> by_height(const Context& context, const VisibleRange& range,
                                            std::uint64_t height) {
  Page page(range);
  std::uint64_t scanned = 0;
  RETURN_IF_ERROR(
      Keeper().for_each_record(context, range.from_id, [&](EventRecord record) -> Outcome<bool> {
        if (scanned++ == kMaxScanned) return false;
        ASSIGN_OR_RETURN(const bool visible, is_visible(context, record, height));
        if (!visible || record.record_time >= range.to_time) return true;
        return page.take(std::move(record));
      }));
  return std::move(page).records();
}

}  // namespace

Outcome<std::vector<EventRecord>> visible_records(const Context& context,
                                                  const VisibleRange& range) {
  if (!context.forks().is_zurich(context.height())) return by_time(context, range);
  const Keeper keeper;
  const auto cutoff = static_cast<std::uint64_t>(range.to_time.seconds);
  ASSIGN_OR_RETURN(const auto newest, keeper.newest_block_time(context));
  if (!newest) return by_time(context, range);
  if (newest->block_time <= cutoff) return std::vector<EventRecord>{};
  ASSIGN_OR_RETURN(const auto last_before, keeper.newest_block_time(context, cutoff));
  if (!last_before) return by_time(context, range);
  return by_height(context, range, last_before->height);
}

}  // namespace buri::consensus::modules::clerk
