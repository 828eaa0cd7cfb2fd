#include "hsm/signer/approvals.hpp"

#include "base/hex.hpp"
#include "hsm/signer/admin.hpp"
#include "tests/unit/hsm/signer/core_fixture.hpp"

/// Two administrators for single requests.

namespace buri::hsm::signer {
namespace {

using namespace std::chrono_literals;

constexpr Address kContract{{0x55}};
constexpr FixedBytes<4> kUnstake{{9, 9, 9, 9}};

wire::SignRootChainTransaction unstake(std::uint64_t nonce, std::uint8_t argument = 0) {
  wire::SignRootChainTransaction request;
  wire::RootChainTransaction& transaction = request.transaction;
  transaction.chain_id = 1;
  transaction.nonce = nonce;
  transaction.max_priority_fee_per_gas_wei = 10;
  transaction.max_fee_per_gas_wei = 100;
  transaction.gas_limit = 500'000;
  transaction.to = kContract;
  transaction.call = wire::ContractCall{kUnstake, Bytes(32, argument)};
  return request;
}

class ApprovalsTest : public CoreTest {
 protected:
  [[nodiscard]] CoreOptions options() const override {
    CoreOptions options = CoreTest::options();
    options.ledgers.push_back(rules::Ledger::kRootChainTransaction);
    rules::RootChainPolicy& policy = options.policy.root_chain_transaction;
    policy.enabled = true;
    policy.chain_id = 1;
    policy.max_fee_per_gas_wei = 1000;
    policy.max_priority_fee_per_gas_wei = 100;
    policy.max_wei_per_day = U256::from_uint64(1'000'000'000);
    policy.calls = {{kContract, kUnstake, U256{}, true}};
    return options;
  }
  void SetUp() override {
    CoreTest::SetUp();
    activate();
    admin_ = std::make_unique<Admin>(
        *core_, AdminParts{"", [](int) { return Unit{}; }, [] {}, [] { return std::string(); }});
  }
  /// An administrator's word.
  std::string say(std::uint32_t uid, const std::string& line) {
    const Bytes answer = admin_->handle({as_bytes(line), -1}, Peer{uid, uid, 1});
    return std::string(as_text(answer));
  }
  static std::string name(const wire::RequestBody& request) {
    return to_hex(Approvals::name_of(request));
  }

  std::unique_ptr<Admin> admin_;
};

TEST_F(ApprovalsTest, TwoAdministratorsLetExactlyOneRequestPass) {
  const auto request = unstake(kFirstNonce);
  EXPECT_EQ(rule_of(ask_anywhere(request)), wire::Rule::kApproval);
  EXPECT_TRUE(say(1, "approve " + name(request)).starts_with("ok "));
  EXPECT_EQ(rule_of(ask_anywhere(request)), wire::Rule::kApproval) << "one is not two";
  EXPECT_TRUE(say(1, "approve " + name(request)).starts_with("error the same administrator"));
  EXPECT_TRUE(say(2, "approve " + name(request)).starts_with("ok "));
  EXPECT_EQ(rule_of(ask_anywhere(unstake(kFirstNonce, 1))), wire::Rule::kApproval)
      << "another argument is another request";
  const auto given = ask_anywhere(request);
  ASSERT_TRUE(is_signed(given));
  EXPECT_EQ(ask_anywhere(request), given) << "a lost answer is given again";
}

TEST_F(ApprovalsTest, AdministratorsSeeEveryFieldOfWhatWaits) {
  EXPECT_EQ(say(1, "waiting"), "ok ");
  (void)ask_anywhere(unstake(kFirstNonce, 0xab));
  const std::string text = say(1, "waiting");
  for (const std::string& part : std::vector<std::string>{
           name(unstake(kFirstNonce, 0xab)), "nonce 3", "value_wei 0", "to 0x" + to_hex(kContract),
           "calldata 0x09090909abab", "0 of 2", "asked by uid=0"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  }
  EXPECT_NE(say(1, "status").find("\nwaiting 1\n"), std::string::npos);
}

TEST_F(ApprovalsTest, ApprovalsExpireAndDeniedRequestsWaitNoMore) {
  const auto request = unstake(kFirstNonce);
  (void)ask_anywhere(request);
  ASSERT_TRUE(say(1, "approve " + name(request)).starts_with("ok "));
  ASSERT_TRUE(say(2, "approve " + name(request)).starts_with("ok "));
  clock_.advance(kApprovalLife);
  EXPECT_EQ(rule_of(ask_anywhere(request)), wire::Rule::kApproval);
  EXPECT_TRUE(say(1, "deny " + name(request)).starts_with("ok "));
  EXPECT_TRUE(say(1, "approve " + name(request)).starts_with("error no request"));
}

TEST_F(ApprovalsTest, NothingIsApprovedBeforeItWasAskedFor) {
  const auto request = unstake(kFirstNonce);
  EXPECT_TRUE(say(1, "approve " + name(request)).starts_with("error no request"));
  EXPECT_TRUE(say(1, "approve").starts_with("error "));
}

TEST_F(ApprovalsTest, ApprovedRequestsStillKeepEveryOtherRule) {
  auto request = unstake(kFirstNonce);
  request.transaction.gas_limit = 1'000'000'000;
  (void)ask_anywhere(request);
  (void)say(1, "approve " + name(request));
  (void)say(2, "approve " + name(request));
  EXPECT_EQ(rule_of(ask_anywhere(request)), wire::Rule::kGas);
}

TEST_F(ApprovalsTest, RestartForgetsApprovalsAndTheLogKeepsThem) {
  const auto request = unstake(kFirstNonce);
  (void)ask_anywhere(request);
  (void)say(1, "approve " + name(request));
  (void)say(2, "approve " + name(request));
  boot();
  activate();
  EXPECT_EQ(rule_of(ask_anywhere(request)), wire::Rule::kApproval);
  const std::string log = audit_text();
  EXPECT_NE(log.find("waits"), std::string::npos);
  EXPECT_NE(log.find("uid=2 gid=2 pid=1\t-\t-\tapprove " + name(request)), std::string::npos)
      << log;
}

TEST(Approvals, FloodOfRequestsPushesOutTheOldest) {
  ManualClock clock;
  Approvals approvals(clock);
  for (std::uint64_t i = 0; i <= kMostWaiting; ++i) {
    clock.advance(1s);
    EXPECT_TRUE(approvals.wait(unstake(i), "peer"));
    EXPECT_FALSE(approvals.wait(unstake(i), "peer"));
  }
  EXPECT_EQ(approvals.size(), kMostWaiting);
  EXPECT_FALSE(approvals.approve(to_hex(Approvals::name_of(unstake(0))), 1).ok());
  EXPECT_TRUE(approvals.approve(to_hex(Approvals::name_of(unstake(1))), 1).ok());
  EXPECT_EQ(approvals.count(unstake(1)), 1u);
}

TEST(Approvals, OnlyTransactionsCanNeedThem) {
  EXPECT_TRUE(Approvals::may_need(unstake(1)));
  EXPECT_TRUE(Approvals::may_need(wire::SignHeimdallTransaction{}));
  EXPECT_FALSE(Approvals::may_need(wire::SignVote{}));
  auto huge = unstake(1);
  std::get<wire::ContractCall>(huge.transaction.call).arguments.resize(wire::kMaxFrameBytes);
  EXPECT_FALSE(Approvals::may_need(huge)) << "no frame holds it";
}

}  // namespace
}  // namespace buri::hsm::signer
