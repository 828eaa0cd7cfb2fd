#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "node/consensus/modules/milestone/types.hpp"
#include "node/consensus/runtime/context.hpp"

/// Milestones by number from 1 on, and the clocks that say when span producers are changed. Every
/// function makes exactly the stock daemon's metered accesses, in its order.

namespace buri::consensus::modules::milestone {

inline constexpr std::string_view kCodespace = "milestone";

/// The Bor head that a third of the power last agreed on while no milestone came: kept from Ithaca
/// on. All zero before the first.
struct PendingHead {
  std::uint64_t block_number = 0;
  Bytes hash{};
  std::uint64_t since_height = 0;  ///< the Heimdall height its age counts from; may lie ahead

  friend bool operator==(const PendingHead&, const PendingHead&) = default;
};

/// Stateless.
class Keeper {
 public:
  /// One read. Errors: code 1 if none were ever written.
  [[nodiscard]] runtime::Outcome<Params> params(const runtime::Context& context) const;
  /// Errors: code 1 for values that `validate` refuses.
  Status<runtime::Error> set_params(const runtime::Context& context, const Params& params) const;

  /// How many milestones there are, which is the number of the last.
  [[nodiscard]] runtime::Outcome<std::uint64_t> count(const runtime::Context& context) const;
  [[nodiscard]] runtime::Outcome<std::optional<Milestone>> by_number(
      const runtime::Context& context, std::uint64_t number) const;
  /// Errors: milestone 3 if there is none, code 1 if the counted one is not there.
  [[nodiscard]] runtime::Outcome<Milestone> last(const runtime::Context& context) const;
  /// The same, but nothing if there is none; asks for the count twice.
  [[nodiscard]] runtime::Outcome<std::optional<Milestone>> last_if_any(
      const runtime::Context& context) const;
  /// Walks the milestones, ascending by number.
  Status<runtime::Error> for_each(
      const runtime::Context& context,
      const std::function<Status<runtime::Error>(const Milestone&)>& visit) const;
  /// Lets add() begin with number 1 again, for a genesis whose list is not in order.
  Status<runtime::Error> restart_numbers(const runtime::Context& context) const;
  /// Stores it under the next number, with its proposer in canonical form, and emits its event.
  Status<runtime::Error> add(const runtime::Context& context, Milestone milestone) const;
  /// Deletes the one milestone of mainnet that was added in error, if it stands as known, at the
  /// height of that fork; at others it does nothing. The height of the last milestone then becomes
  /// the end block of the one before, as on the network.
  Status<runtime::Error> delete_faulty(const runtime::Context& context) const;

  /// The Heimdall height that the wait for a milestone counts from; 0 before the first.
  [[nodiscard]] runtime::Outcome<std::uint64_t> last_height(const runtime::Context& context) const;
  Status<runtime::Error> set_last_height(const runtime::Context& context,
                                         std::uint64_t height) const;
  [[nodiscard]] runtime::Outcome<PendingHead> pending_head(const runtime::Context& context) const;
  Status<runtime::Error> set_pending_head(const runtime::Context& context,
                                          const PendingHead& head) const;
};

/// Lengths from 1 to what one call to Bor may ask for; a jump shorter than its threshold and a
/// divisor of it. The error is a plain one.
Status<runtime::Error> validate(const Params& params);

}  // namespace buri::consensus::modules::milestone
