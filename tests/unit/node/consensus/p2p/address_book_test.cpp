#include "node/consensus/p2p/address_book.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "node/consensus/p2p/address_book_file.hpp"
#include "node/consensus/p2p/pex_message.hpp"

namespace buri::consensus::p2p {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

const WallTime kNow{std::chrono::seconds(1'790'000'000)};

NodeId id_of(std::uint32_t number) {
  NodeId id;
  std::memcpy(id.data(), &number, sizeof number);
  return id;
}

NetAddress address_of(std::uint32_t number, std::string_view ip) {
  return {id_of(number), IpAddress::from_text(ip).value(), 26656};
}

/// Addresses of distinct networks.
NetAddress public_address(std::uint32_t number) {
  return address_of(number, "5." + std::to_string(number / 250 % 250) + "." +
                                std::to_string(number % 250) + ".7");
}

TEST(IpAddress, PrintsAsGoDoes) {
  for (const std::string_view text :
       {"10.1.2.3", "2001:db8::1", "::1", "::102:304", "fe80::1:0:0:1", "1:0:2::", "::"}) {
    const auto ip = IpAddress::from_text(text);
    ASSERT_TRUE(ip.has_value()) << text;
    EXPECT_EQ(ip->to_text(), text);
  }
  EXPECT_EQ(IpAddress::from_text("::ffff:1.2.3.4")->to_text(), "1.2.3.4");
  for (const std::string_view text :
       {"", "1.2.3", "1.2.3.04", "fe80::1%eth0", "host", "1.2.3.4 "}) {
    EXPECT_FALSE(IpAddress::from_text(text).has_value()) << text;
  }
}

TEST(IpAddress, KnowsWhatIsRoutable) {
  const auto ip = [](std::string_view text) { return IpAddress::from_text(text).value(); };
  for (const auto text : {"8.8.8.8", "172.15.0.1", "172.32.0.1", "2600::1", "::ffff:8.8.8.8"}) {
    EXPECT_TRUE(ip(text).is_routable()) << text;
  }
  for (const auto text :
       {"10.9.9.9", "192.168.1.1", "172.31.0.1", "127.0.0.1", "0.1.2.3", "::1", "169.254.3.4",
        "fe80::5", "fd00::1", "2001:1f::1", "255.255.255.255", "0.0.0.0", "::", "2001:db8::9"}) {
    EXPECT_FALSE(ip(text).is_routable()) << text;
  }
  EXPECT_FALSE(ip("0.0.0.0").is_valid());
  EXPECT_TRUE(ip("127.0.0.1").is_valid());
}

TEST(IpAddress, GroupsByWhoIsLikelyToHoldIt) {
  const auto group = [](std::string_view text, bool is_strict = true) {
    return network_group(IpAddress::from_text(text).value(), is_strict);
  };
  EXPECT_EQ(group("5.6.7.8"), group("5.6.200.1"));
  EXPECT_NE(group("5.6.7.8"), group("5.7.7.8"));
  EXPECT_EQ(group("64:ff9b::506:708"), group("5.6.1.1"));
  EXPECT_EQ(group("2002:506:708::1"), group("5.6.1.1"));
  EXPECT_EQ(group("2001:0:1::faf9:f8f7"), group("5.6.1.1"));
  EXPECT_EQ(group("2600:1:2::1"), group("2600:1:3::1"));
  EXPECT_NE(group("2001:470:1000::1"), group("2001:470:2000::1"));
  EXPECT_EQ(group("10.0.0.1"), group("192.168.0.1"));
  EXPECT_NE(group("10.0.0.1", false), group("192.168.0.1", false));
}

TEST(PeerAddress, IsReadAsOperatorsWriteIt) {
  const std::string id(40, 'a');
  const auto named = parse_peer_address("tcp://" + id + "@seed-1.example.org:26656");
  ASSERT_TRUE(named.ok());
  EXPECT_EQ(named.value().to_text(), id + "@seed-1.example.org:26656");
  EXPECT_FALSE(named.value().numeric().has_value());
  const auto v6 = parse_peer_address(id + "@[2600::1]:1");
  ASSERT_TRUE(v6.ok());
  EXPECT_EQ(v6.value().numeric()->to_text(), id + "@[2600::1]:1");
  EXPECT_EQ(PeerAddress::of(*v6.value().numeric()), v6.value());
  using enum PeerAddressError;
  const std::vector<std::pair<std::string, PeerAddressError>> wrong{
      {"1.2.3.4:26656", kNoId},       {"@1.2.3.4:26656", kNoId},  {"abc@1.2.3.4:1", kBadId},
      {id + "@1.2.3.4", kPort},       {id + "@1.2.3.4:0", kPort}, {id + "@1.2.3.4:65536", kPort},
      {id + "@2600::1:26656", kPort}, {id + "@:26656", kHost},    {id + "@a b:26656", kHost},
      {id + "@1.2.3.4:+1", kPort},    {id + "@[a:b]:1", kHost}};
  for (const auto& [text, error] : wrong) {
    const auto parsed = parse_peer_address(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error(), error) << text;
    EXPECT_FALSE(describe(error).empty());
  }
}

/// Recorded from the fork (golden record heimdall-devnet, wire/messages.json).
constexpr std::string_view kRecordedRequest = "0a00";
constexpr std::string_view kRecordedAddresses =
    "12750a380a2862306231623262336234623562366237623862396261626262636264626562666330633163326333"
    "120831302e312e322e3318a0d0010a390a2861306231623262336234623562366237623862396261626262636264"
    "626562666330633163326333120b323030313a6462383a3a311801";

TEST(PexMessage, OfStockNodesIsReadAndWrittenByteForByte) {
  for (const std::string_view hex : {kRecordedRequest, kRecordedAddresses}) {
    const auto message = decode_pex_message(from_hex(hex).value());
    ASSERT_TRUE(message.ok());
    EXPECT_EQ(to_hex(encode(message.value())), hex);
  }
  const auto read = decode_pex_message(from_hex(kRecordedAddresses).value());
  const auto& addresses = std::get<PexAddresses>(read.value()).addresses;
  ASSERT_EQ(addresses.size(), 2U);
  EXPECT_EQ(addresses[0].to_text(), "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3@10.1.2.3:26656");
  EXPECT_EQ(addresses[1].to_text(), "a0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3@[2001:db8::1]:1");
}

TEST(PexMessage, RefusesWhatStockRefuses) {
  const auto error_of = [](std::string_view hex) {
    return decode_pex_message(from_hex(hex).value()).error();
  };
  EXPECT_EQ(error_of(""), PexError::kEncoding);
  EXPECT_EQ(error_of("0a001200"), PexError::kEncoding);
  EXPECT_EQ(error_of("12"), PexError::kEncoding);
  EXPECT_EQ(error_of("12020a00"), PexError::kAddress);  // no IP
  EXPECT_EQ(error_of("120b0a091203"
                     "3a3a31"
                     "18808004"),
            PexError::kAddress);  // port 65536
  // An id that is none costs the entry, not the peer.
  const auto read = decode_pex_message(from_hex("12070a0512033a3a31").value());
  EXPECT_TRUE(std::get<PexAddresses>(read.value()).addresses.empty());
}

class Book : public ::testing::Test {
 protected:
  SeededRandom random_{1};
  AddressBook book_{id_of(0xffffff), true, random_};
  NetAddress source_ = address_of(0xeeeeee, "9.9.9.9");
};

TEST_F(Book, JudgesWhatItIsTold) {
  using enum BookVerdict;
  book_.add_own(address_of(50, "7.7.7.7"));
  book_.add_private(id_of(60));
  EXPECT_EQ(book_.add(public_address(1), source_, kNow), kAdded);
  EXPECT_TRUE(book_.contains(id_of(1)));
  EXPECT_EQ(book_.add(address_of(2, "0.0.0.0"), source_, kNow), kInvalid);
  EXPECT_EQ(book_.add(address_of(2, "192.168.1.1"), source_, kNow), kUnroutable);
  EXPECT_EQ(book_.add(address_of(0xffffff, "8.8.8.8"), source_, kNow), kOwn);
  EXPECT_EQ(book_.add(address_of(50, "7.7.7.7"), source_, kNow), kOwn);
  EXPECT_EQ(book_.add(public_address(60), source_, kNow), kPrivate);
  EXPECT_EQ(book_.add(public_address(61), address_of(60, "8.8.8.8"), kNow), kPrivateSource);
  book_.ban(id_of(1), hours(24), kNow);
  EXPECT_EQ(book_.add(public_address(1), source_, kNow + hours(23)), kBanned);
  EXPECT_EQ(book_.size(), 0U);
  AddressBook lenient(id_of(9), false, random_);
  EXPECT_EQ(lenient.add(address_of(2, "127.0.0.1"), source_, kNow), kAdded);
}

TEST_F(Book, KeepsTheAddressOfAGoodNodeWhateverOthersSay) {
  ASSERT_EQ(book_.add(public_address(1), source_, kNow), BookVerdict::kAdded);
  book_.mark_good(id_of(1), kNow);
  EXPECT_TRUE(book_.is_good(id_of(1)));
  for (int i = 0; i < 20; ++i) book_.add(address_of(1, "66.66.66.66"), source_, kNow);
  EXPECT_EQ(book_.selection().at(0), public_address(1));
}

TEST_F(Book, OneSourceFillsFewBuckets) {
  for (std::uint32_t i = 1; i < 6'000; ++i) book_.add(public_address(i), source_, kNow);
  std::set<std::uint16_t> buckets;
  for (const KnownAddress& known : book_.record().addresses) {
    buckets.insert(known.buckets.begin(), known.buckets.end());
  }
  EXPECT_LE(buckets.size(), 32U);
  EXPECT_LE(book_.size(), 32U * AddressBook::kBucketAddresses);
}

TEST_F(Book, DropsWorthlessAddressesFirst) {
  const NetAddress good = public_address(1);
  book_.add(good, source_, kNow);
  // More of the same two networks than one bucket holds; all but the first were called in vain.
  for (std::uint32_t i = 2; i <= 64; ++i) {
    NetAddress address = good;
    address.id = id_of(i);
    book_.add(address, source_, kNow);
    for (int tries = 0; tries < 3; ++tries) book_.mark_attempt(id_of(i), kNow);
  }
  ASSERT_EQ(book_.size(), 64U);
  NetAddress late = good;
  late.id = id_of(100);
  book_.add(late, source_, kNow + minutes(2));
  EXPECT_EQ(book_.size(), 64U);
  EXPECT_TRUE(book_.contains(good.id));
  EXPECT_TRUE(book_.contains(late.id));
}

TEST_F(Book, BansEndAndAddressesReturn) {
  book_.add(public_address(1), source_, kNow);
  book_.ban(id_of(1), hours(24), kNow);
  book_.ban(id_of(1), hours(1), kNow);  // the longer one stays
  EXPECT_TRUE(book_.is_banned(id_of(1), kNow + hours(23)));
  book_.reinstate(kNow + hours(23));
  EXPECT_FALSE(book_.contains(id_of(1)));
  book_.reinstate(kNow + hours(24));
  EXPECT_TRUE(book_.contains(id_of(1)));
  EXPECT_FALSE(book_.is_banned(id_of(1), kNow + hours(24)));
}

TEST_F(Book, BansOfUnknownNodesAreBounded) {
  for (std::uint32_t i = 0; i < AddressBook::kMaxBans + 10; ++i) {
    book_.ban(id_of(i), std::chrono::seconds(100 + i), kNow);
  }
  EXPECT_FALSE(book_.is_banned(id_of(5), kNow));
  EXPECT_TRUE(book_.is_banned(id_of(AddressBook::kMaxBans + 9), kNow));
}

TEST_F(Book, SelectsAShareOfItself) {
  EXPECT_FALSE(book_.pick(50).has_value());
  EXPECT_TRUE(book_.selection().empty());
  for (std::uint32_t i = 1; i <= 20; ++i) book_.add(public_address(i), public_address(i), kNow);
  EXPECT_EQ(book_.selection().size(), 20U);
  for (std::uint32_t i = 1; i <= 10; ++i) book_.mark_good(id_of(i), kNow);
  for (std::uint32_t i = 21; i <= 3000; ++i) book_.add(public_address(i), public_address(i), kNow);
  const auto chosen = book_.selection();
  EXPECT_EQ(chosen.size(), std::min<std::size_t>(250, book_.size() * 23 / 100));
  EXPECT_EQ(std::set(chosen.begin(), chosen.end()).size(), chosen.size());
  const auto biased = book_.selection(30);
  EXPECT_EQ(biased.size(), chosen.size());
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(book_.is_good(book_.pick(0)->id));
    EXPECT_FALSE(book_.is_good(book_.pick(100)->id));
  }
}

TEST_F(Book, RandomUseKeepsItsBucketsAndIndexInStep) {
  WallTime now = kNow;
  for (int step = 0; step < 15'000; ++step) {
    const auto number = static_cast<std::uint32_t>(random_.below(2000));
    now += std::chrono::seconds(random_.below(60));
    switch (random_.below(6)) {
      case 0:
        book_.mark_good(id_of(number), now);
        break;
      case 1:
        book_.mark_attempt(id_of(number), now);
        break;
      case 2:
        if (number < 50) book_.ban(id_of(number), hours(1), now);
        if (number > 1950) book_.remove(id_of(number));
        break;
      case 3:
        book_.reinstate(now);
        [[fallthrough]];
      default:
        book_.add(public_address(number), public_address(number / 100), now);
    }
  }
  // What a second book makes of the record is the first one: nothing was in two minds.
  AddressBook again(id_of(0xffffff), true, random_);
  again.restore(book_.record(), now);
  EXPECT_EQ(again.record(), book_.record());
  EXPECT_EQ(again.size(), book_.size());
  EXPECT_GT(book_.size(), 100U);
}

/// Written by a stock node (v0.3.8 of the fork), one address of each kind kept.
constexpr std::string_view kStockBook = R"({
	"key": "fb2c7d8af3976e589b7d71e9",
	"addrs": [
		{
			"addr": {"id": "a0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3", "ip": "2001:db9::1", "port": 26657},
			"src": {"id": "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3", "ip": "10.1.2.3", "port": 26656},
			"buckets": [47],
			"attempts": 1,
			"bucket_type": 1,
			"last_attempt": "2026-11-26T16:29:07.67917705Z",
			"last_success": "0001-01-01T00:00:00Z",
			"last_ban_time": "0001-01-01T00:00:00Z"
		},
		{
			"addr": {"id": "c0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3", "ip": "203.0.113.9", "port": 1},
			"src": {"id": "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3", "ip": "10.1.2.3", "port": 26656},
			"buckets": [32],
			"attempts": 0,
			"bucket_type": 2,
			"last_attempt": "2026-11-26T18:29:07.679168995+02:00",
			"last_success": "2026-11-26T16:29:07.679168995Z",
			"last_ban_time": "0001-01-01T00:00:00Z"
		}
	]
})";

TEST_F(Book, OfAStockNodeIsTakenOver) {
  const auto record = parse_address_book(kStockBook);
  ASSERT_TRUE(record.ok()) << describe(record.error());
  book_.restore(record.value(), kNow);
  EXPECT_EQ(book_.size(), 2U);
  EXPECT_TRUE(book_.is_good(parse_node_id("c0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3").value()));
  const KnownAddress& known = record.value().addresses.at(1);
  EXPECT_EQ(known.last_attempt, known.last_success);
  EXPECT_EQ(known.banned_until, std::nullopt);
  EXPECT_EQ(book_.record(), record.value());
  const auto again = parse_address_book(address_book_text(record.value()));
  ASSERT_TRUE(again.ok()) << describe(again.error());
  EXPECT_EQ(again.value(), record.value());
}

TEST_F(Book, BansOutliveARestart) {
  book_.add(public_address(1), source_, kNow);
  book_.ban(id_of(1), days(1), kNow);
  const auto record = parse_address_book(address_book_text(book_.record()));
  ASSERT_TRUE(record.ok());
  AddressBook again(id_of(0xffffff), true, random_);
  again.restore(record.value(), kNow + hours(1));
  EXPECT_TRUE(again.is_banned(id_of(1), kNow + hours(1)));
  EXPECT_FALSE(again.contains(id_of(1)));
  AddressBook later(id_of(0xffffff), true, random_);
  later.restore(record.value(), kNow + days(2));
  EXPECT_TRUE(later.contains(id_of(1)));
}

TEST(AddressBookFile, NamesTheFieldThatIsWrong) {
  const std::string text(kStockBook);
  const auto changed = [&](std::string_view from, std::string_view to) {
    std::string copy = text;
    copy.replace(copy.find(from), from.size(), to);
    return parse_address_book(copy);
  };
  EXPECT_EQ(changed("\"bucket_type\": 2", "\"bucket_type\": 3").error().path,
            "addrs[1].bucket_type");
  EXPECT_EQ(changed("[47]", "[256]").error().path, "addrs[0].buckets");
  EXPECT_EQ(changed("[32]", "[64]").error().path, "addrs[1].buckets");
  EXPECT_EQ(changed("0001-01-01T00:00:00Z", "yesterday").error().path, "addrs[0].last_success");
  EXPECT_EQ(changed("2001:db9::1", "nowhere").value().addresses.size(), 1U);
}

}  // namespace
}  // namespace buri::consensus::p2p
