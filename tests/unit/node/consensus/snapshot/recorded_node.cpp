#include "tests/unit/node/consensus/snapshot/recorded_node.hpp"

#include <gtest/gtest.h>

#include "node/consensus/host/abci_values.hpp"
#include "node/consensus/host/handshake.hpp"

namespace buri::consensus::snapshot::testing {
namespace {

const std::vector<replay::DecodedHeight>& recorded() {
  static const auto kHeights = replay::read_heights(replay::bundled_chain());
  return kHeights;
}
const app::Genesis& genesis() {
  static const auto kGenesis = replay::read_genesis(replay::bundled_chain());
  return kGenesis;
}

std::vector<storage::FamilySpec> block_families() {
  auto families = blocks::BlockStore::families();
  for (const auto& family : blocks::StateStore::families()) families.push_back(family);
  return families;
}

/// What a node that saw the recorded commit keeps.
engine::ExtendedCommitRecord commit_of(const records::BlockRecord& record) {
  if (!record.extended_commit.empty()) {
    return engine::decode_extended_commit(record.extended_commit).value();
  }
  const auto commit = engine::decode_commit(record.seen_commit).value();
  engine::ExtendedCommitRecord plain{commit.height, commit.round, commit.block_id, {}};
  for (const auto& entry : commit.signatures) plain.signatures.push_back({entry, {}, {}, {}, {}});
  return plain;
}

}  // namespace

RecordedNode::RecordedNode()
    : state_database_(state_disk_.open(iavl::Multistore::families())),
      block_database_(block_disk_.open(block_families())) {
  iavl::MultistoreOptions options;
  options.background = false;
  options.tree_cache_bytes = 128 * 500;  // so that imports spill
  options.anchor_interval_heights = 32;
  state_ = iavl::Multistore::open(*state_database_, buri::testing::engine(), options).value();
  blocks_ = blocks::BlockStore::open(*block_database_).value();
  chain_ = blocks::StateStore::open(*block_database_).value();
}

app::Application& RecordedNode::application() {
  if (application_ == nullptr) {
    application_ = std::make_unique<app::Application>(
        app::ChainOptions{genesis().head.chain_id, replay::bundled_chain().forks},
        app::AppServices{state_database_.get(), state_.get(), &buri::testing::engine(),
                         facts_.facts()});
  }
  return *application_;
}

bool RecordedNode::run_to(std::int64_t height) {
  app::Application& app = application();
  if (app.height() == 0) {
    const auto answer = app.init_chain(genesis());
    CHECK(answer.ok(), "the recorded genesis imports");
    const auto first =
        host::genesis_chain(buri::testing::engine(), genesis().head, *answer).value();
    CHECK(chain_->save_genesis(first).ok(), "memory does not fail");
  }
  for (std::int64_t next = app.height() + 1; next <= height; ++next) {
    const replay::DecodedHeight& recorded_height = recorded()[static_cast<std::size_t>(next - 1)];
    const engine::Header& header = recorded_height.block.header;
    const auto before = chain_->load();
    const auto result = app.finalize_block({.height = next,
                                            .time = {header.time.seconds, header.time.nanos},
                                            .proposer = header.proposer_address,
                                            .txs = recorded_height.block.txs});
    if (!result.ok() || result->app_hash != recorded_height.record.app_hash) {
      ADD_FAILURE() << "block " << next << " does not give the recorded app hash";
      return false;
    }
    const auto commit = commit_of(recorded_height.record);
    const auto outcome = host::outcome_of(buri::testing::engine(), *result, before->params).value();
    const auto after = before->after(header, commit.block_id, outcome).value();
    const auto parts = engine::PartSet::split(recorded_height.record.block);
    CHECK(blocks_->save(recorded_height.block, parts, commit, before->has_extensions(next)).ok() &&
              chain_->save_results(next, recorded_height.record.finalize_block_response).ok() &&
              app.commit(storage::Durability::kSynced).ok() && chain_->save(after).ok(),
          "memory does not fail");
    while (state_->maintain().value()) {
    }
  }
  return true;
}

std::string RecordedNode::shake_hands() {
  host::HandshakeServices services;
  services.execution.crypto = &buri::testing::engine();
  services.execution.application = &application();
  services.execution.states = chain_.get();
  services.blocks = blocks_.get();
  const auto shaken = host::shake_hands(services, genesis());
  if (!shaken.ok()) return shaken.error();
  return shaken->replayed == 0 ? "" : "blocks were executed again";
}

Bytes RecordedNode::snapshot(std::int64_t height) {
  Bytes file;
  ChunkWriter writer(buri::testing::engine(), [&file](ByteView bytes) -> Status<std::string> {
    append(file, bytes);
    return Unit{};
  });
  const auto done = export_snapshot(stores(), height, writer, [](const Progress&) {});
  EXPECT_TRUE(done.ok()) << (done.ok() ? "" : done.error());
  return file;
}

std::string RecordedNode::import(ByteView file, const Judge& judge) {
  MemoryFile memory{file};
  ChunkReader reader = memory.reader();
  const auto done = import_snapshot(stores(), reader, judge, [](const Progress&) {});
  return done.ok() ? "" : done.error();
}

Judge RecordedNode::accept() {
  return [](const ChainPart&, const ChainProof&) -> Status<std::string> { return Unit{}; };
}

ChunkReader MemoryFile::reader() {
  return {buri::testing::engine(),
          [this](std::span<std::uint8_t> into) -> Result<std::size_t, std::string> {
            const std::size_t count = std::min(into.size(), rest.size());
            std::copy_n(rest.begin(), count, into.begin());
            rest = rest.subspan(count);
            return count;
          }};
}

std::vector<Chunk> chunks_of(ByteView file) {
  MemoryFile memory{file};
  ChunkReader reader = memory.reader();
  std::vector<Chunk> chunks;
  while (chunks.empty() || chunks.back().kind != ChunkKind::kEnd) {
    chunks.push_back(reader.next().value());
  }
  chunks.pop_back();
  return chunks;
}

Bytes file_of(const std::vector<Chunk>& chunks) {
  Bytes file;
  ChunkWriter writer(buri::testing::engine(), [&file](ByteView bytes) -> Status<std::string> {
    append(file, bytes);
    return Unit{};
  });
  for (const Chunk& chunk : chunks) CHECK(writer.add(chunk.kind, chunk.content).ok(), "memory");
  CHECK(writer.end().ok(), "memory");
  return file;
}

}  // namespace buri::consensus::snapshot::testing
