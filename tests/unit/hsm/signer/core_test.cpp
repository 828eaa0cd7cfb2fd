#include "tests/unit/hsm/signer/core_fixture.hpp"

#include "hsm/signer/admin.hpp"
#include "hsm/signer/move.hpp"
#include "hsm/wire/sign_bytes.hpp"

/// The whole signer but its sockets: real rules, pipeline, sign-state and audit log over a
/// simulated disk and a device in this process.

namespace buri::hsm::signer {
namespace {

using sim::DiskCall;

TEST_F(CoreTest, StartsLockedAndSignsOnlyWhenActive) {
  is_ready_ = false;
  boot();
  EXPECT_EQ(core_->view().state, SignerState::kLocked);
  EXPECT_EQ(rule_of(ask(prevote(kFirstHeight, 1))), wire::Rule::kSignerState);
  EXPECT_FALSE(core_->activate(false).ok());
  is_ready_ = true;
  core_->tick();
  EXPECT_EQ(core_->view().state, SignerState::kStandby);
  EXPECT_EQ(rule_of(ask(prevote(kFirstHeight, 1))), wire::Rule::kSignerState);
  activate();
  EXPECT_TRUE(is_signed(ask(prevote(kFirstHeight, 1))));
  ASSERT_TRUE(core_->drain().ok());
  EXPECT_EQ(rule_of(ask(prevote(kFirstHeight + 1, 1))), wire::Rule::kSignerState);
}

TEST_F(CoreTest, StartThatNeedsNoOperatorIsUnavailableInsteadOfRefusing) {
  activates_by_itself_ = true;
  is_ready_ = false;
  boot();
  EXPECT_TRUE(std::holds_alternative<wire::Unavailable>(ask(prevote(kFirstHeight, 1))));
  is_ready_ = true;
  core_->tick();
  EXPECT_TRUE(is_signed(ask(prevote(kFirstHeight, 1))));
  core_->lock();
  EXPECT_EQ(rule_of(ask(prevote(kFirstHeight + 1, 1))), wire::Rule::kSignerState);
}

TEST_F(CoreTest, WhatAnOperatorDrainedDoesNotActivateByItself) {
  activates_by_itself_ = true;
  boot();
  ASSERT_EQ(core_->view().state, SignerState::kActive);
  ASSERT_TRUE(core_->drain().ok());
  core_->tick();
  EXPECT_EQ(core_->view().state, SignerState::kStandby);
  EXPECT_EQ(rule_of(ask(prevote(kFirstHeight, 1))), wire::Rule::kSignerState);
  activate();
  EXPECT_TRUE(is_signed(ask(prevote(kFirstHeight, 1))));
}

TEST_F(CoreTest, ReplaysItsAnswerByteForByteAlsoAfterARestart) {
  activate();
  const auto first = ask(prevote(kFirstHeight, 1));
  ASSERT_TRUE(is_signed(first));
  EXPECT_EQ(ask(prevote(kFirstHeight, 1)), first);
  boot();
  activate();
  const std::uint64_t before = device_.signature_count();
  EXPECT_EQ(ask(prevote(kFirstHeight, 1)), first);
  EXPECT_EQ(device_.signature_count(), before) << "a replay asks no device";
}

TEST_F(CoreTest, RefusesToContradictItselfAlsoAfterARestart) {
  activate();
  ASSERT_TRUE(is_signed(ask(prevote(kFirstHeight, 1))));
  EXPECT_EQ(rule_of(ask(prevote(kFirstHeight, 2))), wire::Rule::kEquivocation);
  boot();
  activate();
  EXPECT_EQ(rule_of(ask(prevote(kFirstHeight, 2))), wire::Rule::kEquivocation);
  EXPECT_EQ(rule_of(ask(prevote(kFirstHeight - 1, 1))), wire::Rule::kHeightRegression);
}

TEST_F(CoreTest, T44PoisoningHeightIsRefused) {
  activate();
  EXPECT_EQ(rule_of(ask(prevote(kFirstHeight + 1'000'000, 1))), wire::Rule::kHeightJump);
  EXPECT_TRUE(is_signed(ask(prevote(kFirstHeight, 1))));
}

TEST_F(CoreTest, FailingDeviceLeavesARecordThatIsSignedLater) {
  activate();
  device_.set_broken(true);
  EXPECT_TRUE(std::holds_alternative<wire::Unavailable>(ask(prevote(kFirstHeight, 1))));
  device_.set_broken(false);
  EXPECT_EQ(rule_of(ask(prevote(kFirstHeight, 2))), wire::Rule::kEquivocation);
  EXPECT_TRUE(is_signed(ask(prevote(kFirstHeight, 1))));
}

TEST_F(CoreTest, MissingSignStateHaltsAndStaysHalted) {
  ASSERT_TRUE(state_disk_.remove(StateFile::file_name(identity())).ok());
  boot();
  EXPECT_EQ(core_->view().state, SignerState::kHalted);
  EXPECT_NE(core_->view().halt_reason.find("no sign-state"), std::string::npos);
  EXPECT_FALSE(core_->reset().ok());
  core_->tick();
  EXPECT_EQ(core_->view().state, SignerState::kHalted);
}

TEST_F(CoreTest, T43DiskRestoredFromASnapshotIsCaughtByTheAnchor) {
  const auto snapshot = state_disk_.snapshot();
  activate();
  ASSERT_TRUE(is_signed(ask(prevote(kFirstHeight, 1))));
  boot();  // writes the anchor of what was signed
  ASSERT_EQ(core_->view().state, SignerState::kStandby);
  core_.reset();
  state_disk_.restore(*snapshot);
  boot();
  EXPECT_EQ(core_->view().state, SignerState::kHalted);
  EXPECT_NE(core_->view().halt_reason.find("anchor"), std::string::npos);
}

TEST_F(CoreTest, T42FailedSyncHaltsUntilTheNextStart) {
  activate();
  state_disk_.set_fault([](DiskCall call) {
    return call == DiskCall::kSync ? std::optional(DiskError::kIo) : std::nullopt;
  });
  EXPECT_FALSE(is_signed(ask(prevote(kFirstHeight, 1))));
  EXPECT_EQ(core_->view().state, SignerState::kHalted);
  state_disk_.set_fault(nullptr);
  EXPECT_FALSE(is_signed(ask(prevote(kFirstHeight, 1))));
  boot();
  activate();
  EXPECT_TRUE(is_signed(ask(prevote(kFirstHeight, 1))));
}

TEST_F(CoreTest, SignatureIsKeptBackWhileTheAuditLogTakesNoLine) {
  activate();
  audit_disk_.set_fault([](DiskCall call) {
    return call == DiskCall::kWrite ? std::optional(DiskError::kNoSpace) : std::nullopt;
  });
  EXPECT_TRUE(std::holds_alternative<wire::Unavailable>(ask(prevote(kFirstHeight, 1))));
  audit_disk_.set_fault(nullptr);
  EXPECT_TRUE(is_signed(ask(prevote(kFirstHeight, 1))));
}

TEST_F(CoreTest, T71EverySignatureIsInTheAuditLog) {
  activate();
  std::vector<SeenSignature> seen;
  for (std::int64_t height = kFirstHeight; height < kFirstHeight + 5; ++height) {
    const auto answer = std::get<wire::Signed>(ask(prevote(height, 1)));
    const Bytes bytes = wire::vote_sign_bytes(prevote(height, 1));
    const ByteView view = bytes;
    SeenSignature one;
    accel::scalar_hasher().keccak256_batch({&view, 1}, {&one.digest, 1});
    one.signature = FixedBytes<64>::from(ByteView(answer.signatures[0].signature).first(64));
    seen.push_back(one);
  }
  const auto all = read_audit_segments(audit_disk_, audit_segment_names(audit_disk_).value());
  EXPECT_TRUE(verify_audit(*all, core_->audit_head()).ok());
  EXPECT_TRUE(reconcile(*all, seen).empty());
  seen[2].digest.bytes[0] ^= 1;
  EXPECT_EQ(reconcile(*all, seen).size(), 1u);
}

TEST_F(CoreTest, SocketServesItsOwnPurposesAlone) {
  activate();
  EXPECT_EQ(rule_of(ask(wire::SignBorHeader{})), wire::Rule::kWrongSocket);
  EXPECT_EQ(rule_of(ask(wire::SignRootChainTransaction{})), wire::Rule::kWrongSocket);
  EXPECT_EQ(rule_of(ask(wire::ProveOfPossession{})), wire::Rule::kWrongSocket);
  EXPECT_TRUE(std::holds_alternative<wire::StatusAnswer>(ask(wire::GetStatus{})));
  EXPECT_EQ(std::get<wire::PublicKeyAnswer>(ask(wire::GetPublicKey{})).address, key_.address);
}

TEST_F(CoreTest, T48ExportEndsThisSignerAndItsStateGoesOnElsewhere) {
  activate();
  const auto first = ask(prevote(kFirstHeight, 1));
  EXPECT_FALSE(core_->export_state().ok()) << "not while it is active";
  ASSERT_TRUE(core_->drain().ok());
  const auto exported = core_->export_state();
  ASSERT_TRUE(exported.ok()) << exported.error();
  EXPECT_EQ(core_->view().state, SignerState::kHalted);
  EXPECT_FALSE(core_->reset().ok());
  boot();
  EXPECT_EQ(core_->view().state, SignerState::kHalted) << "no restart brings it back";
  const auto records = decode_move(*exported);
  ASSERT_TRUE(records.ok()) << records.error();
  ASSERT_TRUE(import_records(state_disk_, *records).ok());
  EXPECT_FALSE(import_records(state_disk_, *records).ok()) << "an import replaces nothing";
  boot();
  activate();
  EXPECT_EQ(rule_of(ask(prevote(kFirstHeight, 2))), wire::Rule::kEquivocation);
  EXPECT_TRUE(is_signed(ask(prevote(kFirstHeight, 1))));
}

std::string policy_text(std::string_view votes, int jump) {
  return "version = 1\n[consensus]\nchain_id = \"heimdall-test\"\nvotes = " + std::string(votes) +
         "\nmax_height_jump = " + std::to_string(jump) + "\n[checkpoint]\nbor_chain_id = 7\n";
}

TEST_F(CoreTest, NarrowingPolicyHoldsAtOnceWideningNeedsTwoAdministrators) {
  PolicyBoard board(core_->rules_context(), clock_);
  const auto narrowed = board.propose(policy_text("false", 10000), 1);
  ASSERT_TRUE(narrowed.ok()) << narrowed.error();
  activate();
  EXPECT_EQ(rule_of(ask(prevote(kFirstHeight, 1))), wire::Rule::kPurposeDisabled);
  const auto widening = board.propose(policy_text("true", 10000), 1);
  ASSERT_TRUE(widening.ok()) << widening.error();
  EXPECT_NE(widening->find("consensus.votes"), std::string::npos);
  EXPECT_EQ(rule_of(ask(prevote(kFirstHeight, 1))), wire::Rule::kPurposeDisabled);
  const std::string hash = widening->substr(7, 64);
  EXPECT_FALSE(board.approve(hash, 1).ok()) << "one administrator is not two";
  EXPECT_FALSE(board.approve(std::string(64, '0'), 2).ok());
  clock_.advance(kApprovalLife);
  EXPECT_FALSE(board.approve(hash, 2).ok()) << "nobody waits for ever";
  ASSERT_TRUE(board.propose(policy_text("true", 10000), 1).ok());
  ASSERT_TRUE(board.approve(hash, 2).ok());
  EXPECT_TRUE(is_signed(ask(prevote(kFirstHeight, 1))));
  EXPECT_FALSE(board.approve(hash, 2).ok()) << "an approval is used once";
}

TEST_F(CoreTest, AdminAnswersInWordsAndIsLogged) {
  Admin admin(*core_, {"", [](int) { return Unit{}; }, [] {}, [] { return std::string(); }});
  const auto say = [&](std::string_view line) {
    const Bytes answer = admin.handle({as_bytes(line), -1}, Peer{5, 6, 7});
    return std::string(as_text(answer));
  };
  EXPECT_TRUE(say("status").starts_with("ok state STANDBY"));
  EXPECT_EQ(say("activate"), "ok active");
  EXPECT_TRUE(say("activate").starts_with("error "));
  EXPECT_TRUE(say("export").starts_with("error drain"));
  EXPECT_EQ(say("drain"), "ok drained");
  EXPECT_EQ(say("lock"), "ok locked");
  EXPECT_TRUE(say("activate please").starts_with("error "));
  EXPECT_TRUE(say("sign 00").starts_with("error unknown verb"));
  const auto all = read_audit_segments(audit_disk_, audit_segment_names(audit_disk_).value());
  EXPECT_NE(all->back().text.find("uid=5 gid=6 pid=7"), std::string::npos);
}

}  // namespace
}  // namespace buri::hsm::signer
