#include "hsm/ceremony/threshold.hpp"

#include <botan/mac.h>
#include <botan/rng.h>
#include <botan/tss.h>

#include <algorithm>
#include <exception>

#include "base/check.hpp"
#include "hsm/ceremony/text.hpp"

namespace buri::hsm::ceremony {
namespace {

// A share's header: identifier, number of the hash function, threshold, length of what follows.
constexpr std::size_t kHashAt = 16;
constexpr std::size_t kThresholdAt = 17;
constexpr std::size_t kLengthAt = 18;
constexpr std::size_t kNumberAt = 20;
constexpr std::uint8_t kSha256 = 2;
constexpr std::size_t kBodyBytes = kShareBytes - kNumberAt;

/// Botan's interface over our source of randomness.
class RandomAdapter final : public Botan::RandomNumberGenerator {
 public:
  explicit RandomAdapter(Random& random) : random_(random) {}
  void randomize(std::uint8_t output[], std::size_t length) override {
    random_.fill({output, length});
  }
  [[nodiscard]] bool accepts_input() const override { return false; }
  void add_entropy(const std::uint8_t[], std::size_t) override {}
  [[nodiscard]] std::string name() const override { return "buri"; }
  void clear() override {}
  [[nodiscard]] bool is_seeded() const override { return true; }

 private:
  Random& random_;
};

bool is_share(ByteView bytes) {
  return bytes.size() == kShareBytes && bytes[kHashAt] == kSha256 && bytes[kThresholdAt] >= 2 &&
         bytes[kLengthAt] == 0 && bytes[kLengthAt + 1] == kBodyBytes && bytes[kNumberAt] >= 1;
}

Secret secret_of(Botan::secure_vector<std::uint8_t> bytes) { return Secret::take(bytes); }

int hex_digit(std::uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string_view describe(ShareFault fault) {
  switch (fault) {
    case ShareFault::kNoShare:
      return "This is no share: 170 hex digits as on the custody sheet are expected.";
    case ShareFault::kMixed:
      return "The shares belong to different keys.";
    case ShareFault::kRepeated:
      return "One share was given twice.";
    case ShareFault::kTooFew:
      return "There are too few shares.";
    case ShareFault::kDamaged:
      return "The shares do not fit together: at least one was changed.";
  }
  CHECK(false, "a ShareFault has a sentence");
}

std::vector<Secret> split_secret(const Secret& secret, unsigned threshold, unsigned count,
                                 const std::array<std::uint8_t, 16>& identifier, Random& random) {
  CHECK(secret.bytes().size() == kSharedSecretBytes && threshold >= 2 && threshold <= count &&
            count <= 255,
        "a secret of 32 bytes is split into 2 to 255 shares");
  std::vector<Secret> shares;
  try {
    RandomAdapter adapter(random);
    for (const Botan::RTSS_Share& share : Botan::RTSS_Share::split(
             static_cast<std::uint8_t>(threshold), static_cast<std::uint8_t>(count),
             secret.bytes().data(), kSharedSecretBytes, {identifier.begin(), identifier.end()},
             "SHA-256", adapter)) {
      shares.push_back(secret_of(share.data()));
    }
  } catch (const std::exception&) {
    CHECK(false, "Botan splits a secret of 32 bytes");
  }
  return shares;
}

Result<Secret, ShareFault> join_shares(std::span<const Secret> shares) {
  if (shares.empty()) return Failure{ShareFault::kTooFew};
  std::array<bool, 256> seen{};
  const ByteView first = shares.front().bytes();
  for (const Secret& share : shares) {
    const ByteView bytes = share.bytes();
    if (!is_share(bytes)) return Failure{ShareFault::kNoShare};
    if (!equal(bytes.first(kNumberAt), first.first(kNumberAt))) return Failure{ShareFault::kMixed};
    if (std::exchange(seen[bytes[kNumberAt]], true)) return Failure{ShareFault::kRepeated};
  }
  if (shares.size() < share_threshold(shares.front())) return Failure{ShareFault::kTooFew};
  try {
    std::vector<Botan::RTSS_Share> parts;
    for (const Secret& share : shares) {
      parts.emplace_back(share.bytes().data(), share.bytes().size());
    }
    auto secret = Botan::RTSS_Share::reconstruct(parts);
    if (secret.size() != kSharedSecretBytes) return Failure{ShareFault::kDamaged};
    return secret_of(std::move(secret));
  } catch (const std::exception&) {
    return Failure{ShareFault::kDamaged};
  }
}

unsigned share_number(const Secret& share) {
  CHECK(is_share(share.bytes()), "a share has a number");
  return share.bytes()[kNumberAt];
}

unsigned share_threshold(const Secret& share) {
  CHECK(is_share(share.bytes()), "a share has a threshold");
  return share.bytes()[kThresholdAt];
}

Secret share_text(const Secret& share) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::size_t kGroupBytes = 4;
  constexpr std::size_t kLineBytes = 16;
  Botan::secure_vector<std::uint8_t> text;
  text.reserve(Secret::kMaxBytes);  // grows nowhere else, so that no copy stays behind
  const ByteView bytes = share.bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0 && i % kGroupBytes == 0) text.push_back(i % kLineBytes == 0 ? '\n' : ' ');
    text.push_back(static_cast<std::uint8_t>(kDigits[bytes[i] >> 4]));
    text.push_back(static_cast<std::uint8_t>(kDigits[bytes[i] & 0x0f]));
  }
  return secret_of(std::move(text));
}

Result<Secret, ShareFault> parse_share(ByteView text) {
  Botan::secure_vector<std::uint8_t> bytes;
  bytes.reserve(kShareBytes);
  int high = -1;
  for (const std::uint8_t c : text) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    const int digit = hex_digit(c);
    if (digit < 0 || bytes.size() == kShareBytes) return Failure{ShareFault::kNoShare};
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<std::uint8_t>(16 * high + digit));
      high = -1;
    }
  }
  if (high >= 0 || !is_share(bytes)) return Failure{ShareFault::kNoShare};
  return secret_of(std::move(bytes));
}

std::string share_check_value(const Secret& share) { return check_value(sha256(share.bytes())); }

std::string key_check_value(const Secret& key) {
  std::string text;
  try {
    const auto mac = Botan::MessageAuthenticationCode::create_or_throw("CMAC(AES-256)");
    mac->set_key(key.bytes().data(), key.bytes().size());
    constexpr std::array<std::uint8_t, 16> kZeros{};
    mac->update(kZeros.data(), kZeros.size());
    const Botan::secure_vector<std::uint8_t> tag = mac->final();
    text = check_value(tag);
  } catch (const std::exception&) {
    CHECK(false, "Botan knows CMAC with AES-256");
  }
  return text;
}

}  // namespace buri::hsm::ceremony
