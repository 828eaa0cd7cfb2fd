#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "node/consensus/host/observer.hpp"
#include "node/consensus/metrics/stock_names.hpp"

/// Rounds, steps and votes of consensus as figures.

namespace buri::consensus::metrics {

/// Called on the host's loop; what it writes may be read by any thread. `registry` and `clock` must
/// outlive it.
class RoundMetrics final : public host::Observer {
 public:
  RoundMetrics(Metrics& registry, const StockNames& names, const Clock& clock);

  void step_entered(const engine::StepEntered& step, const engine::RoundState& state) override;
  void noted(const engine::Noted& note, const engine::RoundState& state) override;
  void signed_own(const host::OwnSignature& outcome) override;

 private:
  /// A step and the round it is of.
  struct Place {
    std::int64_t height = 0;
    std::int32_t round = 0;
    std::string step;  ///< "Propose"
    friend bool operator==(const Place&, const Place&) = default;
  };

  void enter(Place place);
  void begin_round(const engine::Noted& note);
  void end_round();
  void count_vote(const engine::Vote& vote, const engine::RoundState& state);
  void measure_decision(const engine::RoundState& state);
  void measure_precommits(const engine::Noted& note, const engine::RoundState& state);
  void take_intake(const engine::IntakeCounts& now);

  StockInstruments make_;
  const Clock* clock_;
  Gauge& height_;
  Gauge& rounds_;
  Histogram& round_seconds_;
  Gauge& prevote_power_;
  Gauge& precommit_power_;
  Counter& late_prevotes_;
  Counter& late_precommits_;
  Counter& duplicate_votes_;
  Counter& parts_of_block_;
  Counter& other_parts_;
  Counter& duplicate_parts_;
  Gauge& precommits_counted_;
  Gauge& precommits_share_;
  Counter& refused_signatures_;
  Metrics* registry_;
  std::optional<Place> place_;
  MonotonicTime step_began_;
  std::optional<MonotonicTime> round_began_;
  engine::IntakeCounts intake_;
};

}  // namespace buri::consensus::metrics
