#pragma once

#include "node/consensus/modules/bor/types.hpp"
#include "node/consensus/runtime/error.hpp"

/// Spans that Bor counted on by itself while Heimdall made none: each as long as the last one, with
/// its producers. No such span comes any more, because validators vote no on all of them.

namespace buri::consensus::modules::bor {

/// The id of the span that block `bor_block` would be in. Errors: code 1 for a block before `last`,
/// a span that ends before it starts, or a number that exceeds 64 bits.
runtime::Outcome<std::uint64_t> counted_span_id(std::uint64_t bor_block, const Span& last);

/// The spans after `last` until one contains `bor_block`. REQUIRES: last.end_block >
/// last.start_block.
std::vector<Span> counted_spans(std::uint64_t bor_block, const Span& last);

}  // namespace buri::consensus::modules::bor
