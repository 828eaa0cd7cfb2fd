#pragma once

#include "node/consensus/modules/stake/types.hpp"

/// Stored values, the genesis and the messages of module bor (heimdallv2.bor).

namespace buri::consensus::modules::bor {

using codec::Amino;
using codec::Field;

/// A range of Bor blocks and who seals them. Spans may overlap: the newest that contains a block
/// owns it.
struct Span {
  std::uint64_t id = 0;
  std::uint64_t start_block = 0;
  std::uint64_t end_block = 0;          ///< the last one in it
  stake::ValidatorSet validator_set{};  ///< the current set when the span was made
  std::vector<stake::Validator> selected_producers{};
  std::string bor_chain_id{};

  static constexpr std::string_view kName = "heimdallv2.bor.Span";
  static constexpr auto fields() {
    return fields_of(Field{1, "id", &Span::id}, Field{2, "start_block", &Span::start_block},
                     Field{3, "end_block", &Span::end_block},
                     Field{4, "validator_set", &Span::validator_set},
                     Field{5, "selected_producers", &Span::selected_producers},
                     Field{6, "bor_chain_id", &Span::bor_chain_id});
  }
  [[nodiscard]] bool contains(std::uint64_t block_number) const {
    return start_block <= block_number && block_number <= end_block;
  }
  friend bool operator==(const Span&, const Span&) = default;
};

struct Params {
  std::uint64_t sprint_duration = 0;  ///< blocks
  std::uint64_t span_duration = 0;    ///< blocks
  std::uint64_t producer_count = 0;   ///< how many are drawn for a span before Rio

  static constexpr std::string_view kName = "heimdallv2.bor.Params";
  static constexpr auto fields() {
    using enum Amino;
    return fields_of(Field{1, "sprint_duration", &Params::sprint_duration, kKeepEmpty},
                     Field{2, "span_duration", &Params::span_duration, kKeepEmpty},
                     Field{3, "producer_count", &Params::producer_count, kKeepEmpty});
  }
  friend bool operator==(const Params&, const Params&) = default;
};

/// Whom a validator wants as producers, the best first, by validator id.
struct ProducerVotes {
  std::vector<std::uint64_t> votes{};

  static constexpr std::string_view kName = "heimdallv2.bor.ProducerVotes";
  static constexpr auto fields() {
    return fields_of(Field{1, "votes", &ProducerVotes::votes, Amino::kKeepEmpty});
  }
  friend bool operator==(const ProducerVotes&, const ProducerVotes&) = default;
};

/// Bor blocks, both ends included.
struct BlockRange {
  std::uint64_t start_block = 0;
  std::uint64_t end_block = 0;

  static constexpr std::string_view kName = "heimdallv2.bor.BlockRange";
  static constexpr auto fields() {
    using enum Amino;
    return fields_of(Field{1, "start_block", &BlockRange::start_block, kKeepEmpty},
                     Field{2, "end_block", &BlockRange::end_block, kKeepEmpty});
  }
  [[nodiscard]] bool overlaps(const BlockRange& other) const {
    return start_block <= other.end_block && end_block >= other.start_block;
  }
  friend bool operator==(const BlockRange&, const BlockRange&) = default;
};

struct GenesisState {
  Params params{};
  std::vector<Span> spans{};

  static constexpr std::string_view kName = "heimdallv2.bor.GenesisState";
  static constexpr auto fields() {
    return fields_of(Field{1, "params", &GenesisState::params},
                     Field{2, "spans", &GenesisState::spans});
  }
};

}  // namespace buri::consensus::modules::bor
