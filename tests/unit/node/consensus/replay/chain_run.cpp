#include "tests/unit/node/consensus/replay/chain_run.hpp"

#include <filesystem>

#include "node/consensus/app/genesis_import.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::replay {

ChainFiles bundled_chain() {
  const std::string folder = "tests/golden/heimdall-devnet-b/";
  const auto json = parse_json(testing::golden_text("heimdall-devnet-b/forks.json"));
  return {folder + "genesis.json.xz", folder + "blocks.jsonl.xz", folder + "writes.jsonl.xz",
          protocol::HeimdallForks::from_json(json.value()).value()};
}

std::optional<ChainFiles> chain_a() {
  const std::string folder = testing::fixtures_folder() + "/../golden/heimdall-devnet/A/";
  if (!std::filesystem::exists(folder)) return std::nullopt;
  using enum protocol::HeimdallFork;
  auto forks = protocol::HeimdallForks()
                   .set(kRio, 384)
                   .set(kTallyFix, 15)
                   .set(kProducerDowntime, 100)
                   .set(kPhuket, 60)
                   .set(kFeeWithdrawGate, 80)
                   .set(kZurich, 130)
                   .set(kIthaca, 190);
  return ChainFiles{folder + "genesis.json.xz", folder + "blocks.jsonl.xz",
                    folder + "writes.jsonl.xz", forks};
}

app::Genesis read_genesis(const ChainFiles& files) {
  return app::open_genesis(app::in_memory(records::read_text(files.genesis).value())).value();
}

std::vector<DecodedHeight> read_heights(const ChainFiles& files) {
  std::vector<DecodedHeight> heights;
  const auto read = records::for_each_block(
      files.blocks, [&](const records::BlockRecord& record) -> Status<records::RecordError> {
        heights.push_back(decode_height(record).value());
        return Unit{};
      });
  CHECK(read.ok(), "the recorded chain reads");
  return heights;
}

MemoryHome::MemoryHome() : database_(disk_.open(iavl::Multistore::families())) {
  iavl::MultistoreOptions options;
  options.background = false;
  multistore_ = iavl::Multistore::open(*database_, testing::engine(), options).value();
}

ChainRun::ChainRun(const ChainFiles& files) : heights_(read_heights(files)) {
  const app::Genesis genesis = read_genesis(files);
  app_ = std::make_unique<app::Application>(
      app::ChainOptions{genesis.head.chain_id, files.forks},
      app::AppServices{&home_.database(), &home_.multistore(), &testing::engine(), facts_.facts()});
  CHECK(app_->init_chain(genesis).ok(), "the recorded genesis imports");
}

const DecodedHeight& ChainRun::at(std::int64_t height) const {
  return heights_[static_cast<std::size_t>(height - heights_.front().record.height)];
}

void ChainRun::step() {
  const engine::Header& header = next().block.header;
  const auto result = app_->finalize_block({.height = header.height,
                                            .time = {header.time.seconds, header.time.nanos},
                                            .proposer = header.proposer_address,
                                            .txs = next().block.txs});
  CHECK(result.ok() && result->app_hash == next().record.app_hash, "the recorded block executes");
  CHECK(app_->commit(storage::Durability::kOrdered).ok(), "memory does not fail");
  ++place_;
}

void ChainRun::run_to(std::int64_t height) {
  while (next().record.height < height) step();
}

app::ProposedBlock ChainRun::proposal() const {
  const engine::Block& block = next().block;
  app::ProposedBlock proposal{.height = block.header.height,
                              .time = {block.header.time.seconds, block.header.time.nanos},
                              .proposer = block.header.proposer_address,
                              .last_commit = {.round = block.last_commit.round, .votes = {}},
                              .txs = block.txs};
  for (std::size_t i = 0; i < block.last_commit.signatures.size(); ++i) {
    const engine::Validator& member = at(block.header.height - 1).validators[i];
    proposal.last_commit.votes.push_back(
        {{member.address.bytes.begin(), member.address.bytes.end()},
         member.voting_power,
         static_cast<std::int32_t>(block.last_commit.signatures[i].flag)});
  }
  return proposal;
}

}  // namespace buri::consensus::replay
