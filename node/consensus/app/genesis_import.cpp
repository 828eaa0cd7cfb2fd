#include "node/consensus/app/genesis_import.hpp"

#include <algorithm>

#include "accel/hasher.hpp"

namespace buri::consensus::app {
namespace {

using modules::stake::GenesisRules;
using runtime::Context;
using runtime::Error;
using runtime::Outcome;

Hash256 hash_of_nothing() {
  const ByteView nothing;
  Hash256 hash;
  accel::best_hasher().sha256_batch(std::span(&nothing, 1), std::span(&hash, 1));
  return hash;
}

Outcome<std::unique_ptr<GenesisFileSection>> section_of(const Genesis& genesis,
                                                        std::string_view module) {
  auto section = genesis.file->section(module);
  if (!section.ok()) return Failure{runtime::genesis_error(module, section.error())};
  return std::move(section).value();
}

Status<Error> init_module(runtime::Module& module, const Context& context, const Genesis& genesis) {
  if (!genesis.file->has(module.name())) return Unit{};
  ASSIGN_OR_RETURN(const auto section, section_of(genesis, module.name()));
  RETURN_IF_ERROR(module.init_genesis(context, *section));
  return section->check_all_walked();
}

/// Parts of modules that this program does not know mean nothing to it, but they must be JSON.
Status<Error> check_unknown(const ModuleSet& modules, const Genesis& genesis) {
  for (const std::string& name : genesis.file->modules()) {
    const auto known = [&name](const runtime::Module* module) { return module->name() == name; };
    if (std::ranges::any_of(modules.in_genesis_order(), known)) continue;
    RETURN_IF_ERROR(section_of(genesis, name));
  }
  return Unit{};
}

/// Of one store's writes that wait for the disk.
constexpr std::size_t kMaxWaitingBytes = std::size_t{16} << 20;

Status<Error> import_into(const ChainOptions& chain, const ModuleSet& modules,
                          const Genesis& genesis, iavl::Import& import) {
  const runtime::BlockFacts facts = genesis_facts(chain, genesis.head);
  store::Branch branch(import.stores(), kMaxWaitingBytes);
  runtime::GasMeter meter = runtime::GasMeter::infinite();
  runtime::EventLog events;
  RETURN_IF_ERROR(init_modules(modules, Context(facts, branch, meter, events), genesis));
  if (!branch.write_to(import.stores()).ok()) {
    return Failure{runtime::fatal("the stores cannot be written")};
  }
  return Unit{};
}

}  // namespace

ChainOptions chain_options(const GenesisHead& head, const protocol::HeimdallForks& forks) {
  // A chain on which Kyoto holds from its first block was begun by a daemon that writes the
  // penultimate set.
  const bool is_kyoto = forks.is_kyoto(head.initial_height);
  return {head.chain_id, forks,
          is_kyoto ? GenesisRules::kWithPenultimate : GenesisRules::kWithoutPenultimate};
}

runtime::BlockFacts genesis_facts(const ChainOptions& chain, const GenesisHead& head) {
  // The stock daemon imports at height 0, unless the chain begins later than at 1.
  return {.chain_id = chain.chain_id,
          .height = head.initial_height > 1 ? head.initial_height : 0,
          .time = head.time,
          .proposer = {},
          .forks = chain.forks};
}

Status<Error> init_modules(const ModuleSet& modules, const Context& context,
                           const Genesis& genesis) {
  const modules::auth::Keeper accounts;
  RETURN_IF_ERROR(check_unknown(modules, genesis));
  RETURN_IF_ERROR(modules::consensus::Keeper().set_params(context, genesis.head.params));
  RETURN_IF_ERROR(accounts.module_account(context, modules::auth::kFeeCollector));
  for (runtime::Module* module : modules.in_genesis_order()) {
    RETURN_IF_ERROR(init_module(*module, context, genesis));
  }
  RETURN_IF_ERROR(accounts.module_account(context, modules::auth::kTopupModule));
  return Unit{};
}

Status<Error> import_genesis(const ChainOptions& chain, const ModuleSet& modules,
                             const Genesis& genesis, iavl::Multistore& multistore) {
  const auto failed = [](const storage::StorageError& error) {
    return Failure{runtime::fatal("the stores failed: " + error.detail)};
  };
  const auto import = multistore.import_first(genesis.head.initial_height);
  if (!import.ok()) return failed(import.error());
  RETURN_IF_ERROR(import_into(chain, modules, genesis, **import));
  const auto finished = (*import)->finish();
  if (!finished.ok()) return failed(finished.error());
  return Unit{};
}

Outcome<InitChainResult> genesis_answer(const Genesis& genesis) {
  if (!genesis.file->has("stake")) {
    return Failure{runtime::plain_error("the genesis has no section stake")};
  }
  ASSIGN_OR_RETURN(const auto stake, section_of(genesis, "stake"));
  const auto state = codec::from_json<modules::stake::GenesisState>(stake->rest());
  if (!state.ok()) return Failure{runtime::genesis_error("stake", state.error())};
  ASSIGN_OR_RETURN(const auto checkpoint, section_of(genesis, "checkpoint"));
  std::uint64_t acks = 0;
  if (const auto member = codec::json_member(checkpoint->rest(), "ack_count")) {
    const auto read = codec::read_json<std::uint64_t>(*member);
    if (!read.ok()) return Failure{runtime::genesis_error("checkpoint", read.error())};
    acks = *read;
  }
  InitChainResult result{
      .validators = {}, .params = genesis.head.params, .app_hash = hash_of_nothing()};
  for (const modules::stake::Validator& validator : state->validators) {
    if (!modules::stake::is_current(validator, acks)) continue;
    result.validators.push_back({validator.pub_key, validator.voting_power});
  }
  return result;
}

}  // namespace buri::consensus::app
