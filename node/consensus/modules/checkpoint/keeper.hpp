#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/consensus/modules/checkpoint/ack_count.hpp"
#include "node/consensus/modules/checkpoint/error.hpp"
#include "node/consensus/modules/checkpoint/types.hpp"
#include "node/consensus/runtime/pagination.hpp"

/// Acknowledged checkpoints, the one that waits in the buffer, and what was signed. Every function
/// makes exactly the stock daemon's metered accesses, in its order.

namespace buri::consensus::modules::checkpoint {

/// The newest acknowledged checkpoint. A store whose genesis counted checkpoints without giving
/// them has none although the count is not zero.
struct LastCheckpoint {
  std::uint64_t ack_count = 0;
  std::optional<Checkpoint> checkpoint{};

  /// The first checkpoint is still to come.
  [[nodiscard]] bool is_none() const { return ack_count == 0; }
};

/// Stateless.
class Keeper {
 public:
  /// One read. Errors: code 1 if none were ever written.
  [[nodiscard]] runtime::Outcome<Params> params(const runtime::Context& context) const;
  Status<runtime::Error> set_params(const runtime::Context& context, const Params& params) const;

  [[nodiscard]] runtime::Outcome<std::optional<Checkpoint>> by_number(
      const runtime::Context& context, std::uint64_t number) const;
  [[nodiscard]] runtime::Outcome<LastCheckpoint> last(const runtime::Context& context) const;
  /// Walks the acknowledged checkpoints, ascending by number.
  Status<runtime::Error> for_each(
      const runtime::Context& context,
      const std::function<Status<runtime::Error>(Checkpoint)>& visit) const;
  /// Appends one page of them.
  runtime::Outcome<runtime::PageResponse> page(const runtime::Context& context,
                                               const runtime::PageRequest& request,
                                               std::vector<Checkpoint>& checkpoints) const;
  /// Stores a checkpoint under its id. Errors: checkpoint 17 if there is one.
  Status<runtime::Error> add(const runtime::Context& context, Checkpoint checkpoint) const;

  [[nodiscard]] runtime::Outcome<bool> has_buffer(const runtime::Context& context) const;
  /// One question, then one read; an empty checkpoint if there is none.
  [[nodiscard]] runtime::Outcome<Checkpoint> buffer(const runtime::Context& context) const;
  /// A checkpoint without id gets the one after the last. Errors: checkpoint 4 or code 1 if that is
  /// not there.
  Status<runtime::Error> set_buffer(const runtime::Context& context, Checkpoint checkpoint) const;
  Status<runtime::Error> flush_buffer(const runtime::Context& context) const;

  Status<runtime::Error> set_ack_count(const runtime::Context& context, std::uint64_t count) const;
  Status<runtime::Error> increment_ack_count(const runtime::Context& context) const;
  /// Unix seconds of the last no-ack, 0 if there was none.
  [[nodiscard]] runtime::Outcome<std::uint64_t> last_no_ack(const runtime::Context& context) const;
  Status<runtime::Error> set_last_no_ack(const runtime::Context& context,
                                         std::uint64_t timestamp) const;

  /// The signatures over the last approved checkpoint, and its transaction's hash in hex without
  /// "0x". Errors: code 1 if they were never written.
  [[nodiscard]] runtime::Outcome<CheckpointSignatures> signatures(
      const runtime::Context& context) const;
  Status<runtime::Error> set_signatures(const runtime::Context& context,
                                        const CheckpointSignatures& signatures) const;
  [[nodiscard]] runtime::Outcome<std::string> signatures_tx_hash(
      const runtime::Context& context) const;
  Status<runtime::Error> set_signatures_tx_hash(const runtime::Context& context,
                                                std::string_view tx_hash) const;

  /// From Lugano on a checkpoint's window must have a length that the parameters allow; reads them.
  /// `tx_height` is that of the block with the transaction. Errors: checkpoint 18, 14 without
  /// parameters.
  Status<runtime::Error> check_window(const runtime::Context& context, std::int64_t tx_height,
                                      std::uint64_t start, std::uint64_t end) const;
};

/// Whether a buffer or a stored checkpoint holds nothing at all.
inline bool is_empty(const Checkpoint& checkpoint) { return checkpoint == Checkpoint{}; }

/// A checkpoint must begin where the last one ended, the first one at 0. Errors: checkpoint 7, 8.
Status<runtime::Error> check_continuity(const LastCheckpoint& last, std::uint64_t start);
/// A whole number of average lengths, or exactly the maximum. Errors: checkpoint 18.
Status<runtime::Error> check_length(const Params& params, std::uint64_t start, std::uint64_t end);
/// The error is a plain one.
Status<runtime::Error> validate(const Params& params);

}  // namespace buri::consensus::modules::checkpoint
