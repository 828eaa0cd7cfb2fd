#include <gtest/gtest.h>
#include <secp256k1.h>

#include <algorithm>
#include <memory>
#include <random>

#include "accel/avx2/backend.hpp"
#include "accel/avx2/kernels.hpp"
#include "accel/avx512/backend.hpp"
#include "accel/avx512/kernels.hpp"
#include "accel/generator_table.hpp"

/// Table rows that collide: the formulas for adding different points meet equal ones.

namespace buri::accel::vector {
namespace {

constexpr std::size_t kSignatures = 8192;
constexpr unsigned kSeed = 3;

/// Signs with the secret key 1, whose public key is the generator: in window 6 of its comb and
/// window 4 of the generator's, which are added to each other, both tables hold odd multiples of
/// 2^48 * G, and one signature in 1024 takes the same one from both (or its opposite).
struct GeneratorsKey {
  PublicKey key;
  std::vector<KnownKeyRequest> requests;

  GeneratorsKey() {
    const std::unique_ptr<secp256k1_context, decltype(&secp256k1_context_destroy)> context(
        secp256k1_context_create(SECP256K1_CONTEXT_SIGN), secp256k1_context_destroy);
    Hash256 secret;
    secret.bytes[31] = 1;
    secp256k1_pubkey point;
    std::size_t length = 65;
    CHECK(secp256k1_ec_pubkey_create(context.get(), &point, secret.data()) == 1, "no key");
    secp256k1_ec_pubkey_serialize(context.get(), key.bytes.data(), &length, &point,
                                  SECP256K1_EC_UNCOMPRESSED);
    key.length = 65;
    std::mt19937_64 random(kSeed);
    for (std::size_t i = 0; i < kSignatures; ++i) {
      SignedDigest digest;
      for (std::uint8_t& byte : digest.digest.bytes) byte = static_cast<std::uint8_t>(random());
      secp256k1_ecdsa_signature signature;
      CHECK(secp256k1_ecdsa_sign(context.get(), &signature, digest.digest.data(), secret.data(),
                                 nullptr, nullptr) == 1,
            "no signature");
      std::array<std::uint8_t, 64> compact;
      secp256k1_ecdsa_signature_serialize_compact(context.get(), compact.data(), &signature);
      std::copy_n(compact.data(), 32, digest.r.data());
      std::copy_n(compact.data() + 32, 32, digest.s.data());
      requests.push_back({digest, 0});
    }
  }
};

/// A backend whose kernels this test calls directly too.
struct Width {
  const Kernels& kernels;
  std::unique_ptr<Backend> backend;
};

/// The widths that this processor has.
std::vector<Width> widths() {
  std::vector<Width> result;
  if (avx2::Avx2Backend::is_supported()) {
    result.push_back({avx2::kernels(), std::make_unique<avx2::Avx2Backend>()});
  }
  if (avx512::Avx512Backend::is_supported()) {
    result.push_back({avx512::kernels(), std::make_unique<avx512::Avx512Backend>()});
  }
  return result;
}

std::ptrdiff_t count_of(const std::vector<SignatureStatus>& statuses, SignatureStatus status) {
  return std::count(statuses.begin(), statuses.end(), status);
}

TEST(LaneExceptions, EqualTableRowsLeaveOneSignatureUndecidedAndItsNeighboursRight) {
  const GeneratorsKey signer;
  const auto keys = KeySet::build(std::span(&signer.key, 1));
  for (const Width& width : widths()) {
    SCOPED_TRACE(width.backend->name());
    constexpr std::align_val_t kAlignment{64};
    void* scratch = ::operator new(width.kernels.scratch_bytes, kAlignment);
    std::vector<SignatureStatus> statuses(kSignatures);
    width.kernels.verify_known({generator_rows().data(), scratch, LowS::kRequired},
                               {keys->all_rows().data(), CombShape::kRows * sizeof(AffineRow), 1},
                               signer.requests.data(), kSignatures, statuses.data());
    ::operator delete(scratch, kAlignment);
    const std::ptrdiff_t undecided = count_of(statuses, kUndecided);
    EXPECT_GT(undecided, 1);
    EXPECT_LT(undecided, 30);
    EXPECT_EQ(undecided + count_of(statuses, SignatureStatus::kOk),
              static_cast<std::ptrdiff_t>(kSignatures));

    ASSERT_TRUE(
        width.backend->verify_known(*keys, signer.requests, LowS::kRequired, statuses).ok());
    EXPECT_EQ(count_of(statuses, SignatureStatus::kOk), static_cast<std::ptrdiff_t>(kSignatures));
  }
}

}  // namespace
}  // namespace buri::accel::vector
