#include "node/consensus/modules/consensus/keeper.hpp"

#include <algorithm>
#include <array>

#include "node/consensus/codec/compact_text.hpp"
#include "node/consensus/modules/auth/messages.hpp"
#include "node/consensus/runtime/go_time.hpp"
#include "node/consensus/runtime/typed_store.hpp"

namespace buri::consensus::modules::consensus {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Outcome;
using runtime::plain_error;

constexpr std::int64_t kMaxBlockBytes = 100 << 20;
constexpr std::int64_t kMaxBlobBytes = 800 << 10;
constexpr std::array<std::string_view, 2> kKeyTypes{"ed25519", "secp256k1"};

runtime::MeteredStore store_of(const Context& context) {
  return context.store(runtime::StoreId::kConsensus);
}

Status<Error> fail(std::string_view text) { return Failure{plain_error(text)}; }

Status<Error> check_block(const ConsensusParams& params) {
  const BlockParams& block = *params.block;
  if (block.max_bytes == 0) return fail("block.MaxBytes cannot be 0");
  if (block.max_bytes < -1) {
    return fail("block.MaxBytes must be -1 or greater than 0. Got " +
                std::to_string(block.max_bytes));
  }
  if (block.max_bytes > kMaxBlockBytes) {
    return fail("block.MaxBytes is too big. " + std::to_string(block.max_bytes) + " > " +
                std::to_string(kMaxBlockBytes));
  }
  if (block.max_gas < -1) {
    return fail("block.MaxGas must be greater or equal to -1. Got " +
                std::to_string(block.max_gas));
  }
  const std::int64_t blob_bytes = params.blob->max_bytes;
  if (blob_bytes < -1) {
    return fail("blob.MaxBytes must be -1 or greater than 0. Got " + std::to_string(blob_bytes));
  }
  if (blob_bytes > kMaxBlobBytes) {
    return fail("blob.MaxBytes is too big. " + std::to_string(blob_bytes) + " > " +
                std::to_string(kMaxBlobBytes));
  }
  return Unit{};
}

Status<Error> check_evidence(const ConsensusParams& params) {
  const EvidenceParams& evidence = *params.evidence;
  if (evidence.max_age_num_blocks <= 0) {
    return fail("evidence.MaxAgeNumBlocks must be greater than 0. Got " +
                std::to_string(evidence.max_age_num_blocks));
  }
  if (evidence.max_age_duration <= codec::Duration{}) {
    return fail("evidence.MaxAgeDuration must be grater than 0 if provided, Got " +
                runtime::go_duration_text(runtime::go_nanoseconds(evidence.max_age_duration)));
  }
  const std::int64_t block_bytes =
      params.block->max_bytes == -1 ? kMaxBlockBytes : params.block->max_bytes;
  if (evidence.max_bytes > block_bytes) {
    return fail("evidence.MaxBytesEvidence is greater than upper bound, " +
                std::to_string(evidence.max_bytes) + " > " +
                std::to_string(params.block->max_bytes));
  }
  if (evidence.max_bytes < 0) {
    return fail("evidence.MaxBytes must be non negative. Got: " +
                std::to_string(evidence.max_bytes));
  }
  return Unit{};
}

/// Vote extensions may only be moved among heights to come.
Status<Error> check_extension_height(std::int64_t before, std::int64_t after, std::int64_t height) {
  if (after < 0) return fail("VoteExtensionsEnableHeight must be positive");
  if ((before <= 0 && after == 0) || before == after) return Unit{};
  if (before > 0 && after == 0) {
    if (before > height) return Unit{};
    return fail("vote extensions cannot be disabled once enabledold enable height: " +
                std::to_string(before) + ", current height " + std::to_string(height));
  }
  if (after <= height) {
    return fail("vote extensions cannot be updated to a past or current height, enable height: " +
                std::to_string(after) + ", current height " + std::to_string(height));
  }
  if (before <= 0 || before > height) return Unit{};
  return fail("vote extensions cannot be modified once enabledenable height: " +
              std::to_string(before) + ", current height " + std::to_string(height));
}

Outcome<codec::Any> update_params(const Keeper& keeper, const Context& context,
                                  const MsgUpdateParams& message) {
  RETURN_IF_ERROR(auth::check_authority(message.authority));
  if (!message.block || !message.evidence || !message.validator) {
    return Failure{plain_error("all parameters must be present")};
  }
  ASSIGN_OR_RETURN(const auto stored, keeper.params(context));
  if (!stored) return Failure{plain_error("collections: not found")};
  if (!stored->block || !stored->blob || !stored->evidence || !stored->validator) {
    return Failure{runtime::nil_panic()};
  }
  const AbciParams abci_before = stored->abci.value_or(AbciParams{});
  ConsensusParams next{.block = message.block,
                       .evidence = message.evidence,
                       .validator = message.validator,
                       .version = VersionParams{},
                       .abci = message.abci.value_or(abci_before),
                       .blob = message.blob ? message.blob : stored->blob};
  RETURN_IF_ERROR(validate(next));
  if (message.abci) {
    RETURN_IF_ERROR(check_extension_height(abci_before.vote_extensions_enable_height,
                                           message.abci->vote_extensions_enable_height,
                                           context.height()));
  }
  RETURN_IF_ERROR(keeper.set_params(context, next));
  std::string parameters;
  codec::append_compact_text(parameters, ConsensusParams{.block = message.block,
                                                         .evidence = message.evidence,
                                                         .validator = message.validator,
                                                         .version = VersionParams{},
                                                         .abci = message.abci,
                                                         .blob = message.blob});
  context.emit({"update_consensus_params",
                {{"authority", message.authority}, {"parameters", std::move(parameters)}}});
  return codec::pack(MsgUpdateParamsResponse{});
}

}  // namespace

Outcome<std::optional<ConsensusParams>> Keeper::params(const Context& context) const {
  return runtime::read_message<ConsensusParams>(store_of(context), as_bytes(kParamsKey));
}

Status<Error> Keeper::set_params(const Context& context, const ConsensusParams& params) const {
  return runtime::write_message(store_of(context), as_bytes(kParamsKey), params);
}

void register_messages(runtime::MessageRegistry& registry, const Keeper& keeper) {
  registry.add<MsgUpdateParams>(
      {.signers = [](const MsgUpdateParams& message) { return std::vector{message.authority}; },
       .handle =
           [keeper](const Context& context, const MsgUpdateParams& message) {
             return update_params(keeper, context, message);
           }});
}

void apply_limits(const ConsensusParams& params, runtime::BlockFacts& block) {
  if (!params.block) return;
  block.max_gas = params.block->max_gas;
  block.max_bytes = params.block->max_bytes;
}

Status<Error> validate(const ConsensusParams& params) {
  RETURN_IF_ERROR(check_block(params));
  RETURN_IF_ERROR(check_evidence(params));
  if (params.abci->vote_extensions_enable_height < 0) {
    return fail("ABCI.VoteExtensionsEnableHeight cannot be negative. Got: " +
                std::to_string(params.abci->vote_extensions_enable_height));
  }
  const auto& types = params.validator->pub_key_types;
  if (types.empty()) return fail("len(Validator.PubKeyTypes) must be greater than 0");
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (std::ranges::find(kKeyTypes, types[i]) == kKeyTypes.end()) {
      return fail("params.Validator.PubKeyTypes[" + std::to_string(i) + "], " + types[i] +
                  ", is an unknown pubkey type");
    }
  }
  return Unit{};
}

}  // namespace buri::consensus::modules::consensus
