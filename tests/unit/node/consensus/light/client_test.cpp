#include "node/consensus/light/client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/consensus/engine/hashes.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/consensus/light/scripted_provider.hpp"
#include "tests/unit/node/golden.hpp"

/// The scenarios of the fork's light client, over chains that are really signed: sets that change
/// slowly or at once, primaries and witnesses that are behind, silent, wrong or on a fork.

namespace buri::consensus::light {
namespace {

using buri::testing::MadeChain;
using buri::testing::MadeValidator;
using testing::ScriptedProvider;

constexpr std::int64_t kHeights = 40;

const std::vector<MadeValidator>& everybody() {
  static const auto all = buri::testing::make_validators(buri::testing::engine(), 60, 10, 3);
  return all;
}
/// Six of sixty; one goes and one comes with every height.
std::vector<MadeValidator> rotating(std::int64_t height) {
  const auto first = everybody().begin() + height;
  return {first, first + 6};
}
std::vector<MadeValidator> constant(std::int64_t /*height*/) { return rotating(0); }

const MadeChain& rotating_chain() {
  static const MadeChain chain(buri::testing::engine(), kHeights, rotating);
  return chain;
}
const MadeChain& constant_chain() {
  static const MadeChain chain(buri::testing::engine(), kHeights, constant);
  return chain;
}
void other_app(engine::Header& header) { header.app_hash = Bytes(32, 99); }
void other_data(engine::Header& header) { header.data_hash.emplace().bytes.fill(5); }

class LightClientTest : public ::testing::Test {
 protected:
  void use(const MadeChain& chain) {
    primary_ = std::make_shared<ScriptedProvider>("primary", chain);
    witness_ = std::make_shared<ScriptedProvider>("witness", chain);
    second_ = std::make_shared<ScriptedProvider>("second", chain);
    trusted_ = {1, *chain.at(1).commit.block_id.hash};
  }
  Client& client(ClientOptions options = {}) {
    options.chain_id = std::string(MadeChain::kChainId);
    client_.reset();
    if (!store_) {
      database_ = disk_.open(TrustedStore::families());
      store_.emplace(*database_);
    }
    client_.emplace(options,
                    ClientServices{&buri::testing::engine(),
                                   &clock_,
                                   &*store_,
                                   primary_,
                                   {witness_, second_},
                                   [this](std::chrono::nanoseconds) {
                                     ++slept_;
                                     if (on_sleep_) on_sleep_();
                                   }},
                    Logger("light", LogLevel::kOff));
    return *client_;
  }
  void start(ClientOptions options = {}) {
    const auto started = client(std::move(options)).start(trusted_);
    ASSERT_TRUE(started.ok()) << started.error().reason;
  }
  /// "" if the block is verified, else why not.
  std::string verdict(std::int64_t height) {
    const auto block = client_->verify_at(height);
    fault_ = block.ok() ? ClientFault{} : block.error();
    return block.ok() ? "" : fault_.reason;
  }

  buri::testing::SimulatedDisk disk_;
  std::unique_ptr<storage::Database> database_;
  std::optional<TrustedStore> store_;
  ManualClock clock_{WallTime(std::chrono::seconds(MadeChain::kFirstSecond + kHeights + 5))};
  std::shared_ptr<ScriptedProvider> primary_;
  std::shared_ptr<ScriptedProvider> witness_;
  std::shared_ptr<ScriptedProvider> second_;
  TrustedPoint trusted_;
  std::optional<Client> client_;
  ClientFault fault_;
  int slept_ = 0;
  std::function<void()> on_sleep_;
};

TEST_F(LightClientTest, OneStepIsEnoughWhileTheSetStays) {
  use(constant_chain());
  start();
  EXPECT_EQ(verdict(0), "");
  EXPECT_EQ(primary_->asked, (std::vector<std::int64_t>{1, 0}));
  EXPECT_EQ(store_->last().value()->height(), kHeights);
  EXPECT_EQ(verdict(kHeights), "");
  EXPECT_EQ(primary_->asked.size(), 2u) << "it is stored";
}

TEST_F(LightClientTest, BisectsWhereTheSetChanges) {
  use(rotating_chain());
  start();
  EXPECT_EQ(verdict(kHeights), "");
  const std::size_t fetched = primary_->asked.size();
  EXPECT_GT(fetched, 10u) << "of six members three are the same after three heights";
  EXPECT_LT(fetched, 30u);
}

TEST_F(LightClientTest, SequentialTakesEveryBlock) {
  use(rotating_chain());
  start({.is_sequential = true});
  EXPECT_EQ(verdict(12), "");
  EXPECT_EQ(primary_->asked.size(), 12u);
}

TEST_F(LightClientTest, LaterBlocksAreVerifiedFromTheNearestBelow) {
  use(rotating_chain());
  start();
  ASSERT_EQ(verdict(8), "");
  ASSERT_EQ(verdict(16), "");
  primary_->asked.clear();
  EXPECT_EQ(verdict(9), "");
  EXPECT_EQ(primary_->asked, std::vector<std::int64_t>{9});
}

TEST_F(LightClientTest, GoesBackByHashes) {
  use(constant_chain());
  trusted_ = {10, *constant_chain().at(10).commit.block_id.hash};
  start();
  EXPECT_EQ(verdict(6), "");
  EXPECT_EQ(primary_->asked, (std::vector<std::int64_t>{10, 6, 9, 8, 7}));
  const auto fork = constant_chain().forked(4, other_app, constant);
  primary_->instead.emplace(5, fork.at(5));
  EXPECT_THAT(verdict(5), ::testing::HasSubstr("names another hash"));
}

TEST_F(LightClientTest, BeginsAgainWhereItLeftOff) {
  use(constant_chain());
  start();
  ASSERT_EQ(verdict(20), "");
  primary_->asked.clear();
  start();
  EXPECT_TRUE(primary_->asked.empty());
  EXPECT_EQ(verdict(20), "");
  EXPECT_TRUE(primary_->asked.empty());
}

TEST_F(LightClientTest, KeepsTheLastBlocksAlone) {
  use(constant_chain());
  start({.kept_blocks = 3});
  for (const std::int64_t height : {4, 8, 12, 16}) ASSERT_EQ(verdict(height), "");
  EXPECT_EQ(store_->first().value()->height(), 8);
  EXPECT_EQ(store_->before(16).value()->height(), 12);
  ASSERT_TRUE(store_->remove_above(8).ok());
  EXPECT_EQ(store_->last().value()->height(), 8);
}

TEST_F(LightClientTest, TheTrustedHashDecides) {
  use(constant_chain());
  trusted_.hash.bytes[0] ^= 1;
  EXPECT_EQ(client().start(trusted_).error().error, ClientError::kTrustedHash);
  EXPECT_FALSE(store_->last().value().has_value());
}

TEST_F(LightClientTest, AWitnessThatContradictsTheFirstBlockEndsIt) {
  use(constant_chain());
  witness_->instead.emplace(1, constant_chain().forked(1, other_app, constant).at(1));
  EXPECT_EQ(client().start(trusted_).error().error, ClientError::kUnconfirmed);
}

TEST_F(LightClientTest, TrustExpires) {
  use(constant_chain());
  start({.trusting_period_seconds = 30});
  EXPECT_THAT(verdict(kHeights), ::testing::HasSubstr("trusting period"));
  EXPECT_EQ(fault_.error, ClientError::kExpired);
}

TEST_F(LightClientTest, ABlockFromTheFutureIsRefused) {
  use(constant_chain());
  start();
  clock_.set_wall(WallTime(std::chrono::seconds(MadeChain::kFirstSecond + kHeights - 11)));
  EXPECT_THAT(verdict(kHeights), ::testing::HasSubstr("clock drift"));
}

TEST_F(LightClientTest, ATargetThatIsNotSignedIsRefused) {
  use(constant_chain());
  start();
  auto target = constant_chain().at(20);
  for (std::size_t i = 0; i < 3; ++i) target.commit.signatures[i] = {};
  primary_->instead.emplace(20, target);
  EXPECT_THAT(verdict(20), ::testing::HasSubstr("does not follow"));
  EXPECT_EQ(fault_.error, ClientError::kInvalid);
  EXPECT_EQ(client_->primary(), "primary");
  EXPECT_FALSE(store_->at(20).value().has_value());
}

TEST_F(LightClientTest, AWrongBlockOnTheWayCostsThePrimaryItsPlace) {
  use(rotating_chain());
  start();
  for (std::int64_t height = 2; height < kHeights; ++height) {
    auto block = rotating_chain().at(height);
    for (auto& entry : block.commit.signatures) entry.signature[3] ^= 1;
    primary_->instead.emplace(height, block);
  }
  EXPECT_EQ(verdict(kHeights), "");
  EXPECT_EQ(client_->primary(), "witness");
  EXPECT_EQ(client_->witnesses(), 1u);
}

TEST_F(LightClientTest, ASilentPrimaryIsReplacedAndBecomesAWitness) {
  use(constant_chain());
  start();
  primary_->faults[20] = ProviderError::kNoResponse;
  EXPECT_EQ(verdict(20), "");
  EXPECT_EQ(client_->primary(), "witness");
  EXPECT_EQ(client_->witnesses(), 2u);
  EXPECT_EQ(verdict(25), "");
}

TEST_F(LightClientTest, NobodyHasTheBlock) {
  use(constant_chain());
  start();
  for (const auto& one : {primary_, witness_, second_}) one->faults[20] = ProviderError::kNotFound;
  EXPECT_THAT(verdict(20), ::testing::HasSubstr("nobody gives block 20"));
  EXPECT_EQ(fault_.error, ClientError::kProvider);
  EXPECT_EQ(client_->witnesses(), 2u);
}

TEST_F(LightClientTest, BadWitnessesGoAndOneHasToConfirm) {
  use(constant_chain());
  start();
  witness_->faults[20] = ProviderError::kBad;
  EXPECT_EQ(verdict(20), "");
  EXPECT_EQ(client_->witnesses(), 1u);
  second_->faults[21] = ProviderError::kNoResponse;
  EXPECT_EQ(verdict(21), "no witness confirms block 21");
  second_->faults[22] = ProviderError::kBad;
  EXPECT_EQ(verdict(22), "no witness is left");
  EXPECT_EQ(fault_.error, ClientError::kNoWitnesses);
}

TEST_F(LightClientTest, AWitnessThatIsBehindGetsTime) {
  use(constant_chain());
  start();
  witness_->last = kHeights - 2;
  second_->faults[kHeights] = ProviderError::kNoResponse;
  on_sleep_ = [&] { witness_->last = kHeights; };
  EXPECT_EQ(verdict(kHeights), "");
  EXPECT_EQ(slept_, 1);
  witness_->last = 3;
  second_->faults[30] = ProviderError::kNoResponse;
  on_sleep_ = {};
  EXPECT_EQ(verdict(30), "no witness confirms block 30");
}

TEST_F(LightClientTest, OtherPrioritiesOfAWitnessAreTold) {
  use(constant_chain());
  start();
  auto block = constant_chain().at(20);
  block.validators.increment_proposer_priority(1);
  witness_->instead.emplace(20, block);
  EXPECT_THAT(verdict(20), ::testing::HasSubstr("proposer priorities"));
  EXPECT_EQ(fault_.error, ClientError::kPriorities);
}

/// What the evidence says, judged as the chain that is not the attacker's would.
struct Accusation {
  std::int64_t common_height = 0;
  std::int64_t conflicting_height = 0;
  std::size_t accused = 0;
};
Accusation judged(const engine::EvidencePiece& piece, const MadeChain& chain) {
  const auto attack = engine::decode_light_client_attack(piece.encoded);
  EXPECT_TRUE(attack.ok());
  auto& crypto = buri::testing::engine();
  EXPECT_TRUE(engine::check_basic(crypto, *attack).ok());
  const auto& common = chain.at(attack->common_height);
  const auto& trusted = chain.at(attack->conflicting.height());
  const engine::SignedHeader common_header{common.header, common.commit};
  const engine::SignedHeader trusted_header{trusted.header, trusted.commit};
  const auto verdict = engine::verify_light_client_attack(
      crypto, *attack, {common_header, common.validators, trusted_header});
  EXPECT_TRUE(verdict.ok()) << verdict.error();
  return {attack->common_height, attack->conflicting.height(), attack->byzantine.size()};
}

TEST_F(LightClientTest, ALunaticPrimaryIsConvictedByTheWitness) {
  use(constant_chain());
  start();
  const auto fork = constant_chain().forked(20, other_app, constant);
  for (std::int64_t h = 20; h <= kHeights; ++h) primary_->instead.emplace(h, fork.at(h));
  ASSERT_EQ(verdict(10), "");
  EXPECT_EQ(verdict(20), "primary and witness have different blocks of height 20, both signed");
  EXPECT_EQ(fault_.error, ClientError::kAttack);
  ASSERT_EQ(witness_->reported.size(), 1u);
  const Accusation said = judged(witness_->reported[0], constant_chain());
  EXPECT_EQ(said.common_height, 10);
  EXPECT_EQ(said.conflicting_height, 20);
  EXPECT_EQ(said.accused, 6u);
  ASSERT_EQ(primary_->reported.size(), 1u) << "who knows which of the two lies";
  judged(primary_->reported[0], fork);
  EXPECT_FALSE(store_->at(20).value().has_value()) << "nothing of it is trusted";
}

TEST_F(LightClientTest, AnEquivocationNamesWhoSignedBoth) {
  use(constant_chain());
  start();
  const auto fork = constant_chain().forked(20, other_data, constant);
  witness_->instead.emplace(20, fork.at(20));
  EXPECT_THAT(verdict(20), ::testing::HasSubstr("both signed"));
  const Accusation said = judged(witness_->reported.at(0), fork);
  EXPECT_EQ(said.common_height, 20);
  EXPECT_EQ(said.accused, 6u);
}

TEST_F(LightClientTest, AnAttackDeepInABisectionIsFoundWhereItBegins) {
  use(rotating_chain());
  start();
  const auto fork = rotating_chain().forked(20, other_app, rotating);
  for (std::int64_t h = 20; h <= kHeights; ++h) primary_->instead.emplace(h, fork.at(h));
  EXPECT_THAT(verdict(kHeights), ::testing::HasSubstr("both signed"));
  const Accusation said = judged(witness_->reported.at(0), rotating_chain());
  EXPECT_GE(said.conflicting_height, 20);
  EXPECT_LT(said.conflicting_height, kHeights);
}

TEST_F(LightClientTest, AWitnessThatLiesWithoutSignaturesIsDropped) {
  use(constant_chain());
  start();
  auto strangers = buri::testing::make_validators(buri::testing::engine(), 6, 10, 99);
  const auto fork = constant_chain().forked(20, other_app, [&](std::int64_t) { return strangers; });
  witness_->instead.emplace(20, fork.at(20));
  EXPECT_EQ(verdict(20), "");
  EXPECT_EQ(client_->witnesses(), 1u);
  EXPECT_TRUE(witness_->reported.empty());
}

TEST_F(LightClientTest, AThirdOfTheTrustedPowerIsNotEnoughToTrustAnother) {
  use(constant_chain());
  start();
  // Two of six signed a set of their own making: a third, where more is needed.
  const auto strangers = buri::testing::make_validators(buri::testing::engine(), 4, 10, 99);
  const auto fork = constant_chain().forked(20, other_app, [&](std::int64_t height) {
    auto members = constant(height);
    members.resize(2);
    members.insert(members.end(), strangers.begin(), strangers.end());
    return members;
  });
  for (std::int64_t h = 20; h <= kHeights; ++h) primary_->instead.emplace(h, fork.at(h));
  EXPECT_NE(verdict(30), "");
  EXPECT_FALSE(store_->at(30).value().has_value());
}

/// Mainnet: three real commits around a change of its set.
TEST_F(LightClientTest, FollowsMainnetOverASetChange) {
  class Mainnet final : public Provider {
   public:
    ProvidedBlock light_block(std::int64_t height) override {
      for (const auto& one : buri::testing::golden_commits()) {
        if (one.signed_header.header.height != height) continue;
        return engine::LightBlockRecord{one.signed_header.header, one.signed_header.commit,
                                        one.validators};
      }
      return Failure{ProviderFault{ProviderError::kNotFound, "not recorded"}};
    }
    void report(const engine::EvidencePiece&) override {}
    [[nodiscard]] std::string name() const override { return "mainnet"; }
  };
  const auto& golden = buri::testing::golden_commits();
  const auto& header = golden[3].signed_header.header;
  clock_.set_wall(WallTime(std::chrono::seconds(header.time.seconds + 5)));
  database_ = disk_.open(TrustedStore::families());
  store_.emplace(*database_);
  const auto node = std::make_shared<Mainnet>();
  Client light({.chain_id = header.chain_id},
               {&buri::testing::engine(), &clock_, &*store_, node, {node}, {}},
               Logger("light", LogLevel::kOff));
  const auto& first = golden[1].signed_header;
  ASSERT_TRUE(light.start({first.header.height, *first.commit.block_id.hash}).ok());
  const auto block = light.verify_at(header.height);
  ASSERT_TRUE(block.ok()) << block.error().reason;
  EXPECT_EQ(block->height(), header.height);
  EXPECT_LT(light.signatures(), 60u) << "of more than three hundred";
}

}  // namespace
}  // namespace buri::consensus::light
