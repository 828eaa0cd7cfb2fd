#pragma once

#include "node/consensus/modules/bor/types.hpp"

/// The messages of module bor.

namespace buri::consensus::modules::bor {

/// Proposes the next span; before Rio only.
struct MsgProposeSpan {
  std::uint64_t span_id = 0;
  std::string proposer{};
  std::uint64_t start_block = 0;
  std::uint64_t end_block = 0;
  std::string chain_id{};
  Bytes seed{};               ///< hash of a Bor block, 32 bytes
  std::string seed_author{};  ///< who sealed it

  static constexpr std::string_view kName = "heimdallv2.bor.MsgProposeSpan";
  static constexpr std::string_view kAminoName = "heimdallv2/bor/MsgProposeSpan";
  static constexpr auto fields() {
    using M = MsgProposeSpan;
    return fields_of(Field{1, "span_id", &M::span_id}, Field{2, "proposer", &M::proposer},
                     Field{3, "start_block", &M::start_block}, Field{4, "end_block", &M::end_block},
                     Field{5, "chain_id", &M::chain_id}, Field{6, "seed", &M::seed},
                     Field{7, "seed_author", &M::seed_author});
  }
};
struct MsgProposeSpanResponse {
  static constexpr std::string_view kName = "heimdallv2.bor.MsgProposeSpanResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct MsgUpdateParams {
  std::string authority{};
  Params params{};

  static constexpr std::string_view kName = "heimdallv2.bor.MsgUpdateParams";
  static constexpr std::string_view kAminoName = "heimdallv2/bor/MsgUpdateParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "authority", &MsgUpdateParams::authority},
                     Field{2, "params", &MsgUpdateParams::params, Amino::kKeepEmpty});
  }
};
struct MsgUpdateParamsResponse {
  static constexpr std::string_view kName = "heimdallv2.bor.MsgUpdateParamsResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

/// Asks for the spans that Bor went through while Heimdall made none.
struct MsgBackfillSpans {
  std::string proposer{};
  std::string chain_id{};
  std::uint64_t latest_span_id = 0;      ///< the last that Bor took from Heimdall
  std::uint64_t latest_bor_span_id = 0;  ///< the one Bor is in

  static constexpr std::string_view kName = "heimdallv2.bor.MsgBackfillSpans";
  static constexpr std::string_view kAminoName = "heimdallv2/bor/MsgBackfillSpans";
  static constexpr auto fields() {
    using M = MsgBackfillSpans;
    return fields_of(Field{1, "proposer", &M::proposer}, Field{2, "chain_id", &M::chain_id},
                     Field{3, "latest_span_id", &M::latest_span_id},
                     Field{4, "latest_bor_span_id", &M::latest_bor_span_id});
  }
};
struct MsgBackfillSpansResponse {
  static constexpr std::string_view kName = "heimdallv2.bor.MsgBackfillSpansResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

/// A validator's votes for producers; takes the place of its earlier ones.
struct MsgVoteProducers {
  std::string voter{};
  std::uint64_t voter_id = 0;
  ProducerVotes votes{};

  static constexpr std::string_view kName = "heimdallv2.bor.MsgVoteProducers";
  static constexpr std::string_view kAminoName = "heimdallv2/bor/MsgVoteProducers";
  static constexpr auto fields() {
    using M = MsgVoteProducers;
    return fields_of(Field{1, "voter", &M::voter}, Field{2, "voter_id", &M::voter_id},
                     Field{3, "votes", &M::votes, Amino::kKeepEmpty});
  }
};
struct MsgVoteProducersResponse {
  static constexpr std::string_view kName = "heimdallv2.bor.MsgVoteProducersResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

/// Announces that a producer will be down.
struct MsgSetProducerDowntime {
  std::string producer{};
  BlockRange downtime_range{};
  std::uint64_t target_producer_id = 0;  ///< who shall take over; 0: the next in turn

  static constexpr std::string_view kName = "heimdallv2.bor.MsgSetProducerDowntime";
  static constexpr std::string_view kAminoName = "heimdallv2/bor/MsgSetProducerDowntime";
  static constexpr auto fields() {
    using M = MsgSetProducerDowntime;
    return fields_of(Field{1, "producer", &M::producer},
                     Field{2, "downtime_range", &M::downtime_range, Amino::kKeepEmpty},
                     Field{3, "target_producer_id", &M::target_producer_id});
  }
};
struct MsgSetProducerDowntimeResponse {
  static constexpr std::string_view kName = "heimdallv2.bor.MsgSetProducerDowntimeResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

}  // namespace buri::consensus::modules::bor
