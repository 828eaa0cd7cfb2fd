#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/json_text.hpp"
#include "node/consensus/app/genesis_import.hpp"
#include "node/consensus/app/offline_facts.hpp"
#include "node/consensus/host/block_executor.hpp"
#include "node/consensus/host/handshake.hpp"
#include "node/consensus/records/chain.hpp"
#include "node/storage/rocks_database.hpp"
#include "tests/bench/node/chain_run.hpp"

/// sync-home GENESIS FORKS DIR HEIGHTS: makes DIR the home of a node that has a chain of 104
/// validators, all voting with both extensions, so that `burid start` there serves it to whoever
/// syncs. GENESIS is what the made genesis, DIR/config/genesis.json, takes everything but
/// validators from; FORKS names the heights of forks that the other node knows for the chain.

namespace buri::bench {
namespace {

using namespace consensus;

std::unique_ptr<storage::Database> open(const std::string& folder,
                                        std::vector<storage::FamilySpec> families) {
  std::filesystem::create_directories(folder);
  storage::RocksOptions rocks;
  rocks.folder = folder;
  auto opened = storage::open_rocks_database(rocks, families);
  CHECK(opened.ok(), "the folder takes a database");
  return std::move(opened).value();
}

std::vector<storage::FamilySpec> block_families() {
  auto families = blocks::BlockStore::families();
  for (const auto& one : blocks::StateStore::families()) families.push_back(one);
  return families;
}

void write_chain(const testing::SyntheticChain& chain, const std::string& data) {
  const auto application_database = open(data + "/application", iavl::Multistore::families());
  const auto block_database = open(data + "/blocks", block_families());
  const auto stores =
      iavl::Multistore::open(*application_database, one_thread_engine(), {}).value();
  const auto blocks = blocks::BlockStore::open(*block_database).value();
  const auto states = blocks::StateStore::open(*block_database).value();
  app::OfflineFacts facts;
  app::Application application(
      app::chain_options(chain.genesis.head, chain.forks),
      {application_database.get(), stores.get(), &one_thread_engine(), facts.facts()});
  const host::ExecutionServices services{&one_thread_engine(), &application, states.get()};
  auto state = host::shake_hands({services, blocks.get()}, chain.genesis).value().chain;
  host::BlockExecutor executor(services);
  for (const records::BlockRecord& record : chain.records) {
    auto block = engine::decode_block(record.block).value();
    const auto commit = engine::decode_extended_commit(record.extended_commit).value();
    const auto saved = blocks->save(block, engine::PartSet::split(record.block), commit, true);
    CHECK(saved.ok(), "the disk takes the block");
    auto decided =
        std::make_shared<const engine::ProposedBlock>(std::move(block), record.block_hash);
    auto executed = executor.apply(state, std::move(decided), commit.block_id);
    CHECK(executed.ok(), "the block executes");
    state = *executed->applied.chain;
  }
}

int run(const std::string& genesis, const std::string& forks, const std::string& home,
        std::int64_t heights) {
  testing::SyntheticChainOptions options;
  options.heights = heights;
  options.forks =
      protocol::HeimdallForks::from_json(parse_json(records::read_text(forks).value()).value())
          .value();
  const auto chain = testing::make_synthetic_chain(records::read_text(genesis).value(),
                                                   one_thread_engine(), options);
  std::filesystem::create_directories(home + "/config");
  std::ofstream(home + "/config/genesis.json") << chain.genesis_text;
  write_chain(chain, home + "/data");
  std::printf("%s has %zu blocks.\n", home.c_str(), chain.records.size());
  return 0;
}

}  // namespace
}  // namespace buri::bench

int main(int count, char** arguments) {
  if (count != 5) {
    std::fprintf(stderr, "usage: sync-home GENESIS FORKS DIR HEIGHTS\n");
    return 2;
  }
  return buri::bench::run(arguments[1], arguments[2], arguments[3], std::atoll(arguments[4]));
}
