#include "node/consensus/app/non_rp_extension.hpp"

#include "accel/hasher.hpp"
#include "base/hex.hpp"
#include "node/consensus/app/extension_rules.hpp"
#include "node/consensus/modules/chainmanager/keeper.hpp"
#include "node/consensus/modules/checkpoint/keeper.hpp"
#include "node/consensus/modules/checkpoint/messages.hpp"
#include "node/consensus/modules/checkpoint/side_sign_bytes.hpp"

namespace buri::consensus::app {
namespace {

namespace checkpoint = modules::checkpoint;
using runtime::Context;
using runtime::Outcome;

constexpr std::uint8_t kYesByte = 1;

Status<NonRpFailure> invalid(std::string reason) {
  return Failure{NonRpFailure{NonRpProblem::kInvalid, std::move(reason)}};
}

Status<NonRpFailure> verdict_of(checkpoint::RootVerdict verdict) {
  using enum checkpoint::RootVerdict;
  switch (verdict) {
    case kAgrees:
      return Unit{};
    case kDiffers:
      return invalid("Bor has another root");
    case kNoBlock:
      return Failure{NonRpFailure{NonRpProblem::kBorBlockMissing, "Bor lacks the window's end"}};
    case kUnavailable:
      return Failure{NonRpFailure{NonRpProblem::kBorUnavailable, "Bor did not answer"}};
  }
  return invalid("an unknown verdict");
}

/// From Kyoto on the window must follow the last checkpoint, from Lugano on it must have a length
/// that the parameters allow.
Status<runtime::Error> check_window(const Context& context, std::int64_t extension_height,
                                    const checkpoint::MsgCheckpoint& message) {
  const checkpoint::Keeper keeper;
  if (context.forks().is_kyoto(extension_height)) {
    ASSIGN_OR_RETURN(const checkpoint::LastCheckpoint last, keeper.last(context));
    if (!last.is_none() && !last.checkpoint) {
      return Failure{runtime::plain_error("the last checkpoint is missing")};
    }
    RETURN_IF_ERROR(checkpoint::check_continuity(last, message.start_block));
  }
  return keeper.check_window(context, extension_height, message.start_block, message.end_block);
}

Status<NonRpFailure> check_checkpoint(const Context& context, std::int64_t extension_height,
                                      ByteView extension, protocol::BorRoots& bor) {
  const auto message = checkpoint::from_side_sign_bytes(extension.subspan(1));
  if (!message) return invalid("neither a dummy nor a checkpoint");
  const auto chain = modules::chainmanager::Keeper().params(context);
  if (!chain.ok()) return invalid(chain.error().log);
  if (chain->chain_params.bor_chain_id != message->bor_chain_id) {
    return invalid("invalid bor chain id " + message->bor_chain_id);
  }
  const auto window = check_window(context, extension_height, *message);
  if (!window.ok()) return invalid(window.error().log);
  const auto params = checkpoint::Keeper().params(context);
  if (!params.ok()) return invalid(params.error().log);
  return verdict_of(checkpoint::verify_root(bor, *message, params->max_checkpoint_length,
                                            chain->bor_chain_tx_confirmations));
}

Hash256 keccak256(ByteView message) {
  Hash256 digest;
  accel::best_hasher().keccak256_batch(std::span(&message, 1), std::span(&digest, 1));
  return digest;
}

}  // namespace

Bytes checkpoint_extension(ByteView side_sign_bytes) {
  Bytes extension{kYesByte};
  append(extension, side_sign_bytes);
  return extension;
}

Status<NonRpFailure> check_non_rp(const Context& context, std::int64_t extension_height,
                                  ByteView extension, protocol::BorRoots& bor) {
  if (extension.size() < min_non_rp_bytes(context.forks(), extension_height)) {
    return invalid("the non-rp vote extension is too small");
  }
  if (extension.size() > kMaxNonRpBytes) return invalid("the non-rp vote extension is too large");
  const Bytes dummy = dummy_extension(context.forks(), context.block().chain_id, extension_height);
  if (equal(extension, dummy)) return Unit{};
  return check_checkpoint(context, extension_height, extension, bor);
}

bool is_tolerated(const protocol::HeimdallForks& forks, std::int64_t extension_height,
                  NonRpProblem problem) {
  if (!forks.is_phuket(extension_height)) return true;
  return problem == NonRpProblem::kBorUnavailable ||
         (problem == NonRpProblem::kBorBlockMissing && forks.is_zurich(extension_height));
}

Outcome<Bytes> majority_non_rp(const Context& context, const Judges& judges,
                               std::span<const ExtendedVote> votes) {
  struct Group {
    const Bytes* extension = nullptr;
    std::int64_t power = 0;
  };
  std::map<Bytes, Group> groups;
  for (const ExtendedVote& vote : votes) {
    if (!counts(vote)) continue;
    Group& group = groups[vote.non_rp_extension];
    group.extension = &vote.non_rp_extension;
    ASSIGN_OR_RETURN(const auto* validator, judges.expect(context, vote.validator.address));
    if (validator != nullptr) group.power += validator->voting_power;
  }
  const Group* best = nullptr;
  for (const auto& [extension, group] : groups) {
    const bool is_stronger = best == nullptr ? group.power > 0 : group.power > best->power;
    const bool sorts_first = best != nullptr && group.power == best->power &&
                             keccak256(extension) < keccak256(*best->extension);
    if (is_stronger || sorts_first) best = &group;
  }
  const std::int64_t power = best == nullptr ? 0 : best->power;
  if (context.forks().is_phuket(context.height()) && power <= judges.two_thirds()) {
    return Failure{runtime::plain_error(
        "insufficient voting power for majority non-rp vote extension: " + std::to_string(power))};
  }
  return best == nullptr ? Bytes{} : *best->extension;
}

Status<NonRpFailure> check_non_rp_votes(const ExtensionScene& scene,
                                        std::span<const ExtendedVote> votes,
                                        protocol::BorRoots& bor) {
  const Context& context = *scene.context;
  if (context.height() <= scene.enable_height) return Unit{};
  const auto majority = majority_non_rp(context, *scene.judges, votes);
  if (!majority.ok()) return invalid(majority.error().log);
  const ExtensionClaims claims{context.block().chain_id, context.height() - 1, 0};
  constexpr ExtensionKind kKinds[] = {ExtensionKind::kNonRp};
  check_ahead(*scene.signatures, claims, *scene.judges, votes, kKinds);
  for (const ExtendedVote& vote : votes) {
    if (!counts(vote)) continue;
    const auto validator = scene.judges->expect(context, vote.validator.address);
    if (!validator.ok()) return invalid(validator.error().log);
    if (*validator == nullptr) continue;
    if (!scene.signatures->is_valid(claims.claim(**validator, vote, ExtensionKind::kNonRp))) {
      return invalid("bad non-rp signature of " + to_hex(vote.validator.address));
    }
  }
  return check_non_rp(context, context.height() - 1, *majority, bor);
}

}  // namespace buri::consensus::app
