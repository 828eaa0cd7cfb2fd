#pragma once

#include <span>

#include "node/consensus/app/judges.hpp"
#include "node/consensus/app/vote_extension.hpp"
#include "node/consensus/tx/signature_memory.hpp"

/// The signatures of vote extensions, checked as one batch ahead of the rules that ask for single
/// verdicts.

namespace buri::consensus::app {

/// Which signatures a check looks at.
enum class ExtensionKind : std::uint8_t { kOrdinary, kNonRp };

/// What one validator's signature on one of its extensions claims. `height` and `round` are those
/// of the vote; a non-RP extension stands for itself.
struct ExtensionClaims {
  std::string_view chain_id;
  std::int64_t height = 0;
  std::int32_t round = 0;

  [[nodiscard]] tx::SignatureClaim claim(const modules::stake::Validator& validator,
                                         const ExtendedVote& vote, ExtensionKind kind) const;
};

/// Checks those signatures of all counting votes of known validators, so that the memory knows
/// them.
void check_ahead(tx::SignatureMemory& memory, const ExtensionClaims& claims, const Judges& judges,
                 std::span<const ExtendedVote> votes, std::span<const ExtensionKind> kinds);

}  // namespace buri::consensus::app
