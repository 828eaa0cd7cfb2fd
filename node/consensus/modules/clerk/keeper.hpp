#pragma once

#include <functional>
#include <optional>
#include <string>

#include "node/consensus/modules/clerk/types.hpp"
#include "node/consensus/runtime/context.hpp"

/// Event records and from which height Bor may see them. Every function makes exactly the stock
/// daemon's metered accesses, in its order.

namespace buri::consensus::modules::clerk {

inline constexpr std::string_view kCodespace = "clerk";

/// Stateless.
class Keeper {
 public:
  [[nodiscard]] runtime::Outcome<bool> has_record(const runtime::Context& context,
                                                  std::uint64_t id) const;
  [[nodiscard]] runtime::Outcome<std::optional<EventRecord>> record(const runtime::Context& context,
                                                                    std::uint64_t id) const;
  /// Stores a record under its id and under its time. Errors: code 1 if one of the two is taken.
  Status<runtime::Error> add_record(const runtime::Context& context,
                                    const EventRecord& record) const;

  [[nodiscard]] runtime::Outcome<bool> has_sequence(const runtime::Context& context,
                                                    std::string_view sequence) const;
  Status<runtime::Error> add_sequence(const runtime::Context& context,
                                      std::string_view sequence) const;

  /// The record waits for the next block, which makes it visible.
  Status<runtime::Error> add_pending(const runtime::Context& context, std::uint64_t id) const;
  [[nodiscard]] runtime::Outcome<bool> is_pending(const runtime::Context& context,
                                                  std::uint64_t id) const;
  /// Nothing for a record older than Zurich.
  [[nodiscard]] runtime::Outcome<std::optional<std::uint64_t>> visibility_height(
      const runtime::Context& context, std::uint64_t id) const;
  Status<runtime::Error> set_visibility_height(const runtime::Context& context, std::uint64_t id,
                                               std::uint64_t height) const;
  Status<runtime::Error> add_block_time(const runtime::Context& context,
                                        const BlockTimeEntry& entry) const;
  /// The newest entry whose time is not after `time`; without `time` the newest of all.
  [[nodiscard]] runtime::Outcome<std::optional<BlockTimeEntry>> newest_block_time(
      const runtime::Context& context, std::optional<std::uint64_t> time = std::nullopt) const;

  /// The start of every block from Zurich on, before anything else is applied: what was pending
  /// becomes visible from this height, and the block's time is indexed.
  Status<runtime::Error> advance_visibility(const runtime::Context& context) const;

  /// Walks everything of one kind, ascending; `visit` sees the part of the key behind the prefix
  /// and the value.
  enum class Kind : std::uint8_t {
    kRecord = 0x00,
    kSequence = 0x02,
    kPending = 0x04,
    kBlockTime = 0x05,
    kVisibility = 0x06,
  };
  using Visitor = std::function<Status<runtime::Error>(ByteView key, ByteView value)>;
  Status<runtime::Error> for_each(const runtime::Context& context, Kind kind,
                                  const Visitor& visit) const;
};

}  // namespace buri::consensus::modules::clerk
