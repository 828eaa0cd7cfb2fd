#pragma once

#include <memory>
#include <set>
#include <span>

#include "node/consensus/app/judges.hpp"
#include "node/consensus/app/observer.hpp"
#include "node/consensus/app/vote_extension.hpp"

/// Which side transactions of the last block two thirds of the power approved (spec/heimdall.md
/// 4.4, step 9).

namespace buri::consensus::app {

/// An entry of the extended commit with its extension decoded. Votes with the same extension, which
/// are most, share it.
struct DecodedVote {
  const ExtendedVote* vote = nullptr;
  std::shared_ptr<const VoteExtension> extension;
};

/// Decodes the extensions of all votes that count. Errors: code 1 if one does not decode.
runtime::Outcome<std::vector<DecodedVote>> decode_votes(std::span<const ExtendedVote> votes);

/// The hashes of the approved transactions; `reporter` hears of the others too. `votes` is the
/// extended commit of the context's block. Errors: code 1 for what no honest proposal holds: an
/// unknown flag, an extension of another height or block, a validator or an answer that occurs
/// twice, more power than there is. They fail the block.
runtime::Outcome<std::set<Bytes>> approved_txs(const runtime::Context& context,
                                               const Judges& judges,
                                               std::span<const ExtendedVote> votes,
                                               std::span<const DecodedVote> decoded,
                                               const Reporter& reporter);

}  // namespace buri::consensus::app
