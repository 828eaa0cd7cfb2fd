#include "hsm/signer/ceremony_desk.hpp"

#include "base/hex.hpp"
#include "hsm/signer/admin.hpp"
#include "hsm/wire/sign_bytes.hpp"
#include "tests/unit/hsm/golden.hpp"
#include "tests/unit/hsm/signer/core_fixture.hpp"

/// The signer while a ceremony is held.

namespace buri::hsm::signer {
namespace {

using namespace std::chrono_literals;

wire::ProveOfPossession proof_of(const std::string& ceremony_id) {
  wire::ProveOfPossession request{"heimdall-test", ceremony_id, {}};
  request.nonce.bytes.fill(0x5a);
  return request;
}

TEST_F(CoreTest, CeremonyStateProvesPossessionAndSignsNothingElse) {
  EXPECT_EQ(rule_of(ask_anywhere(proof_of("2026-1"))), wire::Rule::kCeremony);
  ASSERT_TRUE(core_->begin_ceremony("2026-1").ok());
  EXPECT_EQ(core_->status().state, wire::SignerState::kCeremony);
  const auto given = ask_anywhere(proof_of("2026-1"));
  ASSERT_TRUE(is_signed(given));
  const auto& one = std::get<wire::Signed>(given).signatures.front();
  EXPECT_EQ(one.purpose, wire::Purpose::kProofOfPossession);
  const Bytes bytes = wire::possession_sign_bytes(proof_of("2026-1"), key_.address);
  EXPECT_EQ(buri::testing::signer_of(buri::testing::keccak256(bytes), one.signature), key_.address);
  EXPECT_NE(audit_text().find("proof_of_possession"), std::string::npos);

  EXPECT_EQ(rule_of(ask_anywhere(proof_of("2026-2"))), wire::Rule::kCeremony)
      << "another ceremony's proof";
  EXPECT_EQ(rule_of(ask_anywhere(prevote(kFirstHeight, 1))), wire::Rule::kSignerState);
  EXPECT_FALSE(core_->activate(false).ok());
  ASSERT_TRUE(core_->end_ceremony().ok());
  EXPECT_FALSE(core_->end_ceremony().ok());
  EXPECT_EQ(rule_of(ask_anywhere(proof_of("2026-1"))), wire::Rule::kCeremony);
  activate();
  EXPECT_TRUE(is_signed(ask_anywhere(prevote(kFirstHeight, 1))));
  EXPECT_FALSE(core_->begin_ceremony("2026-3").ok()) << "not while it signs";
}

TEST_F(CoreTest, ForgottenCeremonyEndsByItself) {
  ASSERT_TRUE(core_->begin_ceremony("2026-1").ok());
  clock_.advance(kCeremonyLife - 1s);
  core_->tick();
  EXPECT_EQ(core_->view().state, SignerState::kCeremony);
  clock_.advance(1s);
  core_->tick();
  EXPECT_EQ(core_->view().state, SignerState::kStandby);
}

TEST_F(CoreTest, CeremonyHasAName) {
  EXPECT_FALSE(core_->begin_ceremony("").ok());
  EXPECT_FALSE(core_->begin_ceremony("two words").ok());
  EXPECT_FALSE(core_->begin_ceremony(std::string(65, 'x')).ok());
  EXPECT_TRUE(core_->begin_ceremony(std::string(64, 'x')).ok());
}

TEST_F(CoreTest, AdministratorHoldsACeremonyInWords) {
  Admin admin(*core_, {"", [](int) { return Unit{}; }, [] {}, [] { return std::string(); }});
  const auto say = [&](const std::string& line) {
    const Bytes answer = admin.handle({as_bytes(line), -1}, Peer{});
    return std::string(as_text(answer));
  };
  const std::string prove = "ceremony prove heimdall-test " + std::string(64, '5');
  EXPECT_TRUE(say(prove).starts_with("error ceremony: "));
  EXPECT_EQ(say("ceremony begin 2026-1"), "ok the ceremony has begun");
  const std::string proof = say(prove);
  EXPECT_TRUE(proof.starts_with("ok 0x")) << proof;
  EXPECT_EQ(proof.size(), 5 + 130u);
  EXPECT_TRUE(say("ceremony prove heimdall-test 55").starts_with("error "));
  EXPECT_TRUE(say("ceremony").starts_with("error "));
  EXPECT_EQ(say("ceremony end"), "ok the ceremony has ended");
}

}  // namespace
}  // namespace buri::hsm::signer
