#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>

#include "hsm/pkcs11/channel.hpp"
#include "tests/hsm/ceremony/ceremony_setup.hpp"

/// What a ceremony leaves in its process's memory. The test must not hold what it looks for, so it
/// keeps every secret masked and compares through the mask.

namespace buri::hsm::test {
namespace {

constexpr std::uint8_t kMask = 0xa5;

Bytes masked(ByteView secret) {
  Bytes bytes(secret.begin(), secret.end());
  for (std::uint8_t& byte : bytes) byte ^= kMask;
  return bytes;
}

/// Whether `memory` holds what `needle` masks.
bool holds(ByteView memory, const Bytes& needle) {
  const std::uint8_t first = needle.front() ^ kMask;
  for (std::size_t at = 0; at + needle.size() <= memory.size(); ++at) {
    const void* const next = std::memchr(memory.data() + at, first, memory.size() - at);
    if (next == nullptr) return false;
    at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(next) - memory.data());
    if (at + needle.size() > memory.size()) return false;
    std::size_t equal_bytes = 0;
    while (equal_bytes < needle.size() &&
           (memory[at + equal_bytes] ^ kMask) == needle[equal_bytes]) {
      ++equal_bytes;
    }
    if (equal_bytes == needle.size()) return true;
  }
  return false;
}

/// Which of the masked secrets this process's writable memory holds.
std::vector<std::size_t> found_in_own_memory(const std::vector<Bytes>& needles) {
  const Descriptor memory(open("/proc/self/mem", O_RDONLY | O_CLOEXEC));
  std::ifstream maps("/proc/self/maps");
  std::vector<std::size_t> found;
  std::string line;
  while (std::getline(maps, line)) {
    std::size_t first = 0;
    std::size_t last = 0;
    std::array<char, 5> rights{};
    if (std::sscanf(line.c_str(), "%zx-%zx %4s", &first, &last, rights.data()) != 3) continue;
    if (rights[1] != 'w' || last - first > (std::size_t{64} << 20)) continue;
    Bytes bytes(last - first);
    const ssize_t got = pread(memory.get(), bytes.data(), bytes.size(), static_cast<off_t>(first));
    if (got <= 0) continue;
    for (std::size_t i = 0; i < needles.size(); ++i) {
      if (holds(ByteView(bytes).first(static_cast<std::size_t>(got)), needles[i])) {
        found.push_back(i);
      }
    }
    explicit_bzero(bytes.data(), bytes.size());  // the next look must not find this one
  }
  return found;
}

/// Keeps the secret parts of shares, and of their text, masked.
class MaskingDelivery final : public ShareDelivery {
 public:
  Status<Reason> deliver(unsigned, const std::string&, const Secret& share) override {
    needles.push_back(masked(share.bytes().subspan(24, 24)));
    needles.push_back(masked(share_text(share).bytes().subspan(72, 35)));
    return Unit{};
  }
  std::vector<Bytes> needles;
};

TEST(T72Wiping, SearchFindsWhatIsInMemory) {
  Bytes secret(24);
  system_random().fill(secret);
  const std::vector<Bytes> needles{masked(secret)};
  EXPECT_FALSE(found_in_own_memory(needles).empty());
  explicit_bzero(secret.data(), secret.size());
  EXPECT_TRUE(found_in_own_memory(needles).empty());
}

TEST(T72Wiping, NoShareIsInMemoryAfterACeremony) {
  const SoftHsmToken token(SoftHsmToken::Key::kNone);
  CeremonyBench bench(token);
  MaskingDelivery delivery;
  ASSERT_TRUE(bench.run(&delivery).ok());
  ASSERT_EQ(delivery.needles.size(), 6U);
  EXPECT_TRUE(found_in_own_memory(delivery.needles).empty());
}

// What a vendor's module keeps is its own business: SoftHSM writes the objects of its token files
// through buffers that it does not wipe. Ours are looked at without it.
TEST(T72Wiping, KeyEncryptionKeyIsNotInMemoryAfterItWasJoinedAndGiven) {
  std::vector<Bytes> needles;
  {
    Bytes bytes(kSharedSecretBytes);
    system_random().fill(bytes);
    const Secret key = Secret::take(bytes);
    needles.push_back(masked(key.bytes().subspan(16)));  // the allocator overwrites the beginning
    const auto shares = split_secret(key, 2, 3, {}, system_random());
    const auto joined = join_shares(std::vector{shares[2], shares[0]});
    ASSERT_TRUE(joined.ok());
    EXPECT_EQ(key_check_value(*joined), key_check_value(key));
    pkcs11::AttributeList values;
    values.bytes(CKA_VALUE, joined->bytes()).flag(CKA_WRAP, true);
    EXPECT_FALSE(found_in_own_memory(needles).empty());
  }
  EXPECT_TRUE(found_in_own_memory(needles).empty());
}

}  // namespace
}  // namespace buri::hsm::test
