#include "node/devnet/links.hpp"

#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

/// The relays between validators, over sockets.

namespace buri::devnet {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Fault = boost::system::error_code;

class LinksTest : public ::testing::Test {
 protected:
  LinksTest() {
    const std::uint16_t port = target_.local_endpoint().port();
    links_ = Links::start({1, port, port}).value();
  }

  tcp::socket dial(std::size_t from, std::size_t to) {
    tcp::socket socket(context_);
    socket.connect({asio::ip::address_v4::loopback(), links_->port(from, to)});
    return socket;
  }

  /// Whether a byte gets through.
  static bool passes(tcp::socket& from, tcp::socket& to) {
    char sent = 'x';
    char received = 0;
    Fault fault;
    asio::write(from, asio::buffer(&sent, 1), fault);
    if (!fault) asio::read(to, asio::buffer(&received, 1), fault);
    return !fault && received == sent;
  }

  static bool has_ended(tcp::socket& socket) {
    char byte = 0;
    Fault fault;
    asio::read(socket, asio::buffer(&byte, 1), fault);
    return fault.failed();
  }

  asio::io_context context_;
  tcp::acceptor target_{context_, {asio::ip::address_v4::loopback(), 0}};
  std::unique_ptr<Links> links_;
};

TEST_F(LinksTest, PassOnWhatIsSaidBothWays) {
  tcp::socket near = dial(1, 2);
  tcp::socket far = target_.accept();
  EXPECT_TRUE(passes(near, far));
  EXPECT_TRUE(passes(far, near));
  far.close();
  EXPECT_TRUE(has_ended(near));
}

TEST_F(LinksTest, AreCutBetweenGroupsAndHeal) {
  tcp::socket cut = dial(1, 2);
  tcp::socket cut_far = target_.accept();
  tcp::socket kept = dial(1, 3);
  tcp::socket kept_far = target_.accept();
  ASSERT_TRUE(passes(cut, cut_far));
  links_->divide({{1, 3}, {2}});
  EXPECT_TRUE(has_ended(cut));
  EXPECT_TRUE(has_ended(cut_far));
  EXPECT_TRUE(passes(kept, kept_far));
  EXPECT_EQ(groups_text(links_->groups()), "1,3|2");
  tcp::socket refused = dial(1, 2);
  EXPECT_TRUE(has_ended(refused));
  links_->divide({{1, 2, 3}});
  EXPECT_TRUE(links_->groups().empty());
  tcp::socket again = dial(1, 2);
  tcp::socket again_far = target_.accept();
  EXPECT_TRUE(passes(again, again_far));
}

TEST(Groups, AreReadAsOperatorsWriteThem) {
  EXPECT_EQ(parse_groups("1,2|3,4", 4).value(), (Groups{{1, 2}, {3, 4}}));
  EXPECT_EQ(parse_groups("2", 4).value(), (Groups{{2}, {1, 3, 4}}));
  EXPECT_EQ(parse_groups("1|2", 3).value(), (Groups{{1}, {2}, {3}}));
  for (const std::string_view text : {"", "0", "5", "1,1", "1|", "|1", "1,,2", "a", "1 2"}) {
    EXPECT_FALSE(parse_groups(text, 4).ok()) << text;
  }
}

}  // namespace
}  // namespace buri::devnet
