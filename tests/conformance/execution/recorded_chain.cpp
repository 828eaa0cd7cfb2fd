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
  chain_ = expect(Chain::start(genesis_.config,
                               {*engine_, heimdall_, *states_, *block_store_, codes_, clock_, lanes}));
}

void RecordedChain::set_clock(std::uint64_t unix_seconds) {
  clock_.set_wall(WallTime(std::chrono::seconds(unix_seconds)));
}

Status<std::string> RecordedChain::import_to(std::uint64_t number) {
  constexpr std::size_t kWindow = 64;
  std::size_t next = chain_->head().block.header.number;
  while (next < number) {
    const std::size_t count = std::min<std::size_t>(kWindow, number - next);
    auto signers =
        recover_signers(std::span(blocks_).subspan(next, count), genesis_.config, *engine_);
    for (std::size_t i = 0; i < count; ++i, ++next) {
      const auto result = chain_->import(blocks_[next], std::move(signers[i]));
      if (!result.ok()) {
        return Failure{"block " + std::to_string(next + 1) + ": " + describe(result.error())};
      }
      if (*result != ImportResult::kHead) {
        return Failure{"block " + std::to_string(next + 1) + " does not become the head"};
      }
    }
  }
  return Unit{};
}

}  // namespace buri::testing
