#pragma once

#include <span>

#include "node/consensus/modules/bor/keeper.hpp"
#include "node/protocol/bor_chain.hpp"

/// Producers before Rio: drawn from the validators by a seed that is the hash of a Bor block
/// (spec/heimdall.md 5.3, "Pre-Rio selection").

namespace buri::consensus::modules::bor {

/// A block's hash and who sealed it.
struct SpanSeed {
  Hash256 hash;
  Address author;

  friend bool operator==(const SpanSeed&, const SpanSeed&) = default;
};

/// The seed of span `id`: a block of the span before the last one, taken from its end by sprints,
/// whose author sealed none of the seeds of late. Errors: code 1 if that span is missing or Bor
/// does not say.
runtime::Outcome<SpanSeed> seed_of_span(const runtime::Context& context, std::uint64_t id,
                                        protocol::BorChain& bor);

/// Draws `count` places of `powers`, each as likely as its power, the same ones again and again
/// perhaps. REQUIRES: powers is not empty.
std::vector<std::size_t> draw(std::span<const std::uint64_t> powers, const Hash256& seed,
                              std::uint64_t count);

/// The producers of a span: all eligible validators if they are few, else those drawn by `seed`
/// with the powers of `earlier`, the members of an earlier set; a drawn one's power is how often it
/// was drawn. Ascending by signer.
runtime::Outcome<std::vector<stake::Validator>> draw_producers(
    const runtime::Context& context, const Hash256& seed,
    std::span<const stake::Validator> earlier);

}  // namespace buri::consensus::modules::bor
