#include <gtest/gtest.h>

#include <cfenv>
#include <random>

#include "accel/avx2/backend.hpp"
#include "tests/support/accel/signer.hpp"

/// The AVX2 kernels change how floating-point numbers are rounded: their callers must not notice,
/// and theirs must not matter to the kernels.

namespace buri::accel::avx2 {
namespace {

/// The caller's rounding mode while it lives.
class CallersRounding {
 public:
  explicit CallersRounding(int mode) { std::fesetround(mode); }
  ~CallersRounding() { std::fesetround(FE_TONEAREST); }
  CallersRounding(const CallersRounding&) = delete;
  CallersRounding& operator=(const CallersRounding&) = delete;
};

TEST(Avx2Rounding, IsRestoredAndDoesNotDependOnTheCallers) {
  if (!Avx2Backend::is_supported()) GTEST_SKIP() << "this processor has no AVX2";
  Avx2Backend backend;
  std::mt19937_64 random(1);
  const auto signers = make_signers(1, random);
  const PublicKey key = signers[0].key();
  const auto keys = KeySet::build(std::span(&key, 1));
  const RecoverRequest signature = signers[0].sign(random_hash(random));
  const VerifyRequest verify{signature.signature, key};
  const KnownKeyRequest known{signature.signature, 0};
  for (const int mode : {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
    SCOPED_TRACE(mode);
    const CallersRounding rounding(mode);
    RecoverResult recovered;
    SignatureStatus verified = SignatureStatus::kMismatch;
    SignatureStatus verified_known = SignatureStatus::kMismatch;
    ASSERT_TRUE(backend.recover({&signature, 1}, LowS::kRequired, {&recovered, 1}).ok());
    EXPECT_EQ(std::fegetround(), mode);
    ASSERT_TRUE(backend.verify({&verify, 1}, LowS::kRequired, {&verified, 1}).ok());
    EXPECT_EQ(std::fegetround(), mode);
    ASSERT_TRUE(
        backend.verify_known(*keys, {&known, 1}, LowS::kRequired, {&verified_known, 1}).ok());
    EXPECT_EQ(std::fegetround(), mode);
    EXPECT_EQ(recovered.status, SignatureStatus::kOk);
    EXPECT_TRUE(equal(recovered.public_key, ByteView(key.bytes).subspan(1)));
    EXPECT_EQ(verified, SignatureStatus::kOk);
    EXPECT_EQ(verified_known, SignatureStatus::kOk);
  }
}

}  // namespace
}  // namespace buri::accel::avx2
