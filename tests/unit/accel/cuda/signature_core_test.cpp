#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <memory>

#include "accel/cuda/point_sum.cuh"
#include "accel/cuda/signature_output.cuh"
#include "accel/curve/inverse.hpp"
#include "accel/generator_table.hpp"
#include "accel/key_set.hpp"
#include "accel/scalar/single.hpp"
#include "tests/support/accel/signer.hpp"

/// What each thread of the signature kernels computes, run on the host in a loop and compared with
/// libsecp256k1. An item that the device would hand back (kUndecided) must really be exceptional.

namespace buri::accel::cuda {
namespace {

constexpr std::uint64_t kSeed = 20261125;
constexpr std::size_t kItems = 600;

template <class Bytes>
BigEndian256 words_of(const Bytes& bytes) {
  BigEndian256 words;
  std::memcpy(&words, bytes.data(), sizeof words);
  return words;
}

Signature number_form(const SignedDigest& signature) {
  return {load(words_of(signature.digest)), load(words_of(signature.r)),
          load(words_of(signature.s))};
}

/// The shared tables as device rows.
std::vector<DeviceRow> device_rows(std::span<const AffineRow> rows) {
  std::vector<DeviceRow> result(rows.size());
  static_assert(sizeof(DeviceRow) == sizeof(AffineRow));
  std::memcpy(result.data(), rows.data(), rows.size_bytes());
  return result;
}

const DeviceRow* generator_table() {
  static const std::vector<DeviceRow> rows = device_rows(generator_rows());
  return rows.data();
}

/// u1 * G + u2 * point through windows, as recover and verify do it.
Jacobian window_sum(const Affine& point, const SumDigits& digits) {
  const auto table = std::make_unique<OddMultiples>();
  build_odd_multiples(point, *table);
  return add_generator(sum_windows(*table, digits.point), generator_table(), digits.generator);
}

/// The three kernels of a recovery, one item. Verdict in `verdict_here`.
RecoveredKey recover_item(const RecoverRequest& request, LowS low_s, Verdict& verdict_here) {
  const Signature signature = number_form(request.signature);
  Affine point;
  verdict_here = verdict(SignatureStatus::kBadRange);
  if (request.recovery_id < 4) verdict_here = check_scalars(signature, low_s == LowS::kRequired);
  if (verdict_here == kVerdictOk) verdict_here = lift_r(signature.r, request.recovery_id, point);
  if (verdict_here != kVerdictOk) return {};
  const Jacobian sum =
      window_sum(point, recover_digits(signature, curve::invert_mod_n(signature.r), kPointBits));
  if (DeviceField::is_zero(sum.z)) {
    verdict_here = kUndecided;
    return {};
  }
  return recovered_key(sum, curve::invert<DeviceField>(sum.z));
}

Verdict verify_item(const VerifyRequest& request, KeyForm form, LowS low_s) {
  const Signature signature = number_form(request.signature);
  if (form == KeyForm::kBadLength) return verdict(SignatureStatus::kBadLength);
  Verdict verdict_here = check_scalars(signature, low_s == LowS::kRequired);
  if (verdict_here != kVerdictOk) return verdict_here;
  const ByteView key(request.key.bytes);
  Affine point;
  verdict_here = decode_key(form, load(words_of(key.subspan(1, 32))),
                            load(words_of(key.subspan(33, 32))), point);
  if (verdict_here != kVerdictOk) return verdict_here;
  const SumDigits digits = verify_digits(signature, curve::invert_mod_n(signature.s), kPointBits);
  return match_r(window_sum(point, digits), signature.r);
}

/// Signed requests, each damaged by one of a few rules.
class Requests {
 public:
  Requests() : random_(kSeed), signers_(make_signers(8, random_)) {
    for (std::size_t i = 0; i < kItems; ++i) add(i);
  }

  std::vector<RecoverRequest> recover;
  std::vector<std::size_t> signer;
  [[nodiscard]] const Signer& signer_of(std::size_t i) const { return signers_[signer[i]]; }
  [[nodiscard]] const std::vector<Signer>& signers() const { return signers_; }

 private:
  void add(std::size_t i) {
    signer.push_back(i % signers_.size());
    RecoverRequest request = signer_of(i).sign(random_hash(random_));
    constexpr Hash256 kZero{};
    switch (i % 12) {
      case 6:
        request.signature.digest.bytes[5] ^= 1;
        break;
      case 7:
        request.recovery_id = static_cast<std::uint8_t>(random_() % 6);
        break;
      case 8:
        request.signature.r = random_hash(random_);
        break;
      case 9:
        request.signature.s.bytes[0] ^= 0x80;
        break;
      case 10:
        (i % 24 < 12 ? request.signature.r : request.signature.s) = kZero;
        break;
      case 11:
        request.signature.r.bytes.fill(0xff);
        break;
      default:
        break;
    }
    recover.push_back(request);
  }

  std::mt19937_64 random_;
  std::vector<Signer> signers_;
};

class SignatureCore : public testing::TestWithParam<LowS> {
 protected:
  static const Requests& requests() {
    static const Requests requests;
    return requests;
  }
  SignatureCore() : trace_(__FILE__, __LINE__, "seed " + std::to_string(kSeed)) {}
  testing::ScopedTrace trace_;
};

TEST_P(SignatureCore, RecoversWhatLibsecp256k1Recovers) {
  for (const RecoverRequest& request : requests().recover) {
    const RecoverResult expected = scalar::recover_single(request, GetParam());
    Verdict found = 0;
    const RecoveredKey key = recover_item(request, GetParam(), found);
    ASSERT_EQ(found, verdict(expected.status));
    if (found != kVerdictOk) continue;
    ASSERT_EQ(std::memcmp(key.key, expected.public_key.data(), sizeof key.key), 0);
    ASSERT_EQ(std::memcmp(key.address, expected.address.data(), sizeof key.address), 0);
  }
}

TEST_P(SignatureCore, VerifiesWhatLibsecp256k1Verifies) {
  for (std::size_t i = 0; i < kItems; ++i) {
    const bool compressed = i % 2 != 0;
    const Signer& signer = requests().signer_of(i);
    VerifyRequest request{requests().recover[i].signature,
                          compressed ? signer.compressed_key() : signer.key()};
    if (i % 5 == 0) request.key.bytes[i % 33] ^= static_cast<std::uint8_t>(1 << (i % 3));
    KeyForm form = compressed ? KeyForm::kBadPrefix : KeyForm::kUncompressed;
    const std::uint8_t first = request.key.bytes[0];
    if (compressed && first == 2) form = KeyForm::kEven;
    if (compressed && first == 3) form = KeyForm::kOdd;
    if (!compressed && first != 4) form = KeyForm::kBadPrefix;
    ASSERT_EQ(verify_item(request, form, GetParam()),
              verdict(scalar::verify_single(request, GetParam())))
        << "item " << i;
  }
}

TEST_P(SignatureCore, VerifiesAgainstKnownKeys) {
  std::vector<PublicKey> keys;
  for (const Signer& signer : requests().signers()) keys.push_back(signer.key());
  const auto set = KeySet::build(keys);
  const std::vector<DeviceRow> rows = device_rows(set->all_rows());
  for (std::size_t i = 0; i < kItems; ++i) {
    const KnownKeyRequest request{requests().recover[i].signature,
                                  static_cast<std::uint32_t>(requests().signer[i])};
    const Signature signature = number_form(request.signature);
    Verdict found = check_scalars(signature, GetParam() == LowS::kRequired);
    if (found == kVerdictOk) {
      const SumDigits digits =
          verify_digits(signature, curve::invert_mod_n(signature.s), curve::KeyComb::kBits);
      const DeviceRow* key_rows = rows.data() + request.key_index * curve::KeyComb::kRows;
      found = match_r(sum_combs(generator_table(), key_rows, digits), signature.r);
    }
    ASSERT_EQ(found, verdict(scalar::verify_known_single(*set, request, GetParam())));
  }
}

INSTANTIATE_TEST_SUITE_P(BothRules, SignatureCore, testing::Values(LowS::kRequired, LowS::kAny),
                         [](const auto& info) {
                           return info.param == LowS::kRequired ? "LowS" : "AnyS";
                         });

/// Q = G, s = r = 1: the sum is (z + 1) G.
VerifyRequest over_the_generator(const curve::Uint256& digest) {
  VerifyRequest request;
  curve::to_big_endian(digest, request.signature.digest.data());
  request.signature.r.bytes[31] = request.signature.s.bytes[31] = 1;
  request.key.length = 65;
  request.key.bytes[0] = 4;
  curve::to_big_endian(curve::generator_x(), request.key.bytes.data() + 1);
  curve::to_big_endian(curve::generator_y(), request.key.bytes.data() + 33);
  return request;
}

TEST(SignatureCoreExceptions, ASumAtInfinityIsUndecided) {
  const curve::Uint256 minus_one = curve::negate_mod_n({{1, 0, 0, 0}});
  EXPECT_EQ(verify_item(over_the_generator(minus_one), KeyForm::kUncompressed, LowS::kAny),
            kUndecided);
}

TEST(SignatureCoreExceptions, SmallMultiplesAreRightOrUndecided) {
  for (std::uint64_t z = 0; z < 40; ++z) {
    const VerifyRequest request = over_the_generator({{z, 0, 0, 0}});
    const Verdict found = verify_item(request, KeyForm::kUncompressed, LowS::kAny);
    if (found == kUndecided) continue;
    EXPECT_EQ(found, verdict(scalar::verify_single(request, LowS::kAny))) << z;
  }
}

}  // namespace
}  // namespace buri::accel::cuda
