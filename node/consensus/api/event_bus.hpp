#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "node/consensus/api/event_query.hpp"

/// Who wants which events, and the events that reach them (0xPolygon/cometbft v0.3.8-polygon,
/// libs/pubsub, types/event_bus.go).

namespace buri::consensus::api {

/// max_subscription_clients and max_subscriptions_per_client of a stock config.toml.
struct EventBusLimits {
  std::size_t max_clients = 100;
  std::size_t max_subscriptions_per_client = 5;
};

/// What a subscription hears. Called by one thread at a time, without locks of the bus held.
struct EventSink {
  /// An event as JSON: its data, and its attributes. False: the client is too slow, and the
  /// subscription ends.
  std::function<bool(std::string_view data, std::string_view attributes)> deliver;
  /// The subscription ends for that reason, though nobody asked for it.
  std::function<void(std::string_view reason)> cancelled;
};

/// Thread-safe.
class EventBus {
 public:
  explicit EventBus(EventBusLimits limits = {}) : limits_(limits) {}

  /// Adds a subscription to what the query `text` finds. The error is stock's sentence: too many, a
  /// query that does not parse, the same query again.
  Status<std::string> subscribe(const std::string& client, std::string_view text, EventSink sink);
  Status<std::string> unsubscribe(const std::string& client, std::string_view text);
  Status<std::string> unsubscribe_all(const std::string& client);

  /// Whether somebody listens at all: spares making events.
  [[nodiscard]] bool is_heard() const;
  [[nodiscard]] std::size_t clients() const;

  /// Tells everybody whose query matches; `data` is made only if there is one. Calls come one at a
  /// time.
  void publish(const EventAttributes& attributes, const std::function<std::string()>& data);
  /// Ends all subscriptions, for that reason.
  void cancel_all(std::string_view reason);

 private:
  struct Subscription {
    EventQuery query;
    EventSink sink;
  };
  using SubscriptionPtr = std::shared_ptr<const Subscription>;

  EventBusLimits limits_;
  mutable std::mutex mutex_;
  /// By client, then by canonical query.
  std::map<std::string, std::map<std::string, SubscriptionPtr>> clients_;
};

/// {"tm.event":["NewBlock"],...}
std::string attributes_json(const EventAttributes& attributes);

}  // namespace buri::consensus::api
