#include <gtest/gtest.h>

#include <memory>

#include "accel/avx2/backend.hpp"
#include "accel/avx512/backend.hpp"
#include "accel/cpu.hpp"
#include "accel/merkle.hpp"
#include "accel/scalar/backend.hpp"

/// The hash operations of every CPU backend, as the engine calls them.

namespace buri::accel {
namespace {

std::vector<std::unique_ptr<Backend>> cpu_backends() {
  std::vector<std::unique_ptr<Backend>> backends;
  backends.push_back(std::make_unique<scalar::ScalarBackend>());
  if (cpu_features().avx2) backends.push_back(std::make_unique<avx2::Avx2Backend>());
  if (cpu_features().avx512_ifma) backends.push_back(std::make_unique<avx512::Avx512Backend>());
  return backends;
}

class HashOperations : public testing::Test {
 protected:
  HashOperations() {
    for (std::size_t i = 0; i < 23; ++i) {
      messages_.emplace_back(17 * i, static_cast<std::uint8_t>(i));
    }
    views_.assign(messages_.begin(), messages_.end());
  }

  std::vector<Bytes> messages_;
  std::vector<ByteView> views_;
};

TEST_F(HashOperations, AreOfferedByEveryBackend) {
  for (const auto& backend : cpu_backends()) {
    SCOPED_TRACE(backend->name());
    EXPECT_TRUE(backend->supports(Operation::kKeccak256));
    EXPECT_TRUE(backend->supports(Operation::kSha256));
    EXPECT_TRUE(backend->supports(Operation::kCheckpointRoot));
    EXPECT_TRUE(backend->supports(Operation::kRfc6962Root));
    EXPECT_TRUE(backend->supports(Operation::kRecover));
    EXPECT_FALSE(backend->is_device());
    EXPECT_EQ(backend->description(), cpu_features().model);
  }
}

TEST_F(HashOperations, AgreeWithTheScalarFunctions) {
  std::vector<Hash256> keccak(views_.size());
  std::vector<Hash256> sha(views_.size());
  scalar_hasher().keccak256_batch(views_, keccak);
  scalar_hasher().sha256_batch(views_, sha);
  for (const auto& backend : cpu_backends()) {
    SCOPED_TRACE(backend->name());
    std::vector<Hash256> digests(views_.size());
    ASSERT_TRUE(backend->keccak256(views_, digests).ok());
    EXPECT_EQ(digests, keccak);
    ASSERT_TRUE(backend->sha256(views_, digests).ok());
    EXPECT_EQ(digests, sha);
    Hash256 root;
    ASSERT_TRUE(backend->checkpoint_root(keccak, root).ok());
    EXPECT_EQ(root, checkpoint_root(keccak, scalar_hasher()));
    ASSERT_TRUE(backend->rfc6962_root(views_, root).ok());
    EXPECT_EQ(root, rfc6962_root(views_, scalar_hasher()));
  }
}

}  // namespace
}  // namespace buri::accel
