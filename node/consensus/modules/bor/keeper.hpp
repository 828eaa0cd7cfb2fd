#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "node/consensus/modules/bor/types.hpp"
#include "node/consensus/runtime/context.hpp"
#include "node/consensus/runtime/pagination.hpp"

/// Spans, votes for producers, and what is known of producers: who works, who failed, who is going
/// to be down. Every function makes exactly the stock daemon's metered accesses, in its order.

namespace buri::consensus::modules::bor {

/// Validator ids.
using Producers = std::set<std::uint64_t>;

/// Stateless. Its errors have code 1.
class Keeper {
 public:
  /// One read. Errors: if none were ever written.
  [[nodiscard]] runtime::Outcome<Params> params(const runtime::Context& context) const;
  Status<runtime::Error> set_params(const runtime::Context& context, const Params& params) const;

  [[nodiscard]] runtime::Outcome<bool> has_span(const runtime::Context& context,
                                                std::uint64_t id) const;
  /// Errors: if there is none of that id.
  [[nodiscard]] runtime::Outcome<Span> span(const runtime::Context& context,
                                            std::uint64_t id) const;
  /// Errors: if there is none.
  [[nodiscard]] runtime::Outcome<Span> last_span(const runtime::Context& context) const;
  /// Stores a span.
  Status<runtime::Error> put_span(const runtime::Context& context, const Span& span) const;
  Status<runtime::Error> set_last_span_id(const runtime::Context& context, std::uint64_t id) const;
  /// Stores a span as the last one.
  Status<runtime::Error> add_span(const runtime::Context& context, const Span& span) const;
  /// Walks the spans, ascending by id.
  Status<runtime::Error> for_each_span(
      const runtime::Context& context,
      const std::function<Status<runtime::Error>(const Span&)>& visit) const;
  /// The newest span that contains a Bor block. Errors: if none does.
  [[nodiscard]] runtime::Outcome<Span> span_of_block(const runtime::Context& context,
                                                     std::uint64_t block_number) const;
  /// The first producer of that span. Errors: the same; kPanic if it has no producer.
  [[nodiscard]] runtime::Outcome<std::uint64_t> producer_of_block(const runtime::Context& context,
                                                                  std::uint64_t block_number) const;
  /// The Heimdall height at which a producer's span was last made; 0 before the first.
  [[nodiscard]] runtime::Outcome<std::uint64_t> last_span_height(
      const runtime::Context& context) const;
  Status<runtime::Error> set_last_span_height(const runtime::Context& context,
                                              std::uint64_t height) const;

  /// Who sealed the block that a span's seed came from; nothing if the span has no such record.
  [[nodiscard]] runtime::Outcome<std::optional<Address>> seed_author(
      const runtime::Context& context, std::uint64_t span_id) const;
  /// Errors: if the span has one already.
  Status<runtime::Error> set_seed_author(const runtime::Context& context, std::uint64_t span_id,
                                         const Address& author) const;

  /// Whether the block after the last span belongs to Rio: then producers are elected. The error
  /// says that it does not, or that there is no span.
  Status<runtime::Error> check_producer_phase(const runtime::Context& context) const;
  /// Empty if the validator never voted.
  [[nodiscard]] runtime::Outcome<ProducerVotes> votes_of(const runtime::Context& context,
                                                         std::uint64_t validator_id) const;
  Status<runtime::Error> set_votes(const runtime::Context& context, std::uint64_t validator_id,
                                   const ProducerVotes& votes) const;

  /// Blocks of milestones that each validator supported.
  [[nodiscard]] runtime::Outcome<std::map<std::uint64_t, std::uint64_t>> scores(
      const runtime::Context& context) const;
  Status<runtime::Error> add_scores(const runtime::Context& context,
                                    const std::vector<std::uint64_t>& supporters,
                                    std::uint64_t blocks) const;
  /// Who supported the last milestone.
  [[nodiscard]] runtime::Outcome<Producers> active(const runtime::Context& context) const;
  /// Producers that were replaced since.
  [[nodiscard]] runtime::Outcome<Producers> failed(const runtime::Context& context) const;
  Status<runtime::Error> add_failed(const runtime::Context& context, std::uint64_t producer) const;
  /// Makes the supporters the active ones and forgets failures.
  Status<runtime::Error> reset_status(const runtime::Context& context,
                                      const std::vector<std::uint64_t>& supporters) const;

  /// When a producer announced to be down.
  [[nodiscard]] runtime::Outcome<std::optional<BlockRange>> downtime_of(
      const runtime::Context& context, std::uint64_t producer) const;
  Status<runtime::Error> set_downtime(const runtime::Context& context, std::uint64_t producer,
                                      const BlockRange& blocks) const;
  /// Whether that overlaps `blocks`.
  [[nodiscard]] runtime::Outcome<bool> is_down(const runtime::Context& context,
                                               std::uint64_t producer,
                                               const BlockRange& blocks) const;
};

/// All must be positive. The error is a plain one.
Status<runtime::Error> validate(const Params& params);

struct SpanPage {
  std::vector<Span> spans;
  runtime::PageResponse response;
};
/// A page of the spans, in the order of the walk. Errors: as runtime::paginate.
runtime::Outcome<SpanPage> span_page(const runtime::Context& context,
                                     const runtime::PageRequest& request);

/// Where the votes for producers stand, for walks that look up voters on the way: validator id
/// behind the prefix.
store::KeyRange votes_range();

}  // namespace buri::consensus::modules::bor
