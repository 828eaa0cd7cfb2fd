#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"

/// From which height each rule change of the Heimdall chain holds. The heights are data, one row
/// per fork and one column per network; a private chain brings its own in a JSON object. Source:
/// spec/heimdall.md 4.7, spec/heimdall-after-ithaca.md 1.

namespace buri::protocol {

/// The forks in order of their mainnet activation.
enum class HeimdallFork : std::uint8_t {
  kInitial,               ///< the chain's first height
  kDisableVpCheck,        ///< a total power that overflows is tolerated until kTallyFix
  kDisableValSetCheck,    ///< unknown validators are tolerated until kTallyFix
  kMilestoneDeletion,     ///< one height only: a faulty milestone is deleted
  kTallyFix,              ///< the penultimate validator set judges votes
  kRio,                   ///< counted in Bor blocks: span producers
  kProducerDowntime,      ///< four producers, longer thresholds
  kPhuket,                ///< hardened vote extensions
  kFeeWithdrawGate,       ///< only current validators withdraw fees
  kZurich,                ///< visibility heights, caps before execution
  kIthaca,                ///< the Bor head in propositions, power guards
  kKyoto,                 ///< nesting limit, one fee coin
  kLugano,                ///< fixed-width hashes, checkpoint windows
  kCompactVoteExtension,  ///< shortened extensions; scheduled on devnets only
};
inline constexpr std::size_t kHeimdallForkCount = 14;

/// One row of the table: the name in a `--forks` file and the heights of the public networks;
/// nothing where the fork is not scheduled.
struct HeimdallForkRow {
  HeimdallFork fork;
  std::string_view name;
  std::optional<std::int64_t> mainnet;
  std::optional<std::int64_t> amoy;
};

/// Every fork, in enumerator order.
const std::array<HeimdallForkRow, kHeimdallForkCount>& heimdall_fork_rows();

/// The heights of one chain and the rules that follow from them. Immutable after its making; cheap
/// to copy. All heights are Heimdall heights unless the name says otherwise.
class HeimdallForks {
 public:
  /// No fork ever, initial height 0.
  HeimdallForks() { set(HeimdallFork::kInitial, 0); }
  /// The heights of "heimdallv2-137" and "heimdallv2-80002"; nothing for another chain.
  static std::optional<HeimdallForks> for_chain(std::string_view chain_id);
  /// Reads an object of fork name -> height; an absent name is never active, 0 from the first block
  /// on. Errors: an unknown name, or a value that is no height.
  static Result<HeimdallForks, JsonError> from_json(const JsonValue& object);

  HeimdallForks& set(HeimdallFork fork, std::optional<std::int64_t> height);
  /// The height of a fork, nothing if it never comes.
  [[nodiscard]] std::optional<std::int64_t> height_of(HeimdallFork fork) const;
  [[nodiscard]] bool is_active(HeimdallFork fork, std::int64_t height) const;

  [[nodiscard]] std::int64_t initial_height() const;
  /// Spans name producers in this Bor block.
  [[nodiscard]] bool is_rio(std::uint64_t bor_block_number) const;
  /// This block deletes the faulty milestone.
  [[nodiscard]] bool deletes_faulty_milestone(std::int64_t height) const;
  /// Votes in this block are judged by the penultimate set instead of the previous one.
  [[nodiscard]] bool uses_penultimate_set(std::int64_t height) const;
  /// The end block of this height starts keeping the penultimate set, one before it is used.
  [[nodiscard]] bool keeps_penultimate_set(std::int64_t height) const;
  /// A vote of an unknown validator fails the block instead of being skipped.
  [[nodiscard]] bool unknown_validator_is_fatal(std::int64_t height) const;
  /// A sum of powers that overflows fails the block.
  [[nodiscard]] bool power_overflow_is_fatal(std::int64_t height) const;

  [[nodiscard]] bool is_producer_downtime(std::int64_t height) const {
    return is_active(HeimdallFork::kProducerDowntime, height);
  }
  [[nodiscard]] bool is_phuket(std::int64_t height) const {
    return is_active(HeimdallFork::kPhuket, height);
  }
  [[nodiscard]] bool is_fee_withdraw_gate(std::int64_t height) const {
    return is_active(HeimdallFork::kFeeWithdrawGate, height);
  }
  [[nodiscard]] bool is_zurich(std::int64_t height) const {
    return is_active(HeimdallFork::kZurich, height);
  }
  [[nodiscard]] bool is_ithaca(std::int64_t height) const {
    return is_active(HeimdallFork::kIthaca, height);
  }
  [[nodiscard]] bool is_kyoto(std::int64_t height) const {
    return is_active(HeimdallFork::kKyoto, height);
  }
  [[nodiscard]] bool is_lugano(std::int64_t height) const {
    return is_active(HeimdallFork::kLugano, height);
  }
  /// Takes the height that the extension was made for.
  [[nodiscard]] bool is_compact_vote_extension(std::int64_t extension_height) const {
    return is_active(HeimdallFork::kCompactVoteExtension, extension_height);
  }

  // Rules of modules bor and milestone, each by the height of the block that executes unless its
  // argument says otherwise.

  /// How many span producers votes may elect.
  [[nodiscard]] std::uint64_t producer_limit(std::int64_t height) const {
    return is_producer_downtime(height) ? 4 : 3;
  }
  /// After more heights than this without a milestone the span's producer is changed.
  [[nodiscard]] std::int64_t rotation_threshold(std::int64_t height) const {
    return is_producer_downtime(height) ? 10 : 5;
  }
  /// How many heights a new producer gets before the wait counts again.
  [[nodiscard]] std::uint64_t rotation_buffer(std::int64_t height) const {
    return is_producer_downtime(height) ? 20 : 10;
  }
  /// Only members of the current set vote for producers, with the power they have in it.
  [[nodiscard]] bool counts_members_votes_only(std::int64_t height) const {
    return is_zurich(height);
  }
  /// A producer that goes down may name who takes over, and the span made for it has the usual
  /// length instead of one block more. The stock daemon compares with Zurich's height alone, so
  /// that a chain on which Zurich never comes has the rule from its first block.
  [[nodiscard]] bool is_downtime_target_open(std::int64_t height) const {
    return !height_of(HeimdallFork::kZurich) || is_zurich(height);
  }
  /// Producers need positive power: in the current set to be candidates, in their record to be
  /// installed.
  [[nodiscard]] bool requires_producer_power(std::int64_t height) const {
    return is_ithaca(height);
  }
  /// Where no candidate is left for a span after a milestone, its supporters and then the whole set
  /// are candidates.
  [[nodiscard]] bool falls_back_to_supporters(std::int64_t height) const {
    return is_ithaca(height);
  }
  /// The span after a milestone may fail to come; the milestone stays.
  [[nodiscard]] bool tolerates_missing_producer(std::int64_t height) const {
    return is_kyoto(height);
  }
  /// Announcing the same downtime again changes nothing.
  [[nodiscard]] bool ignores_repeated_downtime(std::int64_t height) const {
    return is_kyoto(height);
  }
  /// A proposition names the Bor head.
  [[nodiscard]] bool proposition_names_head(std::int64_t extension_height) const {
    return is_ithaca(extension_height);
  }
  /// A Bor head that a third agrees on and that stands still changes the producer.
  [[nodiscard]] bool watches_pending_head(std::int64_t height) const { return is_ithaca(height); }
  /// The parent that a majority must name is judged by the block that the milestone starts with,
  /// before by the first block that has a majority.
  [[nodiscard]] bool binds_parent_to_start(std::int64_t height) const { return is_ithaca(height); }
  /// Who named another parent does not support the milestone.
  [[nodiscard]] bool binds_supporters_to_parent(std::int64_t height) const {
    return is_kyoto(height);
  }

 private:
  std::array<std::optional<std::int64_t>, kHeimdallForkCount> heights_{};
};

}  // namespace buri::protocol
