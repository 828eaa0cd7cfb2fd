#include <gtest/gtest.h>

#include "node/consensus/p2p/channels.hpp"
#include "node/consensus/sync/block_message.hpp"
#include "tests/support/resident_memory.hpp"
#include "tests/unit/node/consensus/host/sim_cluster.hpp"

/// A node with an empty home syncs beside peers that want to stop it or fill its memory, each on
/// channel 0x40 through the real reactor: it reaches the top, hangs up on those that break a rule
/// and on no honest peer, and its memory stays within bounds.

namespace buri::consensus::sync {
namespace {

using host::testing::Cluster;
using host::testing::SimValidator;
using host::testing::Stranger;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kNobodysHeight = 1'000'000'000'000'000;
constexpr std::int64_t kHeights = 150;
constexpr std::size_t kMebibyte = std::size_t{1} << 20;

/// One peer's behaviour: told of the node's requests, answers as it likes.
class Hostile : public Stranger {
 public:
  Hostile(Cluster& cluster, std::uint8_t number) : cluster_(&cluster) { id_.bytes[19] = number; }

  [[nodiscard]] const p2p::NodeId& id() const override { return id_; }
  void dropped() override { is_dropped_ = true; }
  [[nodiscard]] bool is_dropped() const { return is_dropped_; }

  void receive(std::uint8_t channel, ByteView bytes) override {
    if (channel != p2p::kBlockSyncChannel) return;
    const auto message = decode_block_message(bytes).value();
    if (std::holds_alternative<StatusRequest>(message)) {
      asked_status();
    } else if (const auto* request = std::get_if<BlockRequest>(&message)) {
      asked_block(request->height);
    }
  }
  virtual void asked_status() { send(StatusResponse{kNobodysHeight, 1}); }
  virtual void asked_block(std::int64_t height) = 0;

 protected:
  /// As the network does, sends no more while the node holds more than 4 MiB of it.
  void send_bytes(Bytes message) {
    if (*held_ > 4 * kMebibyte) return;
    const std::size_t size = message.size();
    *held_ += size;
    p2p::MessageHold hold(nullptr, [held = held_, size](void*) { *held -= size; });
    cluster_->transmit(id_, cluster_->node(3).id(),
                       {p2p::kBlockSyncChannel, std::move(message), std::move(hold)});
  }
  void send(const BlockMessage& message) { send_bytes(encode_block_message(message)); }
  [[nodiscard]] std::optional<Bytes> real_block(std::int64_t height) const {
    return cluster_->node(1).served_block(height);
  }
  Cluster& cluster() { return *cluster_; }

 private:
  Cluster* cluster_;
  p2p::NodeId id_{};
  bool is_dropped_ = false;
  std::shared_ptr<std::size_t> held_ = std::make_shared<std::size_t>(0);
};

class Silent final : public Hostile {
 public:
  using Hostile::Hostile;
  void asked_block(std::int64_t /*height*/) override {}
};

class Babbler final : public Hostile {
 public:
  using Hostile::Hostile;
  void asked_status() override { send_bytes({0xff, 0xff, 0xff}); }
  void asked_block(std::int64_t /*height*/) override {}
};

/// A block response that ends in the middle.
class Truncating final : public Hostile {
 public:
  using Hostile::Hostile;
  void asked_block(std::int64_t height) override {
    auto bytes = real_block(height).value_or(Bytes{});
    const std::size_t cut = bytes.size() / 2;
    bytes.resize(cut);
    send_bytes(std::move(bytes));
  }
};

/// Two million empty transactions in a block: few bytes on the wire and many in memory.
class Swelling final : public Hostile {
 public:
  using Hostile::Hostile;
  void asked_block(std::int64_t height) override {
    if (++answers_ > kAnswers) return;
    auto real = real_block(std::min<std::int64_t>(height, kHeights)).value_or(Bytes{});
    auto response = std::get<BlockResponse>(decode_block_message(real).value());
    response.block.header.height = height;
    response.extended_commit.reset();
    response.block.txs.resize(2'000'000);
    send(response);
  }

 private:
  static constexpr int kAnswers = 4;  // more are not read: the first one ends the connection

  int answers_ = 0;
};

class Duplicating final : public Hostile {
 public:
  using Hostile::Hostile;
  void asked_block(std::int64_t height) override {
    const auto block = real_block(height);
    for (int i = 0; block && i < 100; ++i) send_bytes(*block);
  }
};

class Pushing final : public Hostile {
 public:
  using Hostile::Hostile;
  void asked_status() override {
    for (std::int64_t height = 1; height < 1000; ++height) {
      if (const auto block = real_block(height)) send_bytes(*block);
    }
  }
  void asked_block(std::int64_t /*height*/) override {}
};

class Lacking final : public Hostile {
 public:
  using Hostile::Hostile;
  void asked_status() override {
    send(StatusResponse{kNobodysHeight, 1});
    for (std::int64_t height = 0; height < 10'000; ++height) send(NoBlockResponse{height});
  }
  void asked_block(std::int64_t /*height*/) override {}
};

/// Ten thousand statuses a time, each another one.
class Chattering final : public Hostile {
 public:
  using Hostile::Hostile;
  void asked_status() override {
    for (std::int64_t i = 0; i < 10'000; ++i) send(StatusResponse{kNobodysHeight + i, i});
  }
  void asked_block(std::int64_t height) override { send(NoBlockResponse{height}); }
};

/// Right, and just before its time is over.
class Dawdling final : public Hostile {
 public:
  using Hostile::Hostile;
  void asked_status() override { send(StatusResponse{kHeights, 1}); }
  void asked_block(std::int64_t height) override {
    cluster().schedule().at(seconds(12), [this, height] {
      if (auto block = real_block(height)) send_bytes(*std::move(block));
    });
  }
};

/// The block of the height below, or with an extension changed.
class Forging final : public Hostile {
 public:
  using Hostile::Hostile;
  void asked_block(std::int64_t height) override {
    const auto bytes = real_block(height);
    if (!bytes) return;
    auto response = std::get<BlockResponse>(decode_block_message(*bytes).value());
    response.extended_commit->signatures[0].non_rp_signature.assign(65, 1);
    send(response);
  }
};

TEST(HostileSync, TheTopIsReachedWithinBoundsWhateverPeersSend) {
  CatchUpOptions options;
  options.sync.pool.max_bytes = 64 * kMebibyte;
  Cluster cluster(4, 21, options);
  SimValidator& node = cluster.node(3);
  node.crash();
  ASSERT_TRUE(
      cluster.run_until([&] { return cluster.node(0).height() >= kHeights; }, seconds(600)));
  std::vector<std::unique_ptr<Hostile>> hostile;
  const auto add = [&]<class Kind>(std::type_identity<Kind>) {
    const auto number = static_cast<std::uint8_t>(hostile.size() + 1);
    hostile.push_back(std::make_unique<Kind>(cluster, number));
  };
  add(std::type_identity<Babbler>{});
  add(std::type_identity<Truncating>{});
  add(std::type_identity<Swelling>{});
  add(std::type_identity<Duplicating>{});
  add(std::type_identity<Pushing>{});
  add(std::type_identity<Lacking>{});
  add(std::type_identity<Forging>{});
  const std::size_t rule_breakers = hostile.size();
  add(std::type_identity<Silent>{});
  add(std::type_identity<Chattering>{});
  add(std::type_identity<Dawdling>{});
  node.start();
  for (const auto& one : hostile) cluster.join(*one, node);
  const std::size_t before = resident_bytes();
  std::size_t most = 0;
  std::size_t steps = 0;
  ASSERT_TRUE(cluster.run_until(
      [&] {
        if (++steps % 64 == 0) most = std::max(most, resident_bytes());
        return !node.is_syncing() && node.height() >= cluster.node(0).height() - 1;
      },
      seconds(240)))
      << cluster.story() << " at " << node.height();
  EXPECT_GE(node.synced(), static_cast<std::size_t>(kHeights) - 10);
  for (std::size_t i = 0; i < rule_breakers; ++i) {
    EXPECT_TRUE(hostile[i]->is_dropped()) << "number " << i + 1;
  }
  EXPECT_LT(most, before + 400 * kMebibyte) << "of which the pool may hold 64 MiB";
  EXPECT_EQ(cluster.story(), "") << "honest peers stay";
}

}  // namespace
}  // namespace buri::consensus::sync
