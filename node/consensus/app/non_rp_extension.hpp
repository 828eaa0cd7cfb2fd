#pragma once

#include "node/consensus/app/extension_checks.hpp"
#include "node/protocol/bor_roots.hpp"

/// The extension that the root chain can check: what two thirds signed, and whether it may be
/// signed at all (spec/heimdall.md 4.4; heimdall-after-ithaca.md K7, L11).

namespace buri::consensus::app {

/// A non-RP extension for a checkpoint: a byte 1, then the checkpoint's 192 bytes.
Bytes checkpoint_extension(ByteView side_sign_bytes);

/// Why an extension does not pass, as far as it matters.
enum class NonRpProblem : std::uint8_t {
  kInvalid,         ///< it is wrong
  kBorUnavailable,  ///< Bor did not answer
  kBorBlockMissing  ///< Bor does not have the checkpoint's end yet
};
struct NonRpFailure {
  NonRpProblem problem = NonRpProblem::kInvalid;
  std::string reason;
};

/// Whether the extension made for `extension_height` is the one of nobody's checkpoint or names a
/// checkpoint that this node's Bor agrees with. `context` is over the last committed state.
Status<NonRpFailure> check_non_rp(const runtime::Context& context, std::int64_t extension_height,
                                  ByteView extension, protocol::BorRoots& bor);

/// Whether another validator's extension is taken in spite of the problem: every one before Phuket,
/// one that Bor cannot be asked about later.
bool is_tolerated(const protocol::HeimdallForks& forks, std::int64_t extension_height,
                  NonRpProblem problem);

/// The non-RP extension with the most power, of equals the one whose hash sorts first; from Phuket
/// on it must have more than two thirds. Empty if nobody voted before Phuket. Errors: code 1.
runtime::Outcome<Bytes> majority_non_rp(const runtime::Context& context, const Judges& judges,
                                        std::span<const ExtendedVote> votes);

/// The majority is valid and every vote's signature over its own non-RP extension is too.
Status<NonRpFailure> check_non_rp_votes(const ExtensionScene& scene,
                                        std::span<const ExtendedVote> votes,
                                        protocol::BorRoots& bor);

}  // namespace buri::consensus::app
