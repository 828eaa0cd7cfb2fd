#include "node/consensus/modules/bor/backfill.hpp"

namespace buri::consensus::modules::bor {

using runtime::Outcome;
using runtime::plain_error;

Outcome<std::uint64_t> counted_span_id(std::uint64_t bor_block, const Span& last) {
  if (last.end_block < last.start_block) {
    return Failure{plain_error("invalid Heimdall span: EndBlock (" +
                               std::to_string(last.end_block) + ") must be >= StartBlock (" +
                               std::to_string(last.start_block) + ")")};
  }
  if (bor_block < last.start_block) {
    return Failure{plain_error("latestBorBlock (" + std::to_string(bor_block) +
                               ") must be >= Heimdall span StartBlock (" +
                               std::to_string(last.start_block) + ")")};
  }
  if (bor_block <= last.end_block) return last.id;
  const std::uint64_t blocks = last.end_block - last.start_block + 1;
  const std::uint64_t spans = (bor_block - last.start_block) / blocks;
  if (last.id + spans < last.id) {
    return Failure{plain_error("overflow detected computing span ID: reference ID=" +
                               std::to_string(last.id) + " quotient=" + std::to_string(spans))};
  }
  return last.id + spans;
}

std::vector<Span> counted_spans(std::uint64_t bor_block, const Span& last) {
  const std::uint64_t distance = last.end_block - last.start_block;
  std::vector<Span> spans;
  Span span = last;
  while (bor_block > span.end_block) {
    ++span.id;
    span.start_block = span.end_block + 1;
    span.end_block = span.start_block + distance;
    spans.push_back(span);
  }
  return spans;
}

}  // namespace buri::consensus::modules::bor
