#include "tests/bench/node/crowd/crowd_chain.hpp"

#include "node/consensus/app/genesis_import.hpp"
#include "node/consensus/engine/block_rules.hpp"
#include "node/consensus/engine/hashes.hpp"
#include "node/consensus/host/abci_values.hpp"
#include "node/consensus/host/handshake.hpp"
#include "node/consensus/modules/bor/keeper.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/storage/rocks_database.hpp"
#include "tests/bench/node/chain_run.hpp"

namespace buri::bench {

using namespace consensus;

namespace {

std::unique_ptr<storage::Database> in_memory(const char* name,
                                             std::vector<storage::FamilySpec> families) {
  storage::RocksOptions rocks;
  rocks.folder = name;
  rocks.in_memory = true;
  return storage::open_rocks_database(rocks, families).value();
}

std::vector<storage::FamilySpec> block_families() {
  auto families = blocks::BlockStore::families();
  for (const auto& one : blocks::StateStore::families()) families.push_back(one);
  return families;
}

iavl::MultistoreOptions quiet_stores() {
  iavl::MultistoreOptions options;
  options.background = false;
  return options;
}

CrowdBlock in_parts(engine::Block block) {
  const Hash256 hash = engine::header_hash(one_thread_engine(), block.header);
  auto parts =
      std::make_shared<const engine::PartSet>(engine::PartSet::split(engine::encode_block(block)));
  return {std::make_shared<const engine::ProposedBlock>(std::move(block), hash), std::move(parts)};
}

}  // namespace

CrowdChain::CrowdChain(const app::Genesis& genesis, const protocol::HeimdallForks& forks)
    : application_database_(in_memory("/crowd/application", iavl::Multistore::families())),
      block_database_(in_memory("/crowd/blocks", block_families())),
      stores_(iavl::Multistore::open(*application_database_, one_thread_engine(), quiet_stores())
                  .value()),
      blocks_(blocks::BlockStore::open(*block_database_).value()),
      states_(blocks::StateStore::open(*block_database_).value()),
      bor_([this](std::uint64_t number) { return producer_of(number); }),
      options_(app::chain_options(genesis.head, forks)),
      application_(options_, {application_database_.get(),
                              stores_.get(),
                              &one_thread_engine(),
                              {&root_chain_, &bor_}}),
      executor_({&one_thread_engine(), &application_, states_.get()}) {}

Result<std::unique_ptr<CrowdChain>, std::string> CrowdChain::begin(
    const std::string& genesis_text, const protocol::HeimdallForks& forks) {
  const app::Genesis genesis = app::open_genesis(app::in_memory(genesis_text)).value();
  std::unique_ptr<CrowdChain> chain(new CrowdChain(genesis, forks));
  const host::ExecutionServices services{&one_thread_engine(), &chain->application_,
                                         chain->states_.get()};
  ASSIGN_OR_RETURN(host::Handshake begun,
                   host::shake_hands({services, chain->blocks_.get()}, genesis));
  chain->state_ = std::move(begun.chain);
  return chain;
}

Result<std::vector<Bytes>, std::string> CrowdChain::transactions(
    const engine::Commit& last_commit) {
  const engine::Timestamp time = state_->is_first()
                                     ? state_->last_time
                                     : engine::median_time(last_commit, state_->last_validators);
  auto txs = application_.prepare_proposal(
      {.height = next_height(),
       .time = host::app_time(time),
       .proposer = proposer(),
       .max_tx_bytes = engine::max_transaction_bytes(*state_, 0),
       .last_commit = host::extended_commit_info(last_commit_, state_->last_validators),
       .txs = {}});
  if (!txs.ok()) return Failure{"the crowd cannot propose: " + txs.error().log};
  return std::move(txs).value();
}

Result<CrowdBlock, std::string> CrowdChain::propose() {
  engine::BlockContent content;
  content.last_commit = last_commit_.commit();
  ASSIGN_OR_RETURN(content.txs, transactions(content.last_commit));
  return in_parts(engine::make_block(one_thread_engine(), *state_, std::move(content), proposer()));
}

Result<CrowdBlock, std::string> CrowdChain::read(std::shared_ptr<const engine::PartSet> parts) {
  auto block = engine::decode_block(parts->assemble());
  if (!block.ok()) {
    return Failure{"the node's block does not decode: " +
                   std::string(codec::describe(block.error()))};
  }
  const auto checked = engine::check_proven_block(one_thread_engine(), *state_, *block);
  if (!checked.ok()) return Failure{"the node's block: " + engine::describe(checked.error())};
  const Hash256 hash = engine::header_hash(one_thread_engine(), block->header);
  return CrowdBlock{std::make_shared<const engine::ProposedBlock>(std::move(*block), hash),
                    std::move(parts)};
}

Result<app::Extensions, std::string> CrowdChain::extend(const CrowdBlock& block) {
  const Hash256& hash = block.block->hash;
  bor_.grow_to(static_cast<std::uint64_t>(next_height()));
  auto made = application_.extend_vote({.height = next_height(),
                                        .block_hash = Bytes(hash.bytes.begin(), hash.bytes.end()),
                                        .txs = block.block->block.txs});
  if (!made.ok()) return Failure{"the crowd has no extension: " + made.error().log};
  return std::move(made).value();
}

Result<Address, protocol::FactError> CrowdChain::producer_of(std::uint64_t bor_block) {
  const runtime::BlockFacts facts{options_.chain_id, next_height(), {}, {}, -1, -1, options_.forks};
  store::Branch branch(application_.pending());
  runtime::GasMeter meter = runtime::GasMeter::infinite();
  runtime::EventLog events;
  const runtime::Context context(facts, branch, meter, events);
  const auto span = modules::bor::Keeper().span_of_block(context, bor_block);
  if (!span.ok() || span->selected_producers.empty()) return Failure{protocol::FactError::kMissing};
  return runtime::parse_address(span->selected_producers.front().signer).value();
}

Status<std::string> CrowdChain::decide(const CrowdBlock& block,
                                       const std::vector<engine::Vote>& precommits) {
  engine::VoteSet set({next_height(), precommits.front().round, engine::VoteType::kPrecommit},
                      state_->validators);
  for (const engine::Vote& vote : precommits) {
    CHECK(set.look(vote) == engine::VoteStanding::kNew, "a validator votes once");
    set.add(vote);
  }
  CHECK(set.majority() == block.id(), "two thirds decide");
  last_commit_ = set.extended_commit();
  ASSIGN_OR_RETURN(const host::ExecutedBlock executed,
                   executor_.apply(*state_, block.block, block.id()));
  state_ = *executed.applied.chain;
  return Unit{};
}

}  // namespace buri::bench
