#pragma once

#include <string_view>

#include "node/consensus/modules/bor/keeper.hpp"

/// Producers from Rio on: validators elect some, and each span has one of them (spec/heimdall.md
/// 5.3, "Rio selection").

namespace buri::consensus::modules::bor {

/// The elected producers by validator id, the best first, at most as many as the height allows;
/// empty if nobody has enough votes. A vote counts more the earlier it names a producer. Reads the
/// current set, walks the votes and, before Zurich, looks up each voter on the way.
runtime::Outcome<std::vector<std::uint64_t>> elected_producers(const runtime::Context& context);

/// Who produces on a network whose votes elect nobody.
std::vector<std::uint64_t> fallback_producers(std::string_view heimdall_chain_id);

/// The elected ones, or all fallback producers of the chain.
runtime::Outcome<std::vector<std::uint64_t>> producer_candidates(const runtime::Context& context);

/// Who produces Bor's blocks or may come to: the producers of the last span, the candidates and, as
/// heimdalld has it, the chain's fallback producers in any case (0xPolygon/heimdall-v2 v0.10.0,
/// app/bor_failover_guard.go). Errors: code 1 if there is no span.
runtime::Outcome<Producers> likely_producers(const runtime::Context& context);

/// What is known when a span with a new producer is due.
struct SpanPlan {
  std::uint64_t current_producer = 0;
  BlockRange blocks;
  std::string bor_chain_id;
  Producers active;                   ///< who may produce as long as one of them is elected
  Producers excluded{};               ///< who may not in any case
  std::uint64_t target_producer = 0;  ///< who shall if possible; 0: nobody in particular
  bool may_fall_back = false;         ///< take a supporter or any validator rather than nobody
};

/// The candidate after the current producer, in turn, who is not down in the span's blocks; the
/// first one if all are down. Errors: code 1 if there is no candidate.
runtime::Outcome<std::uint64_t> next_producer(const runtime::Context& context,
                                              const SpanPlan& plan);

/// Adds the span after the last one, with that producer's record and the current set, and notes the
/// height. Checks everything before it writes. Errors: code 1 if there is no candidate or, from
/// Ithaca, if the chosen one's record has no power.
Status<runtime::Error> add_producer_span(const runtime::Context& context, const SpanPlan& plan);

}  // namespace buri::consensus::modules::bor
