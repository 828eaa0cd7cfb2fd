#include "node/execution/chain/header_rules.hpp"

#include <gtest/gtest.h>

#include "node/execution/chain/base_fee.hpp"
#include "node/execution/chain/whitelist.hpp"

/// Rules at the forks that change them, where no recording stands on both sides.

namespace buri::execution::chain {
namespace {

using protocol::BorFork;

ChainConfig config_with(std::initializer_list<BorFork> forks) {
  ChainConfig config;
  config.period_s = {{0, 2}};
  config.producer_delay_s = {{0, 6}};
  config.sprint_blocks = {{0, 16}};
  config.backup_multiplier_s = {{0, 3}};
  for (const BorFork fork : forks) config.forks.set(fork, 0);
  return config;
}

Header header_at(std::uint64_t number) {
  Header header;
  header.number = number;
  header.gas_limit = 30'000'000;
  header.gas_used = 15'000'000;
  header.uncles_hash = kEmptyListHash;
  header.extra = Bytes(kVanityBytes + kSealBytes);
  header.time = 1000;
  return header;
}

BlockRule rule_of(const Status<BlockFault>& status) {
  EXPECT_FALSE(status.ok());
  return status.ok() ? BlockRule::kStateRoot : status.error().rule;
}

void set_payload(Header& header, ByteView payload) {
  header.extra = Bytes(kVanityBytes);
  append(header.extra, payload);
  append(header.extra, Bytes(kSealBytes));
}

TEST(ProducerDelay, GrowsWithTheSuccessionUntilRio) {
  const ChainConfig config = config_with({});
  EXPECT_EQ(producer_delay_s(config, 17, 0), 2U);
  EXPECT_EQ(producer_delay_s(config, 16, 0), 6U);
  EXPECT_EQ(producer_delay_s(config, 17, 2), 8U);
  EXPECT_EQ(producer_delay_s(config_with({BorFork::kRio}), 16, 2), 2U);
}

TEST(FutureRule, GivesWayFromForkToFork) {
  Header header = header_at(17);
  EXPECT_TRUE(check_header(header, config_with({}), 1000).ok());
  EXPECT_EQ(rule_of(check_header(header, config_with({}), 999)), BlockRule::kFuture);
  EXPECT_TRUE(check_header(header, config_with({BorFork::kBhilai}), 998).ok());
  EXPECT_EQ(rule_of(check_header(header, config_with({BorFork::kBhilai}), 997)),
            BlockRule::kFuture);
  const ChainConfig late = config_with({BorFork::kCancun, BorFork::kBhilai, BorFork::kGiugliano});
  EXPECT_EQ(rule_of(check_header(header, late, 969)), BlockRule::kFuture);
  EXPECT_EQ(rule_of(check_header(header, late, 970)), BlockRule::kGasParameters);
}

TEST(ExtraDataRule, ReadsThePayloadOfTheBlocksFork) {
  Header header = header_at(17);
  RlpWriter with_dependencies;
  with_dependencies.bytes({}).list({}).integer(std::uint64_t{5}).integer(std::uint64_t{64});
  set_payload(header, with_dependencies.as_list());
  const ChainConfig giugliano = config_with({BorFork::kCancun, BorFork::kGiugliano});
  EXPECT_EQ(read_extra_data(header, giugliano).gas_target, 5U);
  EXPECT_TRUE(check_header(header, giugliano, 1000).ok());

  RlpWriter nonsense;
  nonsense.bytes({}).bytes(Bytes{1, 2}).integer(std::uint64_t{5}).integer(std::uint64_t{64});
  set_payload(header, nonsense.as_list());
  EXPECT_FALSE(read_extra_data(header, giugliano).gas_target.has_value());
  const ChainConfig valencia =
      config_with({BorFork::kCancun, BorFork::kGiugliano, BorFork::kValencia});
  EXPECT_EQ(read_extra_data(header, valencia).gas_target, 5U);

  RlpWriter without_dependencies;
  without_dependencies.bytes({}).integer(std::uint64_t{5}).integer(std::uint64_t{64});
  set_payload(header, without_dependencies.as_list());
  const ChainConfig austin =
      config_with({BorFork::kCancun, BorFork::kGiugliano, BorFork::kValencia, BorFork::kAustin});
  EXPECT_EQ(read_extra_data(header, austin).base_fee_denominator, 64U);
}

TEST(BaseFee, TakesItsParametersFromTheParentsForks) {
  Header parent = header_at(9);
  parent.base_fee = U256::from_uint64(1'000'000);
  parent.gas_used = parent.gas_limit;
  const auto fee = [&](std::initializer_list<BorFork> forks) {
    return base_fee_after(config_with(forks), parent);
  };
  EXPECT_EQ(fee({BorFork::kLondon}), U256::from_uint64(1'125'000));
  EXPECT_EQ(fee({BorFork::kLondon, BorFork::kDelhi}), U256::from_uint64(1'062'500));
  EXPECT_EQ(fee({BorFork::kLondon, BorFork::kDelhi, BorFork::kBhilai}),
            U256::from_uint64(1'015'625));
  EXPECT_EQ(fee({}), U256::from_uint64(1'000'000'000));
  EXPECT_EQ(gas_target_after(config_with({BorFork::kDandeli}), parent), 19'500'000U);
}

TEST(BaseFee, RisesByOneAtLeastAndFallsToZeroAtMost) {
  const ChainConfig config = config_with({BorFork::kLondon});
  Header parent = header_at(9);
  parent.base_fee = U256::from_uint64(1);
  parent.gas_used = parent.gas_limit;
  EXPECT_EQ(base_fee_after(config, parent), U256::from_uint64(2));
  parent.gas_used = 0;
  EXPECT_EQ(base_fee_after(config, parent), U256::from_uint64(1));
}

TEST(BaseFee, MayMoveFivePercentFromLisovoOn) {
  const ChainConfig config = config_with({BorFork::kLondon, BorFork::kLisovo});
  Header parent = header_at(9);
  parent.base_fee = U256::from_uint64(10);
  Header header = header_at(10);
  header.base_fee = U256::from_uint64(11);
  EXPECT_TRUE(check_gas_fields(config, header, parent).ok());
  header.base_fee = U256::from_uint64(12);
  EXPECT_EQ(rule_of(check_gas_fields(config, header, parent)), BlockRule::kBaseFeeChange);
}

TEST(SealRule, AdmitsSignersOfExceptionalRanges) {
  ChainConfig config = config_with({});
  const Address stranger{{9}};
  config.extra_signers = {{{10, 12}, {stranger}}};
  const auto producers =
      ValidatorSet::make({Validator{.id = 1, .signer = Address{{1}}, .power = 10}});
  Header header = header_at(11);
  header.difficulty = U256::from_uint64(1);
  Header parent = header_at(10);
  parent.time = 900;
  const SealContext context{config, parent, *producers, 1000};
  EXPECT_TRUE(check_seal(header, stranger, context).ok());
  header.number = 13;
  EXPECT_EQ(rule_of(check_seal(header, stranger, context)), BlockRule::kNotProducer);
}

TEST(WhitelistRule, RefusesBranchesThatPassAFixedBlockBy) {
  Whitelist whitelist;
  whitelist.set_milestone({10, Hash256{{1}}});
  const auto always = [](std::uint8_t byte) {
    return [byte](std::uint64_t) { return std::optional(Hash256{{byte}}); };
  };
  EXPECT_TRUE(whitelist.check(12, 11, always(1)).ok());
  EXPECT_EQ(rule_of(whitelist.check(12, 11, always(2))), BlockRule::kWhitelist);
  EXPECT_TRUE(whitelist.check(9, 8, always(2)).ok());
  EXPECT_EQ(rule_of(whitelist.check(9, 10, always(1))), BlockRule::kWhitelist);
  whitelist.set_milestone({8, Hash256{{3}}});
  EXPECT_EQ(whitelist.milestone()->number, 10U);
}

}  // namespace
}  // namespace buri::execution::chain
