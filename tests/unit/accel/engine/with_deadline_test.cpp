#include "accel/engine/with_deadline.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace buri::accel::engine {
namespace {

using namespace std::chrono_literals;

TEST(WithDeadline, GivesTheAnswerThatComesInTime) {
  EXPECT_EQ(with_deadline<int>([] { return 7; }, 60s), 7);
}

/// As when a driver hangs while its cards are opened: whoever starts the engine goes on.
TEST(WithDeadline, GivesNothingForACallThatDoesNotComeBack) {
  const auto gate = std::make_shared<std::promise<void>>();
  const auto finished = std::make_shared<std::promise<void>>();
  const auto hanging = [gate, finished] {
    gate->get_future().wait();
    finished->set_value();
    return 7;
  };
  EXPECT_EQ(with_deadline<int>(hanging, 20ms), std::nullopt);
  // A call that comes back late finds everything it touches still alive, and nobody waiting.
  gate->set_value();
  finished->get_future().wait();
}

}  // namespace
}  // namespace buri::accel::engine
