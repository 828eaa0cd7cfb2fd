#include "node/consensus/api/event_bus.hpp"

#include "node/consensus/api/json_writer.hpp"

namespace buri::consensus::api {
namespace {

constexpr std::size_t kMaxQueryBytes = 512;
constexpr std::string_view kTooSlow = "client is not pulling messages fast enough";

Result<EventQuery, std::string> parse_or_say(std::string_view text) {
  auto query = EventQuery::parse(text);
  if (!query.ok()) return Failure{"failed to parse query: " + query.error()};
  return query;
}

}  // namespace

std::string attributes_json(const EventAttributes& attributes) {
  JsonWriter out;
  out.begin_object();
  for (const auto& [name, values] : attributes) {
    out.key(name).begin_array();
    for (const std::string& value : values) out.text(value);
    out.end_array();
  }
  out.end_object();
  return out.take();
}

Status<std::string> EventBus::subscribe(const std::string& client, std::string_view text,
                                        EventSink sink) {
  const std::lock_guard lock(mutex_);
  const auto known = clients_.find(client);
  // Stock counts so that the last place stays free even for a client that it knows.
  if (clients_.size() >= limits_.max_clients) {
    return Failure{"max_subscription_clients " + std::to_string(limits_.max_clients) + " reached"};
  }
  if (known != clients_.end() && known->second.size() >= limits_.max_subscriptions_per_client) {
    return Failure{"max_subscriptions_per_client " +
                   std::to_string(limits_.max_subscriptions_per_client) + " reached"};
  }
  if (text.size() > kMaxQueryBytes) return Failure{std::string("maximum query length exceeded")};
  ASSIGN_OR_RETURN(EventQuery query, parse_or_say(text));
  if (known != clients_.end() && known->second.contains(query.canonical())) {
    return Failure{std::string("already subscribed")};
  }
  const std::string name = query.canonical();
  clients_[client][name] =
      std::make_shared<const Subscription>(Subscription{std::move(query), std::move(sink)});
  return Unit{};
}

Status<std::string> EventBus::unsubscribe(const std::string& client, std::string_view text) {
  ASSIGN_OR_RETURN(const EventQuery query, parse_or_say(text));
  const std::lock_guard lock(mutex_);
  const auto known = clients_.find(client);
  if (known == clients_.end() || known->second.erase(query.canonical()) == 0) {
    return Failure{std::string("subscription not found")};
  }
  if (known->second.empty()) clients_.erase(known);
  return Unit{};
}

Status<std::string> EventBus::unsubscribe_all(const std::string& client) {
  const std::lock_guard lock(mutex_);
  if (clients_.erase(client) == 0) return Failure{std::string("subscription not found")};
  return Unit{};
}

bool EventBus::is_heard() const {
  const std::lock_guard lock(mutex_);
  return !clients_.empty();
}

std::size_t EventBus::clients() const {
  const std::lock_guard lock(mutex_);
  return clients_.size();
}

void EventBus::publish(const EventAttributes& attributes,
                       const std::function<std::string()>& make_data) {
  std::vector<std::pair<std::string, SubscriptionPtr>> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [client, subscriptions] : clients_) {
      for (const auto& [name, subscription] : subscriptions) {
        if (subscription->query.matches(attributes)) all.emplace_back(client, subscription);
      }
    }
  }
  if (all.empty()) return;
  const std::string data = make_data();
  const std::string events = attributes_json(attributes);
  for (const auto& [client, subscription] : all) {
    if (subscription->sink.deliver(data, events)) continue;
    {
      const std::lock_guard lock(mutex_);
      const auto known = clients_.find(client);
      if (known == clients_.end()) continue;
      const auto place = known->second.find(subscription->query.canonical());
      if (place == known->second.end() || place->second != subscription) continue;
      known->second.erase(place);
      if (known->second.empty()) clients_.erase(known);
    }
    subscription->sink.cancelled(kTooSlow);
  }
}

void EventBus::cancel_all(std::string_view reason) {
  decltype(clients_) all;
  {
    const std::lock_guard lock(mutex_);
    all.swap(clients_);
  }
  for (const auto& [client, subscriptions] : all) {
    for (const auto& [name, subscription] : subscriptions) subscription->sink.cancelled(reason);
  }
}

}  // namespace buri::consensus::api
