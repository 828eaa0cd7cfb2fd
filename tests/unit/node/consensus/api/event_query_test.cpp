#include "node/consensus/api/event_query.hpp"

#include <gtest/gtest.h>

#include "node/consensus/api/event_bus.hpp"

namespace buri::consensus::api {
namespace {

const EventAttributes kEvent{{"tm.event", {"NewBlock"}},
                             {"milestone.number", {"12"}},
                             {"transfer.amount", {"8pol", "6.50pol"}},
                             {"block.time", {"2026-11-25T17:13:31.5+01:00"}},
                             {"block.day", {"2026-11-25"}},
                             {"fee.big", {"18446744073709551616"}}};

bool matches(std::string_view text) {
  const auto query = EventQuery::parse(text);
  EXPECT_TRUE(query.ok()) << text << query.error();
  return query.ok() && query->matches(kEvent);
}
std::string error_of(std::string_view text) {
  const auto query = EventQuery::parse(text);
  return query.ok() ? "none" : query.error();
}

TEST(EventQuery, ConditionsHoldAsInStock) {
  EXPECT_TRUE(matches("tm.event='NewBlock' AND milestone.number>0"));
  EXPECT_FALSE(matches("tm.event='NewBlock' AND milestone.number>12"));
  EXPECT_TRUE(matches("milestone.number = 12.0"));
  EXPECT_TRUE(matches("milestone.number >= 9"));
  EXPECT_TRUE(matches("transfer.amount = 8"));
  EXPECT_TRUE(matches("transfer.amount < 6.51"));
  EXPECT_FALSE(matches("transfer.amount < 6.5"));
  EXPECT_TRUE(matches("transfer.amount CONTAINS '0pol'"));
  EXPECT_TRUE(matches("fee.big > 18446744073709551615"));
  EXPECT_TRUE(matches("block.time > TIME 2026-11-25T16:13:31Z"));
  EXPECT_FALSE(matches("block.time > TIME 2026-11-25T16:13:32Z"));
  EXPECT_TRUE(matches("block.day = DATE 2026-11-25"));
  EXPECT_TRUE(matches("transfer.amount EXISTS"));
  EXPECT_TRUE(matches("transfer EXISTS"));
  EXPECT_FALSE(matches("transfers EXISTS"));
  EXPECT_FALSE(matches("tm.event > 3"));
  EXPECT_FALSE(matches("milestone.number='1'"));
}

TEST(EventQuery, SaysWhereItIsWrong) {
  EXPECT_EQ(error_of(""), "offset 0: EOF");
  EXPECT_EQ(error_of("a"), "offset 1: EOF");
  EXPECT_EQ(error_of("a = "), "offset 4: EOF");
  EXPECT_EQ(error_of("a = b"), "offset 4: got tag, wanted number, timestamp, datestamp or string");
  EXPECT_EQ(error_of("a CONTAINS 5"), "offset 11: got number, wanted string");
  EXPECT_EQ(error_of("a=1 OR b=2"), "offset 4: got tag, want AND operator");
  EXPECT_EQ(error_of("a=1 AND"), "offset 7: EOF");
  EXPECT_EQ(error_of("a ! 5"), "offset 2: invalid input ! at offset 3");
  EXPECT_NE(error_of("a > TIME 2026"), "none");
  EXPECT_NE(error_of("a > DATE 1800-01-01"), "none");
  EXPECT_NE(error_of("a='x"), "none");
}

EventSink deaf(std::string& reason) {
  return {[](std::string_view, std::string_view) { return false; },
          [&reason](std::string_view text) { reason = text; }};
}

TEST(EventBus, CountsClientsAndTheirSubscriptions) {
  EventBus bus({2, 2});
  std::string reason;
  EXPECT_TRUE(bus.subscribe("a", "x EXISTS", deaf(reason)).ok());
  EXPECT_EQ(bus.subscribe("a", "x  EXISTS", deaf(reason)).error(), "already subscribed");
  EXPECT_TRUE(bus.subscribe("a", "y EXISTS", deaf(reason)).ok());
  EXPECT_EQ(bus.subscribe("a", "z EXISTS", deaf(reason)).error(),
            "max_subscriptions_per_client 2 reached");
  EXPECT_TRUE(bus.subscribe("b", "x EXISTS", deaf(reason)).ok());
  EXPECT_EQ(bus.subscribe("c", "x EXISTS", deaf(reason)).error(),
            "max_subscription_clients 2 reached");
  EXPECT_EQ(bus.unsubscribe("b", "y EXISTS").error(), "subscription not found");
  EXPECT_TRUE(bus.unsubscribe("b", "x EXISTS").ok());
  EXPECT_EQ(bus.subscribe("b", std::string(513, 'x'), deaf(reason)).error(),
            "maximum query length exceeded");
  EXPECT_EQ(bus.subscribe("b", "x", deaf(reason)).error(), "failed to parse query: offset 1: EOF");
}

TEST(EventBus, EndsTheSubscriptionOfTheSlow) {
  EventBus bus;
  std::string reason;
  ASSERT_TRUE(bus.subscribe("a", "tm.event='NewBlock'", deaf(reason)).ok());
  bus.publish({{"tm.event", {"Vote"}}}, [] { return std::string("{}"); });
  EXPECT_TRUE(bus.is_heard());
  bus.publish(kEvent, [] { return std::string("{}"); });
  EXPECT_FALSE(bus.is_heard());
  EXPECT_EQ(reason, "client is not pulling messages fast enough");
}

}  // namespace
}  // namespace buri::consensus::api
