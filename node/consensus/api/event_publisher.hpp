#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "node/consensus/api/event_bus.hpp"
#include "node/consensus/host/loop.hpp"
#include "node/consensus/host/observer.hpp"

/// What consensus does becomes events for subscribers (0xPolygon/cometbft v0.3.8-polygon,
/// state/execution.go, fireEvents; consensus/state.go).

namespace buri::consensus::api {

/// Makes and delivers events on an executor of their own, in the order of what happened, and
/// nothing while nobody listens: consensus waits for none of it. If events pile up there, all
/// subscriptions end.
class EventPublisher final : public host::Observer {
 public:
  /// What may wait on the executor.
  static constexpr std::size_t kMaxWaiting = 10'000;

  /// All must outlive what was posted.
  EventPublisher(EventBus& bus, host::Executor& executor, accel::Engine& crypto)
      : bus_(&bus), executor_(&executor), crypto_(&crypto) {}

  void block_applied(const host::AppliedBlock& applied) override;
  void step_entered(const engine::StepEntered& step, const engine::RoundState& state) override;
  void noted(const engine::Noted& note, const engine::RoundState& state) override;

 private:
  void post(std::function<void()> work);
  /// An event without attributes of its own.
  void post_event(std::string_view name, std::function<std::string()> data);

  EventBus* bus_;
  host::Executor* executor_;
  accel::Engine* crypto_;
  std::shared_ptr<std::atomic<std::size_t>> waiting_ =
      std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace buri::consensus::api
