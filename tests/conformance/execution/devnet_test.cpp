#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "tests/conformance/execution/archive.hpp"
#include "tests/conformance/execution/devnet_replay.hpp"

/// The recorded Bor chains: every fork up to Giugliano, each block's gas, receipts root and state
/// root.

namespace buri::testing {
namespace {

using protocol::BorFork;

struct Recording {
  std::string_view folder;
  std::string_view blocks;
  /// The state root is computed, slowly, for every so many blocks.
  std::uint64_t root_every;
  bool is_long = false;  ///< runs with BURI_TEST_LONG=1 alone
};

class RecordedChains : public ::testing::TestWithParam<Recording> {};

TEST_P(RecordedChains, HaveOurGasReceiptsAndRoots) {
  if (GetParam().is_long && std::getenv("BURI_TEST_LONG") == nullptr) {
    GTEST_SKIP() << GetParam().folder << " takes long: set BURI_TEST_LONG=1";
  }
  const auto folder = fixture_path("../golden/bor-devnet/" + std::string(GetParam().folder));
  if (!folder) GTEST_SKIP() << GetParam().folder << " is absent: set BURI_FIXTURES";
  const std::string packed = read_xz(*folder + "/" + std::string(GetParam().blocks));
  RlpReader blocks(as_bytes(packed));
  Replay replay(read_chain(*folder));
  const protocol::BorForks& forks = replay.chain().forks;
  std::size_t transactions = 0;
  double seconds = 0;  // of execution and receipts, without senders and state roots
  double gas = 0;
  for (std::uint64_t number = 1; !blocks.at_end(); ++number) {
    const RecordedBlock block =
        read_block(blocks, replay.chain().chain_id, forks.is_active(BorFork::kJaipur, number));
    ASSERT_EQ(block.number, number);
    const auto start = std::chrono::steady_clock::now();
    const ReplayedBlock replayed = replay.execute(block);
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    gas += static_cast<double>(replayed.gas_used);
    ASSERT_EQ(replayed.refusal, "") << "block " << number;
    ASSERT_EQ(replayed.gas_used, block.gas_used) << "block " << number;
    ASSERT_EQ(replayed.receipts_root, block.receipts_root) << "block " << number;
    if (number % GetParam().root_every == 0 || blocks.at_end()) {
      ASSERT_EQ(replay.state().root(), block.state_root) << "block " << number;
    }
    transactions += replayed.transactions.size();
  }
  std::printf("%s: %zu transactions, %.0f Mgas/s\n", GetParam().folder.data(), transactions,
              gas / seconds / 1e6);
}

INSTANTIATE_TEST_SUITE_P(Devnet, RecordedChains,
                         ::testing::Values(Recording{"chain-a", "blocks.rlp.xz", 1},
                                           Recording{"chain-b", "blocks.rlp.xz", 1},
                                           Recording{"chain-h", "blocks-heavy.rlp.xz", 20, true},
                                           Recording{"chain-z", "blocks.rlp.xz", 1}),
                         [](const auto& info) { return std::string(info.param.folder.substr(6)); });

}  // namespace
}  // namespace buri::testing
