#include "node/consensus/app/application.hpp"

#include "node/consensus/app/end_block.hpp"
#include "node/consensus/app/genesis_import.hpp"
#include "node/consensus/app/pre_block.hpp"
#include "node/consensus/modules/bor/producers.hpp"
#include "node/consensus/modules/stake/keeper.hpp"
#include "node/consensus/runtime/address.hpp"

namespace buri::consensus::app {
namespace {

using runtime::BlockFacts;
using runtime::Context;
using runtime::Error;
using runtime::EventLog;
using runtime::GasMeter;
using runtime::Outcome;

}  // namespace

Application::Application(ChainOptions chain, const AppServices& services)
    : chain_(std::move(chain)),
      services_(services),
      clock_(services.clock != nullptr ? services.clock : &system_clock()),
      reporter_(services.observer, *clock_),
      modules_(services.facts, chain_.genesis_rules),
      signatures_(*services.crypto),
      ante_(modules_.registry(), signatures_),
      runner_(modules_.registry(), ante_, reporter_),
      cache_(runner_) {
  ModuleSet::extend(ante_);
  reset_state();
  last_.height = services_.multistore->height();
}

void Application::reset_state() {
  checked_.reset();
  pending_.reset();
  view_ = services_.multistore->view(services_.multistore->height());
  CHECK(view_ != nullptr, "the newest height is kept");
  pending_ = std::make_unique<store::Branch>(view_->stores());
  checked_ = std::make_unique<store::Branch>(view_->stores());
  batch_.clear();
}

std::optional<Hash256> Application::app_hash() const {
  const auto info = services_.multistore->commit_info(height());
  if (!info.ok() || !info->has_value()) return std::nullopt;
  return (*info)->app_hash;
}

BlockFacts Application::facts_of(std::int64_t height, const codec::Timestamp& time,
                                 const Address& proposer) const {
  return {.chain_id = chain_.chain_id,
          .height = height,
          .time = time,
          .proposer = proposer,
          .forks = chain_.forks};
}

Outcome<std::int64_t> Application::load_limits(BlockFacts& facts, store::Branch& branch) const {
  GasMeter meter = GasMeter::infinite();
  EventLog events;
  ASSIGN_OR_RETURN(const auto params,
                   modules::consensus::Keeper().params(Context(facts, branch, meter, events)));
  if (!params) return std::int64_t{0};
  modules::consensus::apply_limits(*params, facts);
  return params->abci ? params->abci->vote_extensions_enable_height : 0;
}

Outcome<std::optional<std::uint64_t>> Application::producer_id(const Address& validator) const {
  const BlockFacts facts = facts_of(last_.height, last_.time, last_.proposer);
  store::Branch branch(*pending_);
  GasMeter meter = GasMeter::infinite();
  EventLog events;
  const Context context(facts, branch, meter, events);
  ASSIGN_OR_RETURN(const auto record,
                   modules::stake::Keeper().by_signer(context, runtime::to_text(validator)));
  if (!record) return std::optional<std::uint64_t>{};
  ASSIGN_OR_RETURN(const auto producers, modules::bor::likely_producers(context));
  return producers.contains(record->val_id) ? std::optional(record->val_id) : std::nullopt;
}

/// Whether the stores were imported from this genesis, as far as they tell.
Status<Error> Application::check_import(const Context& context, const Genesis& genesis) {
  ASSIGN_OR_RETURN(const auto params, modules::chainmanager::Keeper().params(context));
  const std::string& chain_id = params.chain_params.heimdall_chain_id;
  const std::int64_t first = services_.multistore->imported_height();
  if (chain_id == genesis.head.chain_id && first == genesis.head.initial_height) return Unit{};
  return Failure{runtime::plain_error(
      "the stores were made from the genesis of " + chain_id + " with first height " +
      std::to_string(first) + ", expected " + genesis.head.chain_id + " with first height " +
      std::to_string(genesis.head.initial_height))};
}

Outcome<InitChainResult> Application::init_chain(const Genesis& genesis) {
  return reporter_.abci_call(AbciCall::kInitChain, [&] { return begin_chain(genesis); });
}

Outcome<InitChainResult> Application::begin_chain(const Genesis& genesis) {
  CHECK(height() == 0 && !has_genesis_, "a chain begins once");
  const BlockFacts facts = genesis_facts(chain_, genesis.head);
  GasMeter meter = GasMeter::infinite();
  EventLog events;
  const Context context(facts, *pending_, meter, events);
  if (services_.multistore->imported_height() > 0) {
    RETURN_IF_ERROR(check_import(context, genesis));
    return genesis_answer(genesis);
  }
  const auto imported = init_modules(modules_, context, genesis);
  if (!imported.ok()) {
    pending_->discard();
    return Failure{imported.error()};
  }
  has_genesis_ = true;
  return genesis_answer(genesis);
}

Outcome<std::vector<TxResult>> Application::deliver_all(const Context& context,
                                                        std::span<const Bytes> txs) {
  std::vector<std::shared_ptr<const DecodedTransaction>> decoded;
  std::vector<const tx::Transaction*> valid;
  for (const Bytes& raw : txs) {
    // The first are the votes, which nobody decodes as a transaction before or after.
    decoded.push_back(&raw == txs.data()
                          ? std::make_shared<const DecodedTransaction>(runner_.decode(raw))
                          : cache_.decode(raw));
    if (decoded.back()->ok()) valid.push_back(&decoded.back()->value());
  }
  // A single one gains nothing from a batch.
  if (valid.size() > 1) ante_.check_signatures_ahead(context, valid);
  GasMeter block_gas = block_gas_meter(context.block());
  std::vector<TxResult> results;
  for (const auto& transaction : decoded) {
    ASSIGN_OR_RETURN(TxResult result, runner_.deliver(context, block_gas, *transaction));
    results.push_back(std::move(result));
  }
  return results;
}

void Application::check_signatures_ahead(std::span<const ByteView> txs) {
  std::vector<std::shared_ptr<const DecodedTransaction>> decoded;
  std::vector<const tx::Transaction*> valid;
  for (const ByteView raw : txs) {
    decoded.push_back(cache_.decode(raw));
    if (decoded.back()->ok()) valid.push_back(&decoded.back()->value());
  }
  const BlockFacts facts = facts_of(height() + 1, {}, {});
  GasMeter meter = GasMeter::infinite();
  EventLog events;
  ante_.check_signatures_ahead(Context(facts, *pending_, meter, events), valid);
}

Outcome<BlockResult> Application::execute(const DecidedBlock& block, store::Branch& branch) {
  BlockFacts facts = facts_of(block.height, block.time, block.proposer);
  ASSIGN_OR_RETURN(const std::int64_t enable_height, load_limits(facts, branch));
  GasMeter meter = GasMeter::infinite();
  BlockResult result;
  const Context context(facts, branch, meter, result.events);
  RETURN_IF_ERROR(reporter_.stage(BlockStage::kPreBlock, [&] {
    return pre_block(context, block, enable_height, cache_, reporter_);
  }));
  ASSIGN_OR_RETURN(result.txs, deliver_all(context, block.txs));
  ASSIGN_OR_RETURN(result.validator_updates, reporter_.stage(BlockStage::kEndBlock, [&] {
    return end_block(context, modules_, result.events);
  }));
  ASSIGN_OR_RETURN(const auto params, modules::consensus::Keeper().params(context));
  if (params) result.consensus_params = codec::encode(*params);
  return result;
}

Outcome<BlockResult> Application::finalize_block(const DecidedBlock& block) {
  return reporter_.abci_call(AbciCall::kFinalizeBlock, [&] { return finalize(block); });
}

Outcome<BlockResult> Application::finalize(const DecidedBlock& block) {
  CHECK(!finalized_, "a finalized block is committed before the next");
  store::Branch over_genesis(*pending_);
  store::Branch& branch = has_genesis_ ? over_genesis : *pending_;
  auto result = execute(block, branch);
  if (!result.ok()) {
    branch.discard();
    return result;
  }
  if (has_genesis_) over_genesis.write();
  const auto info = services_.multistore->apply(block.height, *pending_, batch_);
  if (!info.ok()) return Failure{runtime::fatal("the stores failed: " + info.error().detail)};
  result->store_roots = info->roots;
  result->app_hash = info->app_hash;
  finalized_ = LastBlock{block.height, block.time, block.proposer};
  return result;
}

Status<Error> Application::commit(storage::Durability durability) {
  auto done = reporter_.abci_call(AbciCall::kCommit, [&] { return write_finalized(durability); });
  reporter_.tell([&](Observer& observer) { observer.signatures_checked(signatures_.checked()); });
  return done;
}

Status<Error> Application::write_finalized(storage::Durability durability) {
  CHECK(finalized_.has_value(), "only a finalized block is committed");
  auto written = services_.database->write(batch_, durability);
  if (written.ok()) written = services_.multistore->publish();
  if (!written.ok()) {
    return Failure{runtime::fatal("the stores failed: " + written.error().detail)};
  }
  last_ = *finalized_;
  finalized_.reset();
  has_genesis_ = false;
  cache_.forget_oldest();
  reset_state();
  return Unit{};
}

}  // namespace buri::consensus::app
