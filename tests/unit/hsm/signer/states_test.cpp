#include "hsm/signer/states.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace buri::hsm::signer {
namespace {

/// A lifecycle in that state.
Lifecycle in_state(SignerState state) {
  Lifecycle life;
  if (state == SignerState::kHalted) life.halt("test");
  if (state == SignerState::kHalted || state == SignerState::kLocked) return life;
  CHECK(life.apply(SignerEvent::kUnlocked).ok(), "locked signers unlock");
  if (state == SignerState::kStandby) return life;
  if (state == SignerState::kCeremony) {
    CHECK(life.apply(SignerEvent::kBeginCeremony).ok(), "standby signers hold ceremonies");
    return life;
  }
  CHECK(life.activate(7).ok(), "standby signers activate");
  if (state == SignerState::kDraining) CHECK(life.apply(SignerEvent::kDrain).ok(), "they drain");
  return life;
}

TEST(Lifecycle, AdmitsExactlyTheEventsOfTheDiagram) {
  using enum SignerState;
  using enum SignerEvent;
  const std::set<std::pair<SignerState, SignerEvent>> admitted = {
      {kLocked, kUnlocked},     {kLocked, kLock},      {kStandby, kLock},
      {kActive, kLock},         {kActive, kDrain},     {kActive, kFencedOff},
      {kDraining, kLock},       {kDraining, kDrained}, {kDraining, kFencedOff},
      {kHalted, kReset},        {kCeremony, kLock},    {kStandby, kBeginCeremony},
      {kCeremony, kEndCeremony}};
  for (const SignerState state : {kLocked, kStandby, kActive, kDraining, kHalted, kCeremony}) {
    for (const SignerEvent event :
         {kUnlocked, kLock, kDrain, kDrained, kFencedOff, kReset, kBeginCeremony, kEndCeremony}) {
      EXPECT_EQ(in_state(state).apply(event).ok(), admitted.contains({state, event}))
          << name_of(state) << ", " << name_of(event);
    }
    EXPECT_EQ(in_state(state).activate(1).ok(), state == kStandby);
  }
}

TEST(Lifecycle, SignsOnlyWhenActive) {
  using enum SignerState;
  for (const SignerState state : {kLocked, kStandby, kDraining, kHalted, kCeremony}) {
    EXPECT_FALSE(in_state(state).may_sign()) << name_of(state);
  }
  EXPECT_TRUE(in_state(kActive).may_sign());
  EXPECT_EQ(in_state(kActive).epoch(), 7u);
  EXPECT_EQ(in_state(kDraining).epoch(), 7u);
  EXPECT_EQ(in_state(kStandby).epoch(), 0u);
}

TEST(Lifecycle, FirstReasonOfAHaltStandsAndAResetLocks) {
  Lifecycle life = in_state(SignerState::kActive);
  life.halt("first");
  life.halt("second");
  EXPECT_EQ(life.halt_reason(), "first");
  EXPECT_EQ(life.epoch(), 0u);
  EXPECT_EQ(life.apply(SignerEvent::kReset).value(), SignerState::kLocked);
  EXPECT_EQ(life.halt_reason(), "");
}

}  // namespace
}  // namespace buri::hsm::signer
