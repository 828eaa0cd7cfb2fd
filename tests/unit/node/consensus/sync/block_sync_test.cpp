#include "node/consensus/sync/block_sync.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "base/random.hpp"
#include "node/consensus/p2p/channels.hpp"
#include "node/consensus/sync/sync_reactor.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/consensus/engine/recorded_blocks.hpp"
#include "tests/unit/node/golden.hpp"

/// Chain B synced whole from nodes that have it, over a network of messages, with peers among them
/// that send bad blocks, claim what nobody has or say nothing.

namespace buri::consensus::sync {
namespace {

const std::vector<records::BlockRecord>& chain_b() {
  static const auto kBlocks = engine::recorded_blocks();
  return kBlocks;
}

p2p::NodeId number(std::uint8_t value) {
  p2p::NodeId id;
  id.bytes[0] = value;
  return id;
}

struct Mail {
  p2p::NodeId from;
  p2p::NodeId to;
  Bytes message;
};

/// One node's side of the network: what it sends goes into the common mail.
class Side final : public p2p::PeerNetwork {
 public:
  Side(p2p::NodeId own, std::deque<Mail>& mail) : own_(own), mail_(&mail) {}
  bool send(const p2p::NodeId& to, std::uint8_t /*channel*/, Bytes message) override {
    if (!peers.contains(to)) return false;
    mail_->push_back({own_, to, std::move(message)});
    return true;
  }
  [[nodiscard]] bool can_send(const p2p::NodeId& to, std::uint8_t /*channel*/) const override {
    return peers.contains(to);
  }
  std::size_t broadcast(std::uint8_t channel, ByteView message) override {
    for (const auto& id : peers) send(id, channel, {message.begin(), message.end()});
    return peers.size();
  }
  void disconnect(const p2p::NodeId& id, p2p::Refusal /*reason*/) override {
    dropped.insert(id);
    peers.erase(id);
  }
  void mark_good(const p2p::NodeId& /*id*/) override {}

  std::set<p2p::NodeId> peers;
  std::set<p2p::NodeId> dropped;

 private:
  p2p::NodeId own_;
  std::deque<Mail>* mail_;
};

/// Knows what executing each recorded block gave.
class RecordedApplier final : public BlockApplier {
 public:
  Result<engine::ChainState, std::string> apply(const engine::ChainState& before,
                                                engine::Block block,
                                                const engine::BlockId& block_id) override {
    const auto place = static_cast<std::size_t>(block.header.height - 1);
    EXPECT_EQ(block_id.hash, chain_b()[place].block_hash);
    if (fails_at == block.header.height) return Failure{std::string("the application fails")};
    engine::ChainState next = engine::chain_after(before, chain_b()[place], chain_b()[place + 1]);
    if (errs_at == block.header.height) next.app_hash[0] ^= 1;
    return next;
  }
  std::int64_t errs_at = 0;
  std::int64_t fails_at = 0;
};

class Inline final : public host::Executor {
 public:
  void post(std::function<void()> work) override { work(); }
};

class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) {
    for (const auto& record : chain_b()) {
      const auto commit = engine::decode_extended_commit(record.extended_commit).value();
      EXPECT_TRUE(full_
                      ->save(engine::decode_block(record.block).value(),
                             engine::PartSet::split(record.block), commit, true)
                      .ok());
    }
    for (std::uint8_t i = 1; i <= kServers; ++i) {
      sides_.push_back(std::make_unique<Side>(number(i), mail_));
      sides_.back()->peers.insert(number(0));
      servers_.push_back(std::make_unique<SyncReactor>(*full_, *sides_.back(), executor_,
                                                       Logger("server", LogLevel::kOff)));
      own_.peers.insert(number(i));
    }
  }

  /// Until the top is reached, or nothing goes on for ten minutes.
  void run() {
    for (int step = 0; step < 6000 && !sync_.failure(); ++step) {
      while (sync_.tick()) {
      }
      if (sync_.chain().last_height == 159) return;
      deliver();
      clock_.advance(std::chrono::milliseconds(100));
    }
  }

  static constexpr std::uint8_t kServers = 5;
  static constexpr std::uint8_t kBad = 2;
  static constexpr std::uint8_t kBoaster = 3;
  static constexpr std::uint8_t kSilent = 4;

  /// The clock shows what it was so long after the chain's last block but one was made.
  void set_clock(std::chrono::seconds after) {
    const auto time = engine::decode_block(chain_b()[158].block).value().header.time;
    clock_.set_wall(WallTime(std::chrono::seconds(time.seconds) + after));
  }

  RecordedApplier& applier() { return applier_; }
  BlockSync& sync() { return sync_; }
  Side& own() { return own_; }
  blocks::BlockStore& store() { return *store_; }

 private:
  static engine::ChainState first_state() {
    engine::ChainState chain = engine::chain_before(chain_b()[0]);
    chain.params.extensions_height = 1;
    return chain;
  }

  void deliver() {
    for (auto left = mail_.size(); left > 0; --left) {
      Mail mail = std::move(mail_.front());
      mail_.pop_front();
      if (random_.next() % 3 == 0) {
        mail_.push_back(std::move(mail));
      } else if (mail.to == number(0)) {
        arrive(std::move(mail));
      } else if (own_.peers.contains(mail.to)) {
        serve(std::move(mail));
      }
    }
  }
  void serve(Mail mail) {
    const auto message = decode_block_message(mail.message).value();
    const auto* request = std::get_if<BlockRequest>(&message);
    if (mail.to == number(kSilent) && request != nullptr) return;
    if (mail.to == number(kBoaster) && request != nullptr && request->height > 160) return;
    servers_[mail.to.bytes[0] - 1U]->receive(mail.from,
                                             {p2p::kBlockSyncChannel, std::move(mail.message), {}});
  }
  void arrive(Mail mail) {
    if (!own_.peers.contains(mail.from)) {
      sync_.peer_removed(mail.from);
      return;
    }
    auto message = decode_block_message(mail.message).value();
    auto* block = std::get_if<BlockResponse>(&message);
    if (mail.from == number(kBad) && block != nullptr) {
      block->block.header.app_hash[random_.next() % 32] ^= 1;
    }
    auto* status = std::get_if<StatusResponse>(&message);
    if (mail.from == number(kBoaster) && status != nullptr) status->height = 1'000'000'000'000'000;
    sync_.receive(mail.from, std::move(message), mail.message.size());
  }

  RecordedApplier applier_;
  SeededRandom random_;
  ManualClock clock_;
  std::deque<Mail> mail_;
  Inline executor_;
  buri::testing::SimulatedDisk full_disk_;
  buri::testing::SimulatedDisk disk_;
  std::unique_ptr<storage::Database> full_database_ =
      full_disk_.open(blocks::BlockStore::families());
  std::unique_ptr<storage::Database> database_ = disk_.open(blocks::BlockStore::families());
  std::unique_ptr<blocks::BlockStore> full_ = blocks::BlockStore::open(*full_database_).value();
  std::unique_ptr<blocks::BlockStore> store_ = blocks::BlockStore::open(*database_).value();
  Side own_{number(0), mail_};
  std::vector<std::unique_ptr<Side>> sides_;
  std::vector<std::unique_ptr<SyncReactor>> servers_;
  engine::BatchedSignatures signatures_{buri::testing::engine(), first_state().chain_id};
  BlockSync sync_{{&buri::testing::engine(), &signatures_, store_.get(), &applier_, &own_, &clock_},
                  first_state(),
                  {},
                  Logger("sync", LogLevel::kOff)};
};

TEST(BlockSync, TheWholeChainComesWhateverSomePeersDo) {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    World world(seed);
    world.run();
    ASSERT_EQ(world.sync().chain().last_height, 159) << "seed " << seed;
    EXPECT_EQ(world.store().height(), 159);
    for (const std::int64_t height : {1, 80, 159}) {
      const auto& record = chain_b()[static_cast<std::size_t>(height - 1)];
      EXPECT_EQ(world.store().encoded_block(height), record.block);
      EXPECT_EQ(world.store().encoded_extended_commit(height), record.extended_commit);
    }
    EXPECT_TRUE(world.own().dropped.contains(number(World::kBad)));
    for (const std::uint8_t honest : {std::uint8_t{1}, World::kServers}) {
      EXPECT_FALSE(world.own().dropped.contains(number(honest))) << "seed " << seed;
    }
    EXPECT_FALSE(world.sync().failure());
  }
}

TEST(BlockSync, AClaimThatNobodyCanProveWrongDoesNotHoldUpAFreshChain) {
  for (const auto& [age, is_caught_up] :
       {std::pair(std::chrono::seconds(2), true), std::pair(std::chrono::seconds(-2), true),
        std::pair(std::chrono::seconds(600), false),
        std::pair(std::chrono::seconds(-600), false)}) {
    World world(3);
    world.run();
    ASSERT_EQ(world.sync().chain().last_height, 159);
    world.set_clock(age);
    EXPECT_EQ(world.sync().is_caught_up(), is_caught_up) << age.count();
  }
}

/// A node before the first block, with its warnings; what peers say is the test's.
struct EmptyNode {
  void hear(const p2p::NodeId& peer, const StatusResponse& status) {
    side.peers.insert(peer);
    EXPECT_TRUE(sync.receive(peer, status, 0));
  }

  std::deque<Mail> mail;
  Side side{number(0), mail};
  RecordedApplier applier;
  ManualClock clock;
  std::vector<std::string> warnings;
  buri::testing::SimulatedDisk disk;
  std::unique_ptr<storage::Database> database = disk.open(blocks::BlockStore::families());
  std::unique_ptr<blocks::BlockStore> store = blocks::BlockStore::open(*database).value();
  engine::ChainState chain = engine::chain_before(chain_b()[0]);
  engine::BatchedSignatures signatures{buri::testing::engine(), chain.chain_id};
  BlockSync sync{
      {&buri::testing::engine(), &signatures, store.get(), &applier, &side, &clock},
      chain,
      {},
      Logger("sync", LogLevel::kWarning,
             [this](LogLevel /*level*/, std::string_view line) { warnings.emplace_back(line); })};
};

/// Liars that come and go for ever would otherwise keep a node out of a chain that has stopped.
TEST(BlockSync, ClaimsThatNobodyMakesGoodKeepItForAMinute) {
  EmptyNode node;
  for (std::uint8_t second = 0; second < 70; ++second) {
    node.hear(number(static_cast<std::uint8_t>(second + 1)), StatusResponse{1000, 1});
    node.sync.tick();
    EXPECT_EQ(node.sync.is_caught_up(), second >= 60) << int{second};
    node.clock.advance(std::chrono::seconds(1));
  }
}

/// What a chain whose nodes all prune leaves to one that comes late.
TEST(BlockSync, BlocksThatNobodyKeepsAreToldOfTwiceAMinute) {
  EmptyNode node;
  node.hear(number(1), StatusResponse{1000, 900});
  for (int second = 0; second <= 100; ++second) {
    node.sync.tick();
    EXPECT_EQ(node.warnings.size(), static_cast<std::size_t>(second / 30)) << second;
    node.clock.advance(std::chrono::seconds(1));
  }
  ASSERT_FALSE(node.warnings.empty());
  EXPECT_NE(node.warnings[0].find("next_height=1 lowest_of_peers=900"), std::string::npos)
      << node.warnings[0];
}

TEST(BlockSync, ABlockThatContradictsThisNodeStopsItAndBlamesNobody) {
  World world(1);
  world.applier().errs_at = 40;
  world.run();
  ASSERT_TRUE(world.sync().failure());
  EXPECT_TRUE(world.sync().failure()->starts_with(
      "block 41 was decided and contradicts what this node has: "))
      << *world.sync().failure();
  EXPECT_FALSE(world.own().dropped.contains(number(1)));
}

TEST(BlockSync, AnApplicationThatFailsStopsIt) {
  World world(1);
  world.applier().fails_at = 30;
  world.run();
  EXPECT_EQ(world.sync().failure(), "the application fails");
  EXPECT_EQ(world.sync().chain().last_height, 29);
  EXPECT_FALSE(world.sync().tick());
}

}  // namespace
}  // namespace buri::consensus::sync
