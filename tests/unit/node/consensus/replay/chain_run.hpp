#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/consensus/app/application.hpp"
#include "node/consensus/app/offline_facts.hpp"
#include "node/consensus/replay/signature_warming.hpp"
#include "tests/support/storage/simulated_disk.hpp"

/// A recorded chain that a test executes height by height.

namespace buri::consensus::replay {

/// Where a recorded chain lies and which forks it has.
struct ChainFiles {
  std::string genesis;
  std::string blocks;
  std::string writes;
  protocol::HeimdallForks forks;
};
/// Chain B, bundled with the repository.
ChainFiles bundled_chain();
/// Chain A beside the large suites; nothing where it is absent.
std::optional<ChainFiles> chain_a();

app::Genesis read_genesis(const ChainFiles& files);
std::vector<DecodedHeight> read_heights(const ChainFiles& files);

/// Stores in memory.
class MemoryHome {
 public:
  MemoryHome();
  storage::Database& database() { return *database_; }
  iavl::Multistore& multistore() { return *multistore_; }

 private:
  testing::SimulatedDisk disk_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<iavl::Multistore> multistore_;
};

/// An application that has begun with the chain's genesis, and executes its heights in order.
class ChainRun {
 public:
  explicit ChainRun(const ChainFiles& files);

  [[nodiscard]] const std::vector<DecodedHeight>& heights() const { return heights_; }
  /// The height with that number, and the next to be executed.
  [[nodiscard]] const DecodedHeight& at(std::int64_t height) const;
  [[nodiscard]] const DecodedHeight& next() const { return heights_[place_]; }
  [[nodiscard]] bool at_end() const { return place_ == heights_.size(); }
  app::Application& app() { return *app_; }

  /// Executes and commits the next height.
  void step();
  /// Until `height` is the next.
  void run_to(std::int64_t height);

  /// The next block as its proposer sent it.
  [[nodiscard]] app::ProposedBlock proposal() const;

 private:
  std::vector<DecodedHeight> heights_;
  std::size_t place_ = 0;
  MemoryHome home_;
  app::OfflineFacts facts_;
  std::unique_ptr<app::Application> app_;
};

}  // namespace buri::consensus::replay
