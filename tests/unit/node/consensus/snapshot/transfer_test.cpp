#include "node/consensus/snapshot/transfer.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "node/consensus/blocks/records.hpp"
#include "node/consensus/snapshot/tree_records.hpp"
#include "tests/support/iavl/random_heights.hpp"
#include "tests/unit/node/consensus/snapshot/recorded_node.hpp"
#include "tests/unit/node/golden.hpp"

/// Snapshots of the recorded chain B: imported anywhere, the chain goes on to the recorded hashes.

namespace buri::consensus::snapshot {
namespace {

using testing::chunks_of;
using testing::file_of;
using testing::kLastExported;
using testing::RecordedNode;

RecordedNode& whole_node() {
  static RecordedNode node;
  static const bool kRan = node.run_to(kLastExported + 1);
  CHECK(kRan, "the recorded chain executes");
  return node;
}
const Bytes& snapshot_100() {
  static const Bytes kFile = whole_node().snapshot(100);
  return kFile;
}
/// Why a snapshot with another chain part is refused; "" if it is not.
std::string refusal(const std::function<void(ChainPart&)>& change) {
  auto chunks = chunks_of(snapshot_100());
  ChainPart part = decode_chain_part(chunks[0].content).value();
  change(part);
  chunks[0].content = encode_chain_part(part);
  RecordedNode node;
  const std::string reason = node.import(file_of(chunks));
  EXPECT_EQ(node.stores().state->height(), reason.empty() ? 100 : 0);
  return reason;
}
void expect_refused(const std::function<void(ChainPart&)>& change, std::string_view why) {
  const std::string reason = refusal(change);
  EXPECT_NE(reason.find(why), std::string::npos) << "\"" << reason << "\", expected " << why;
}
engine::ValidatorSet changed_set(const engine::ValidatorSet& set,
                                 const std::function<void(engine::Validator&)>& change) {
  std::vector<engine::Validator> members(set.validators().begin(), set.validators().end());
  change(members.front());
  return engine::ValidatorSet::restore(std::move(members), set.proposer().address).value();
}

TEST(Snapshot, AnImportedChainGoesOnToTheRecordedHashes) {
  for (const std::int64_t height : {1, 40, 100, 131, 159}) {
    SCOPED_TRACE(height);
    RecordedNode node;
    ASSERT_EQ(node.import(whole_node().snapshot(height)), "");
    EXPECT_EQ(node.stores().state->height(), height);
    EXPECT_EQ(node.shake_hands(), "");
    ASSERT_TRUE(node.run_to(kLastExported + 1));
    EXPECT_EQ(node.stores().blocks->base(), height);
    const auto chain = node.stores().chain->load();
    const auto other = whole_node().stores().chain->load();
    EXPECT_EQ(blocks::encode_head(*chain), blocks::encode_head(*other));
    EXPECT_TRUE(std::ranges::equal(chain->next_validators.validators(),
                                   other->next_validators.validators()))
        << "with priorities";
  }
}

TEST(Snapshot, AllKeysAndTheBlockComeAlong) {
  RecordedNode node;
  ASSERT_EQ(node.import(snapshot_100()), "");
  const auto mine = node.stores().state->view(100);
  const auto theirs = whole_node().stores().state->view(100);
  for (std::size_t i = 0; i < iavl::heimdall_stores().size(); ++i) {
    EXPECT_EQ(buri::testing::content_of(mine->store(i)),
              buri::testing::content_of(theirs->store(i)));
  }
  for (const auto& ask :
       {&blocks::BlockStore::encoded_block, &blocks::BlockStore::encoded_extended_commit}) {
    EXPECT_EQ((node.stores().blocks->*ask)(100), (whole_node().stores().blocks->*ask)(100));
  }
  EXPECT_EQ(node.stores().chain->results(100), whole_node().stores().chain->results(100));
}

TEST(Snapshot, OfAnImportedNodeIsTheSameByteForByte) {
  RecordedNode node;
  ASSERT_EQ(node.import(whole_node().snapshot(40)), "");
  EXPECT_EQ(exportable(node.stores()).first, 0) << "the block above is missing";
  ASSERT_TRUE(node.run_to(101));
  const Heights heights = exportable(node.stores());
  EXPECT_EQ(heights.first, 40);
  EXPECT_EQ(heights.last, 100);
  EXPECT_EQ(node.snapshot(100), snapshot_100());
}

TEST(Snapshot, DamageAnywhereIsRefused) {
  const Bytes& file = snapshot_100();
  ASSERT_GT(file.size(), 10'000u);
  std::size_t step = 1;
  for (std::size_t at = 0; at < file.size(); at += step) {
    Bytes damaged = file;
    damaged[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
    RecordedNode node;
    ASSERT_NE(node.import(damaged), "") << "byte " << at;
    ASSERT_EQ(node.stores().state->height(), 0);
    if (at > 80) step = file.size() / 60;
  }
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{5}, file.size() / 2, file.size() - 1}) {
    RecordedNode node;
    EXPECT_NE(node.import(ByteView(file).first(size)), "") << size;
  }
  Bytes longer = file;
  longer.push_back(0);
  RecordedNode node;
  EXPECT_EQ(node.import(longer), "there are bytes behind the last chunk");
}

TEST(Snapshot, ChunksCannotBeLeftOutOrMoved) {
  const auto chunks = chunks_of(snapshot_100());
  // Cut small, so that there are several chunks of trees.
  std::vector<Chunk> small{chunks[0]};
  struct Splitter final : iavl::TreeSink {
    explicit Splitter(std::vector<Chunk>& into) : chunks(into) {}
    std::vector<Chunk>& chunks;
    TreeRecordWriter out{[this](ByteView chunk) -> Taken {
      chunks.push_back({ChunkKind::kTrees, Bytes(chunk.begin(), chunk.end())});
      return Unit{};
    }};
    Taken begin_store(std::size_t store, std::uint64_t leaves) override {
      RETURN_IF_ERROR(out.flush());
      return out.begin_store(store, leaves);
    }
    Taken leaf(ByteView key, ByteView value, std::int64_t version) override {
      return out.leaf(key, value, version);
    }
    Taken inner(std::int64_t version) override { return out.inner(version); }
  };
  Splitter splitter(small);
  for (std::size_t i = 1; i < chunks.size(); ++i) {
    ASSERT_TRUE(read_tree_records(chunks[i].content, splitter).ok());
  }
  ASSERT_TRUE(splitter.out.flush().ok());
  ASSERT_EQ(small.size(), 13u) << "one for each store";
  {
    RecordedNode node;
    EXPECT_EQ(node.import(file_of(small)), "") << "how it is cut does not matter";
  }
  for (std::size_t i = 1; i < small.size(); ++i) {
    auto without = small;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    RecordedNode node;
    EXPECT_NE(node.import(file_of(without)), "") << i;
    if (i + 1 == small.size()) continue;
    auto swapped = small;
    std::swap(swapped[i], swapped[i + 1]);
    RecordedNode other;
    EXPECT_NE(other.import(file_of(swapped)), "") << i;
  }
}

TEST(Snapshot, AStateThatDoesNotBelongToTheBlocksIsRefused) {
  EXPECT_EQ(refusal([](ChainPart&) {}), "");
  expect_refused([](ChainPart& p) { p.chain.app_hash[0] ^= 1; }, "app hash");
  expect_refused([](ChainPart& p) { p.chain.last_results_hash.bytes[0] ^= 1; }, "results");
  expect_refused([](ChainPart& p) { p.chain.chain_id += "x"; }, "expected 100 of");
  expect_refused([](ChainPart& p) { p.chain.last_height = 99; }, "expected 99 of");
  expect_refused([](ChainPart& p) { p.chain.last_time.seconds += 1; }, "time");
  expect_refused([](ChainPart& p) { p.chain.last_block_id.hash->bytes[0] ^= 1; }, "hash");
  expect_refused([](ChainPart& p) { p.chain.last_block_id.parts.total += 1; }, "parts");
  expect_refused([](ChainPart& p) { p.chain.params.max_block_bytes += 1; }, "consensus");
  expect_refused([](ChainPart& p) { p.chain.params.extensions_height = 0; }, "extensions");
  expect_refused([](ChainPart& p) { p.results.push_back(1); }, "results");
  expect_refused([](ChainPart& p) { p.block.pop_back(); }, "block 100");
  expect_refused([](ChainPart& p) { p.next_block = p.block; }, "block 101");
  expect_refused([](ChainPart& p) { p.commit = p.next_commit; }, "commit of block 100");
  expect_refused([](ChainPart& p) { p.next_commit = p.commit; }, "block 101");
  expect_refused([](ChainPart& p) { p.commit.signatures[0].vote.signature[3] ^= 1; },
                 "commit of block 100");
  expect_refused([](ChainPart& p) { p.commit.signatures[0].extension_signature[3] ^= 1; },
                 "extended commit of block 100");
  expect_refused([](ChainPart& p) { p.next_commit.signatures[0].vote.signature[3] ^= 1; },
                 "block 101");
}

TEST(Snapshot, ValidatorsThatTheHeadersDoNotNameAreRefused) {
  const auto power = [](engine::Validator& v) { v.voting_power += 1'000'000; };
  const auto address = [](engine::Validator& v) { v.address.bytes[19] ^= 1; };
  const auto priority = [](engine::Validator& v) { v.proposer_priority += 1'000'000; };
  for (const auto member : {&engine::ChainState::last_validators, &engine::ChainState::validators,
                            &engine::ChainState::next_validators}) {
    for (const auto& change : {std::function<void(engine::Validator&)>(power), {priority}}) {
      EXPECT_NE(
          refusal([&](ChainPart& p) { p.chain.*member = changed_set(p.chain.*member, change); }),
          "");
    }
  }
  // An address is its key's, whatever the order of the set.
  auto chunks = chunks_of(snapshot_100());
  ChainPart part = decode_chain_part(chunks[0].content).value();
  std::vector<engine::Validator> members(part.chain.next_validators.validators().begin(),
                                         part.chain.next_validators.validators().end());
  const bool is_proposer = members.back().address == part.chain.next_validators.proposer().address;
  address(members.back());
  auto forged = engine::ValidatorSet::restore(
      members,
      is_proposer ? members.back().address : part.chain.next_validators.proposer().address);
  if (!forged.ok()) return;  // the order forbids it
  part.chain.next_validators = std::move(forged).value();
  chunks[0].content = encode_chain_part(part);
  RecordedNode node;
  EXPECT_NE(node.import(file_of(chunks)).find("its key that of"), std::string::npos);
}

TEST(Snapshot, APriorityThatOnlyShiftsTheRotationIsFoundByWhoProposed) {
  // Sums stay as they are: what is left to tell is the proposer of the block above.
  std::size_t refused = 0;
  const ChainPart part = decode_chain_part(chunks_of(snapshot_100())[0].content).value();
  for (std::size_t i = 0; i < part.chain.validators.size(); ++i) {
    const Address other = part.chain.validators.validators()[i].address;
    if (other == part.chain.validators.proposer().address) continue;
    const std::string reason = refusal([&](ChainPart& p) {
      std::vector<engine::Validator> members(p.chain.validators.validators().begin(),
                                             p.chain.validators.validators().end());
      p.chain.validators = engine::ValidatorSet::restore(std::move(members), other).value();
    });
    if (reason.find("would not have proposed") != std::string::npos) ++refused;
  }
  EXPECT_EQ(refused, part.chain.validators.size() - 1);
}

TEST(Snapshot, TheCallerMayTrustAnotherHeader) {
  RecordedNode node;
  Hash256 told;
  const std::string reason = node.import(
      snapshot_100(), [&](const ChainPart& part, const ChainProof& proof) -> Status<std::string> {
        EXPECT_EQ(part.height(), 100);
        told = proof.next_hash;
        return Failure{std::string("not this one")};
      });
  EXPECT_EQ(reason, "not this one");
  EXPECT_EQ(told, *whole_node().stores().blocks->meta(101)->block_id.hash);
  EXPECT_EQ(node.stores().blocks->height(), 0) << "nothing was written";
}

}  // namespace
}  // namespace buri::consensus::snapshot
