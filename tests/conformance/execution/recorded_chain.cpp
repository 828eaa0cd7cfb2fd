#include "tests/conformance/execution/recorded_chain.hpp"

#include <filesystem>

#include "accel/hasher.hpp"
#include "node/execution/chain/genesis_block.hpp"
#include "node/storage/rocks_database.hpp"
#include "tests/conformance/execution/archive.hpp"

namespace buri::testing {
namespace {

using namespace execution::chain;

template <class R>
auto expect(R result) {
  CHECK(result.ok(), "a recording has another form");
  return std::move(result).value();
}

HeimdallFile read_heimdall(const std::string& path) {
  const auto document = expect(parse_json(read_xz(path), {.max_bytes = std::size_t{1} << 28,
                                                          .max_depth = 32,
                                                          .max_values = 10'000'000,
                                                          .max_members = 1000}));
  return expect(HeimdallFile::read(document));
}

std::vector<Block> read_blocks(const std::string& folder) {
  const std::string heavy = folder + "/blocks-heavy.rlp.xz";
  const std::string packed =
      read_xz(std::filesystem::exists(heavy) ? heavy : folder + "/blocks.rlp.xz");
  RlpReader reader(as_bytes(packed));
  std::vector<Block> blocks;
  while (!reader.at_end()) blocks.push_back(expect(next_block(reader)));
  return blocks;
}

std::unique_ptr<storage::Database> open_database() {
  storage::RocksOptions options;
  options.folder = "/recorded-chain";
  options.in_memory = true;
  return expect(storage::open_rocks_database(options, execution_families()));
}

}  // namespace

RecordedChain::RecordedChain(const std::string& folder, Lanes* lanes)
    : engine_(expect(accel::Engine::start(accel::best_cpu_backend_alone(1)))),
      genesis_(expect(parse_genesis(read_xz(folder + "/genesis.json.xz")))),
      heimdall_(read_heimdall(folder + "/heimdall.json.xz")),
      blocks_(read_blocks(folder)),
      database_(open_database()),
      store_(expect(
          execution::state::StateStore::open(*database_, accel::best_hasher().keccak256_batch))),
      block_store_(std::make_unique<BlockStore>(*database_)) {
  CHECK(begin_chain(genesis_, *store_, *block_store_).ok(), "the stores take the genesis over");
  states_ = std::make_unique<DurableStates>(*store_);
  set_clock(blocks_.back().header.time + 1);
  chain_ = expect(Chain::start(
      genesis_.config, {*engine_, heimdall_, *states_, *block_store_, codes_, clock_, lanes}));
}

void RecordedChain::set_clock(std::uint64_t unix_seconds) {
  clock_.set_wall(WallTime(std::chrono::seconds(unix_seconds)));
}

/// Hands the blocks up to `number` to `import`, which tells of a fault in words.
template <class ImportOne>
Status<std::string> RecordedChain::import_each(std::uint64_t number, const ImportOne& import) {
  constexpr std::size_t kWindow = 64;
  std::size_t next = chain_->head().block.header.number;
  while (next < number) {
    const std::size_t count = std::min<std::size_t>(kWindow, number - next);
    auto signers =
        recover_signers(std::span(blocks_).subspan(next, count), genesis_.config, *engine_);
    for (std::size_t i = 0; i < count; ++i, ++next) {
      const Result<ImportResult, std::string> result = import(blocks_[next], std::move(signers[i]));
      if (!result.ok()) return Failure{result.error()};
      if (*result != ImportResult::kHead) {
        return Failure{"block " + std::to_string(next + 1) + " does not become the head"};
      }
    }
  }
  return Unit{};
}

Status<std::string> RecordedChain::import_to(std::uint64_t number) {
  return import_each(number, [&](const Block& block, BlockSigners signers) {
    auto result = chain_->import(block, std::move(signers));
    if (result.ok()) return Result<ImportResult, std::string>(*result);
    return Result<ImportResult, std::string>(
        Failure{"block " + std::to_string(block.header.number) + ": " + describe(result.error())});
  });
}

Status<std::string> RecordedChain::import_ahead_to(std::uint64_t number) {
  const auto told = [](const AheadFault& fault) {
    return Failure{"block " + std::to_string(fault.block_number) + ": " + describe(fault.fault)};
  };
  if (const auto settled = chain_->settle(); !settled.ok()) return told(settled.error());
  return import_each(number, [&](const Block& block, BlockSigners signers) {
    auto result = chain_->import_ahead(block, std::move(signers));
    if (result.ok()) return Result<ImportResult, std::string>(*result);
    return Result<ImportResult, std::string>(told(result.error()));
  });
}

}  // namespace buri::testing
