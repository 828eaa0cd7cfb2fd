#include "hsm/pkcs11/worker_client.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "hsm/pkcs11/signature_check.hpp"
#include "tests/hsm/fixture/worker_setup.hpp"

namespace buri::hsm::pkcs11 {
namespace {

using namespace std::chrono_literals;
using namespace buri::hsm::test;

TEST(WorkerClient, SignsThroughAWorkerOfItsOwn) {
  const SoftHsmToken token;
  Metrics metrics;
  WorkerClient client(client_of(token, {device_of(token)}), quiet_logger(), metrics);
  const Hash256 digest = digest_of(1);
  const auto signature = client.sign(SigningPurpose::kVote, digest, in(5s));
  ASSERT_TRUE(signature.ok()) << signature.error().reason;
  EXPECT_TRUE(recovers_to(*signature, digest, token.public_key()));
}

}  // namespace
}  // namespace buri::hsm::pkcs11
