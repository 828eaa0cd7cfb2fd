#include "hsm/ceremony/threshold.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>

namespace buri::hsm::ceremony {
namespace {

constexpr std::array<std::uint8_t, 16> kIdentifier{1, 2, 3};

Secret secret_of(std::uint8_t fill) {
  Bytes bytes(kSharedSecretBytes, fill);
  bytes[0] = 0x5a;
  return Secret::take(bytes);
}

std::vector<Secret> split(unsigned threshold, unsigned count, std::uint8_t fill = 7) {
  SeededRandom random(threshold * 256 + count);
  return split_secret(secret_of(fill), threshold, count, kIdentifier, random);
}

Secret with_byte(const Secret& share, std::size_t at, std::uint8_t flip) {
  Bytes bytes(share.bytes().begin(), share.bytes().end());
  bytes[at] ^= flip;
  return Secret::take(bytes);
}

std::string text_of(const Secret& secret) { return std::string(as_text(secret.bytes())); }

TEST(T26Shares, EverySubsetThatSufficesGivesTheSecretBack) {
  const auto shares = split(3, 5);
  ASSERT_EQ(shares.size(), 5U);
  for (unsigned mask = 0; mask < 32; ++mask) {
    std::vector<Secret> some;
    for (unsigned i = 0; i < 5; ++i) {
      if ((mask >> i & 1) != 0) some.push_back(shares[i]);
    }
    const auto joined = join_shares(some);
    if (some.size() >= 3) {
      ASSERT_TRUE(joined.ok()) << mask;
      EXPECT_TRUE(equal(joined->bytes(), secret_of(7).bytes())) << mask;
    } else {
      ASSERT_FALSE(joined.ok()) << mask;
      EXPECT_EQ(joined.error(), ShareFault::kTooFew) << mask;
    }
  }
}

TEST(T26Shares, EveryChangedByteOfAShareIsNoticed) {
  const auto shares = split(2, 3);
  for (std::size_t at = 0; at < kShareBytes; ++at) {
    for (const std::uint8_t flip : {std::uint8_t{0x01}, std::uint8_t{0x80}}) {
      const Secret bad = with_byte(shares[0], at, flip);
      const auto joined = join_shares(std::vector{bad, shares[1]});
      EXPECT_FALSE(joined.ok()) << "byte " << at;
      EXPECT_NE(share_check_value(bad), share_check_value(shares[0])) << "byte " << at;
    }
  }
}

TEST(T26Shares, MixedAndRepeatedSharesAreNamedAsSuch) {
  const auto shares = split(2, 3);
  SeededRandom random(1);
  const auto others = split_secret(secret_of(8), 2, 3, {9, 9}, random);
  EXPECT_EQ(join_shares(std::vector{shares[0], others[1]}).error(), ShareFault::kMixed);
  EXPECT_EQ(join_shares(std::vector{shares[0], shares[0]}).error(), ShareFault::kRepeated);
  EXPECT_EQ(join_shares({}).error(), ShareFault::kTooFew);
  // The same identifier and another secret: only the hash inside the shares tells.
  const auto twins = split(2, 3, 9);
  EXPECT_EQ(join_shares(std::vector{shares[0], twins[1]}).error(), ShareFault::kDamaged);
}

TEST(T26Shares, TextOfAShareReadsBackWhateverItsLayout) {
  const Secret share = split(2, 3)[2];
  const std::string text = text_of(share_text(share));
  EXPECT_EQ(std::ranges::count(text, '\n'), 5);
  EXPECT_EQ(text.size(), 191U);
  std::string upper = text;
  for (char& c : upper) c = c == '\n' ? ' ' : static_cast<char>(std::toupper(c));
  for (const std::string& form : {text, upper, "  " + text + "\r\n"}) {
    const auto back = parse_share(as_bytes(form));
    ASSERT_TRUE(back.ok());
    EXPECT_TRUE(equal(back->bytes(), share.bytes()));
    EXPECT_EQ(share_number(*back), 3U);
    EXPECT_EQ(share_threshold(*back), 2U);
  }
}

TEST(T26Shares, TextThatIsNoShareIsRefused) {
  const std::string text = text_of(share_text(split(2, 2)[0]));
  std::string no_threshold = text;
  no_threshold.replace(no_threshold.find("02020041"), 8, "02010041");
  for (const std::string& bad :
       {std::string(), std::string("00"), text.substr(1), text.substr(0, text.size() - 1),
        text + "0", text + "00", "g" + text.substr(1), no_threshold}) {
    EXPECT_FALSE(parse_share(as_bytes(bad)).ok()) << bad;
  }
}

// The value is OpenSSL's: openssl mac -macopt cipher:aes-256-cbc -macopt hexkey:00...00 CMAC.
TEST(T26Shares, KeyCheckValueIsTheCmacOfOneZeroBlock) {
  Bytes zeros(kSharedSecretBytes, 0);
  EXPECT_EQ(key_check_value(Secret::take(zeros)), "9211-053C-558A");
}

}  // namespace
}  // namespace buri::hsm::ceremony
