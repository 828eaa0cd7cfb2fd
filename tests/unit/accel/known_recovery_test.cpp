#include "accel/scalar/known_recovery.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "accel/scalar/single.hpp"
#include "tests/unit/accel/crafted_signatures.hpp"

namespace buri::accel::scalar {
namespace {

PublicKey encoded(const FixedBytes<64>& point) {
  PublicKey key;
  key.length = 65;
  key.bytes[0] = 4;
  std::ranges::copy(point.bytes, key.bytes.begin() + 1);
  return key;
}

// Nonces and keys that make summed points equal, opposite or zero.
TEST(KnownRecovery, AgreesWithRecoverSingleOnCraftedSignatures) {
  unsigned with_id = 0;
  for (const Crafted& entry : crafted_signatures()) {
    for (std::uint8_t id = 0; id < 2; ++id) {
      const RecoverRequest request{entry.recover.signature, id};
      const RecoverResult recovered = recover_single(request, LowS::kAny);
      if (recovered.status != SignatureStatus::kOk) continue;
      const PublicKey key = encoded(recovered.public_key);
      const auto keys = KeySet::build({&key, 1});
      const auto found = known_recovery_id(*keys, {request.signature, 0}, LowS::kAny);
      const RecoverResult other =
          recover_single({request.signature, static_cast<std::uint8_t>(id ^ 1)}, LowS::kAny);
      if (other.status == SignatureStatus::kOk && other.public_key == recovered.public_key) {
        EXPECT_TRUE(found.has_value()) << "both ids lead to the key";
      } else {
        EXPECT_EQ(found, id);
      }
      ++with_id;
      // The same numbers under another key have no id.
      RecoverRequest foreign = request;
      foreign.signature.digest.bytes[31] ^= 1;
      const RecoverResult stranger = recover_single(foreign, LowS::kAny);
      if (stranger.status != SignatureStatus::kOk) continue;
      const PublicKey wrong = encoded(stranger.public_key);
      const auto wrong_keys = KeySet::build({&wrong, 1});
      EXPECT_EQ(known_recovery_id(*wrong_keys, {request.signature, 0}, LowS::kAny), std::nullopt);
    }
  }
  EXPECT_GT(with_id, 20U);
}

TEST(KnownRecovery, RefusesAnUnknownKeyIndexAndNumbersOutOfRange) {
  const auto& crafted = crafted_signatures();
  const auto good = std::ranges::find_if(
      crafted, [](const Crafted& entry) { return entry.recovered == SignatureStatus::kOk; });
  ASSERT_NE(good, crafted.end());
  const PublicKey key = encoded(recover_single(good->recover, LowS::kAny).public_key);
  const auto keys = KeySet::build({&key, 1});
  KnownKeyRequest request{good->recover.signature, 1};
  EXPECT_EQ(known_recovery_id(*keys, request, LowS::kAny), std::nullopt);
  request.key_index = 0;
  request.signature.s = {};
  EXPECT_EQ(known_recovery_id(*keys, request, LowS::kAny), std::nullopt);
}

}  // namespace
}  // namespace buri::accel::scalar
