#pragma once

#include "node/consensus/app/application.hpp"
#include "node/consensus/app/genesis_file.hpp"
#include "node/consensus/app/offline_facts.hpp"
#include "node/consensus/snapshot/transfer.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/consensus/replay/chain_run.hpp"
#include "tests/unit/node/golden.hpp"

/// A node's stores in memory that hold the recorded chain B up to some height, or take a snapshot.

namespace buri::consensus::snapshot::testing {

/// The last height whose block above is recorded, too.
inline constexpr std::int64_t kLastExported = 159;

class RecordedNode {
 public:
  RecordedNode();

  [[nodiscard]] NodeStores stores() {
    return {&buri::testing::engine(), state_.get(), blocks_.get(), chain_.get()};
  }
  buri::testing::SimulatedDisk& state_disk() { return state_disk_; }
  /// Executes and stores the recorded heights behind the newest one up to `height`; false and a
  /// failed expectation if one does not follow.
  bool run_to(std::int64_t height);
  /// Brings application, blocks and state to one height, as a node does at its start.
  std::string shake_hands();
  /// The file that export makes.
  Bytes snapshot(std::int64_t height);
  /// "" if the file was imported, else why not.
  std::string import(ByteView file, const Judge& judge = accept());
  static Judge accept();

 private:
  app::Application& application();

  buri::testing::SimulatedDisk state_disk_;
  buri::testing::SimulatedDisk block_disk_;
  std::unique_ptr<storage::Database> state_database_;
  std::unique_ptr<storage::Database> block_database_;
  std::unique_ptr<iavl::Multistore> state_;
  std::unique_ptr<blocks::BlockStore> blocks_;
  std::unique_ptr<blocks::StateStore> chain_;
  app::OfflineFacts facts_;
  std::unique_ptr<app::Application> application_;
};

/// The reader of a file in memory, and where it is.
struct MemoryFile {
  ByteView rest;
  ChunkReader reader();
};
/// The chunks of a file, unpacked; and a file of chunks.
std::vector<Chunk> chunks_of(ByteView file);
Bytes file_of(const std::vector<Chunk>& chunks);

}  // namespace buri::consensus::snapshot::testing
