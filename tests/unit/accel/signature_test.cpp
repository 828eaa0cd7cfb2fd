#include "accel/signature.hpp"

#include <random>

#include "tests/support/accel/signer.hpp"
#include "tests/unit/accel/crafted_signatures.hpp"
#include "tests/unit/accel/signature_suite.hpp"

namespace buri::accel {
namespace {

constexpr std::uint64_t kSeed = 2;

using SignatureBatch = OverBackends;
BURI_OVER_BACKENDS(SignatureBatch);

/// 0, 1, n/2, n, p, 2^256 - 1 and their neighbours.
std::vector<Hash256> edge_numbers() {
  const slow::Integer& n = slow::group_order();
  const slow::Integer& p = slow::field_prime();
  const slow::Integer top = (slow::Integer(1) << 256) - 1;
  std::vector<Hash256> numbers;
  for (const slow::Integer& value :
       {slow::Integer(0), slow::Integer(1), slow::Integer(2), slow::Integer(n / 2),
        slow::Integer(n / 2 + 1), slow::Integer(n - 1), n, slow::Integer(n + 1),
        slow::Integer(p - n - 1), slow::Integer(p - n), slow::Integer(p - 1), p, top}) {
    numbers.push_back(slow::to_bytes(value));
  }
  return numbers;
}

/// Every r, s, digest and recovery id out of the edge numbers.
std::vector<RecoverRequest> edge_requests() {
  std::vector<RecoverRequest> requests;
  const std::vector<Hash256> numbers = edge_numbers();
  for (const Hash256& r : numbers) {
    for (const Hash256& s : numbers) {
      for (const std::size_t digest : {0, 1, 5, 6, 7, 12}) {
        for (const int id : {0, 1, 2, 3, 4, 255}) {
          requests.push_back({{numbers[digest], r, s}, static_cast<std::uint8_t>(id)});
        }
      }
    }
  }
  return requests;
}

TEST_P(SignatureBatch, EdgeNumbersRecoverAsInLibsecp256k1) {
  static const std::vector<RecoverRequest> requests = edge_requests();
  for (const LowS low_s : {LowS::kRequired, LowS::kAny}) {
    const auto expected = expected_recoveries(requests, low_s);
    const auto found = recover_all(backend(), requests, low_s);
    const std::size_t index = first_difference(expected, found);
    ASSERT_EQ(index, requests.size())
        << "status " << int(found[index].status) << ", expected " << int(expected[index].status);
  }
}

TEST_P(SignatureBatch, CraftedCollisionsRecover) {
  std::vector<RecoverRequest> requests;
  for (const Crafted& item : crafted_signatures()) requests.push_back(item.recover);
  const auto found = recover_all(backend(), requests, LowS::kAny);
  EXPECT_EQ(first_difference(expected_recoveries(requests, LowS::kAny), found), requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    EXPECT_EQ(found[i].status, crafted_signatures()[i].recovered) << "item " << i;
    if (crafted_signatures()[i].verified != SignatureStatus::kOk) continue;
    const ByteView key = ByteView(crafted_signatures()[i].verify.key.bytes).subspan(1);
    EXPECT_TRUE(equal(found[i].public_key, key)) << "item " << i;
  }
}

TEST_P(SignatureBatch, CraftedCollisionsVerify) {
  std::vector<VerifyRequest> requests;
  for (const Crafted& item : crafted_signatures()) requests.push_back(item.verify);
  const auto found = verify_all(backend(), requests, LowS::kAny);
  const auto [keys, known_requests] = known_form(requests);
  const auto found_known = verify_known_all(backend(), *keys, known_requests, LowS::kAny);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    EXPECT_EQ(found[i], crafted_signatures()[i].verified) << "item " << i;
    EXPECT_EQ(found_known[i], crafted_signatures()[i].verified) << "item " << i;
  }
}

TEST_P(SignatureBatch, CraftedCollisionsWithHighSAreRefusedWhereLowSIsRequired) {
  std::vector<VerifyRequest> requests;
  for (const Crafted& item : crafted_signatures()) requests.push_back(item.verify);
  EXPECT_EQ(verify_all(backend(), requests, LowS::kRequired),
            expected_verdicts(requests, LowS::kRequired));
}

/// A request that breaks rules, and the one to be reported.
struct Broken {
  const char* rules;
  VerifyRequest request;
  SignatureStatus status;
};

std::vector<Broken> broken_requests() {
  std::mt19937_64 random(kSeed);
  const Signer signer(random);
  const SignedDigest good = signer.sign(random_hash(random)).signature;
  SignedDigest zero_r = good;
  zero_r.r = {};
  SignedDigest high_s = good;
  high_s.s = slow::to_bytes(slow::group_order() - slow::to_integer(good.s));
  SignedDigest zero_r_high_s = high_s;
  zero_r_high_s.r = {};
  PublicKey short_key = signer.key();
  short_key.length = 64;
  PublicKey off_curve = signer.key();
  off_curve.bytes[64] ^= 1;
  PublicKey hybrid = signer.key();
  hybrid.bytes[0] = static_cast<std::uint8_t>(6 + (hybrid.bytes[64] & 1));
  PublicKey compressed_tag_on_long = signer.key();
  compressed_tag_on_long.bytes[0] = 2;
  PublicKey no_such_x = signer.compressed_key();
  std::fill_n(no_such_x.bytes.begin() + 1, 32, 0);
  no_such_x.bytes[32] = 5;  // 5^3 + 7 is no square
  PublicKey x_too_large = signer.compressed_key();
  std::copy_n(slow::to_bytes(slow::field_prime()).data(), 32, x_too_large.bytes.data() + 1);
  const Signer other(random);
  using enum SignatureStatus;
  return {{"none", {good, signer.key()}, kOk},
          {"none, compressed", {good, signer.compressed_key()}, kOk},
          {"length", {good, short_key}, kBadLength},
          {"length, range", {zero_r, short_key}, kBadLength},
          {"range", {zero_r, signer.key()}, kBadRange},
          {"range, high s", {zero_r_high_s, signer.key()}, kBadRange},
          {"range, curve", {zero_r, off_curve}, kBadRange},
          {"high s", {high_s, signer.key()}, kHighS},
          {"high s, curve", {high_s, off_curve}, kHighS},
          {"curve", {good, off_curve}, kNotOnCurve},
          {"hybrid", {good, hybrid}, kNotOnCurve},
          {"02 on 65 bytes", {good, compressed_tag_on_long}, kNotOnCurve},
          {"no such x", {good, no_such_x}, kNotOnCurve},
          {"x = p", {good, x_too_large}, kNotOnCurve},
          {"equation", {good, other.key()}, kMismatch}};
}

TEST_P(SignatureBatch, TheFirstBrokenRuleIsReported) {
  std::vector<VerifyRequest> requests;
  for (const Broken& item : broken_requests()) requests.push_back(item.request);
  const auto found = verify_all(backend(), requests, LowS::kRequired);
  const auto [keys, known_requests] = known_form(requests);
  const auto found_known = verify_known_all(backend(), *keys, known_requests, LowS::kRequired);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const Broken item = broken_requests()[i];
    EXPECT_EQ(found[i], item.status) << item.rules;
    EXPECT_EQ(found_known[i], item.status) << item.rules;
    EXPECT_EQ(slow::verify(item.request, LowS::kRequired), item.status) << item.rules;
  }
}

TEST_P(SignatureBatch, AKeyIndexOutsideTheSetIsABadLength) {
  auto [keys, requests] = known_form({broken_requests()[0].request});
  requests.resize(5, requests[0]);
  requests[1].key_index = 1;
  requests[3].key_index = 0xffffffff;
  requests[3].signature.r = {};
  using enum SignatureStatus;
  EXPECT_EQ(verify_known_all(backend(), *keys, requests, LowS::kRequired),
            (std::vector{kOk, kBadLength, kOk, kBadLength, kOk}));
}

TEST_P(SignatureBatch, EveryBatchSizeAnswersItemByItem) {
  std::mt19937_64 random(kSeed);
  const auto signers = make_signers(7, random);
  std::vector<RecoverRequest> recover;
  std::vector<VerifyRequest> verify;
  for (std::size_t i = 0; i < 1025; ++i) {
    const Signer& signer = signers[i % signers.size()];
    recover.push_back(signer.sign(random_hash(random)));
    if (i % 3 == 1) recover.back().signature.s.bytes[0] ^= 0x80;
    if (i % 5 == 2) recover.back().signature.r = {};
    verify.push_back({recover.back().signature, i % 11 == 3 ? PublicKey{} : signer.key()});
  }
  const auto recovered = expected_recoveries(recover, LowS::kRequired);
  const auto verified = expected_verdicts(verify, LowS::kRequired);
  const auto [keys, known] = known_form(verify);
  for (const std::size_t size :
       {0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 127, 128, 129, 255, 256, 257, 1025}) {
    SCOPED_TRACE(size);
    const auto take = [&](const auto& all) {
      return std::decay_t<decltype(all)>(all.end() - static_cast<std::ptrdiff_t>(size), all.end());
    };
    ASSERT_EQ(recover_all(backend(), take(recover), LowS::kRequired), take(recovered));
    ASSERT_EQ(verify_all(backend(), take(verify), LowS::kRequired), take(verified));
    ASSERT_EQ(verify_known_all(backend(), *keys, take(known), LowS::kRequired), take(verified));
  }
}

TEST_P(SignatureBatch, ABatchOfOnlyBrokenItemsIsAnswered) {
  const std::vector<RecoverRequest> recover(200);
  for (const RecoverResult& result : recover_all(backend(), recover, LowS::kAny)) {
    EXPECT_EQ(result, (RecoverResult{{}, {}, SignatureStatus::kBadRange}));
  }
  const std::vector<VerifyRequest> verify(200);
  for (const SignatureStatus status : verify_all(backend(), verify, LowS::kAny)) {
    EXPECT_EQ(status, SignatureStatus::kBadLength);
  }
}

TEST(SignatureOracle, TheSlowCurveAgreesWithLibsecp256k1) {
  std::vector<RecoverRequest> requests;
  const std::vector<RecoverRequest> edges = edge_requests();
  for (std::size_t i = 0; i < edges.size(); i += 499) requests.push_back(edges[i]);
  for (std::size_t i = 0; i < crafted_signatures().size(); i += 29)
    requests.push_back(crafted_signatures()[i].recover);
  for (const RecoverRequest& request : requests) {
    RecoverResult found = scalar::recover_single(request, LowS::kAny);
    found.address = {};
    EXPECT_EQ(found, slow::recover(request, LowS::kAny));
  }
}

}  // namespace
}  // namespace buri::accel
