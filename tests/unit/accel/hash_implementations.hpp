#pragma once

#include <gtest/gtest.h>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

/// The implementations of both hashes, each with its oracle, and what every suite over them shares.

namespace buri::accel {

struct HashImplementation {
  const char* name;
  bool runs_here;
  void (*batch)(std::span<const ByteView> messages, std::span<Hash256> digests);
  void (*pairs)(std::span<const Hash256> nodes, std::span<Hash256> parents);
  Hash256 (*oracle)(ByteView message);
  std::string_view node_prefix;  ///< what `pairs` hashes in front of two nodes
};

/// The oracle is the reference sponge, which in turn is held against OpenSSL's SHA3-256.
std::vector<HashImplementation> keccak256_implementations();

/// The oracle is OpenSSL's EVP interface.
std::vector<HashImplementation> sha256_implementations();

class HashSuite : public testing::TestWithParam<HashImplementation> {
 public:
  /// Names an instance of the suite after its implementation.
  static std::string name(const testing::TestParamInfo<HashImplementation>& instance) {
    return instance.param.name;
  }

 protected:
  void SetUp() override {
    if (!GetParam().runs_here) GTEST_SKIP() << "this processor lacks " << GetParam().name;
  }

  /// From a batch of three, so that the lanes and not the path for a single message answer.
  static Hash256 digest(ByteView message) {
    const std::array<ByteView, 3> messages{message, message, message};
    std::array<Hash256, 3> results;
    GetParam().batch(messages, results);
    EXPECT_EQ(results[0], results[1]);
    EXPECT_EQ(results[0], results[2]);
    return results[0];
  }
};

}  // namespace buri::accel
