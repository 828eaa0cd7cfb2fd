#pragma once

#include "node/consensus/modules/clerk/keeper.hpp"

/// Which records Bor sees up to a moment. Every node must give the same answer, because Bor's
/// blocks depend on it (spec/heimdall.md 5.4).

namespace buri::consensus::modules::clerk {

/// A part of the records that are visible before `to_time`.
struct VisibleRange {
  std::uint64_t from_id = 1;
  codec::Timestamp to_time{};
  std::uint64_t offset = 0;  ///< visible records to leave out first
  std::uint64_t limit = 0;
};

/// Before Zurich: ids from `from_id` on, up to the first record that is not older than `to_time`.
/// From Zurich: those whose visibility height is not above the last height before `to_time`, and
/// nothing until a block after `to_time` is there; what is not visible is passed over.
runtime::Outcome<std::vector<EventRecord>> visible_records(const runtime::Context& context,
                                                           const VisibleRange& range);

}  // namespace buri::consensus::modules::clerk
