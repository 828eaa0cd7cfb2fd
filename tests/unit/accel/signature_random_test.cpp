#include <cstdio>
#include <random>

#include "accel/scalar/keccak256.hpp"
#include "tests/support/accel/signer.hpp"
#include "tests/support/long_run.hpp"
#include "tests/unit/accel/signature_suite.hpp"

/// Random signatures, three quarters of them intact, on every backend against libsecp256k1. The
/// default is a slice; BURI_TEST_LONG=1 runs ten million signatures, from the n-th on with
/// BURI_TEST_FROM=n.

namespace buri::accel {
namespace {

constexpr std::uint64_t kSeed = 3;
constexpr std::size_t kBlock = 4096;
constexpr std::size_t kKeys = 64;

std::size_t signature_count() { return is_long_run() ? 10'000'000 : 20'000; }

/// Flips one bit of the request, anywhere in its 97 bytes and the two bits of the recovery id.
void flip_random_bit(RecoverRequest& request, std::mt19937_64& random) {
  const std::size_t bit = random() % (96 * 8 + 2);
  Hash256* const fields[] = {&request.signature.digest, &request.signature.r, &request.signature.s};
  if (bit >= 96 * 8) {
    request.recovery_id ^= static_cast<std::uint8_t>(1u << (bit - 96 * 8));
  } else {
    fields[bit / 256]->bytes[bit / 8 % 32] ^= static_cast<std::uint8_t>(1u << (bit % 8));
  }
}

/// One block of requests in every form with the answers libsecp256k1 gives.
struct Block {
  std::vector<RecoverRequest> recover;
  std::vector<RecoverResult> recovered;
  std::vector<VerifyRequest> verify;
  std::vector<KnownKeyRequest> known;
  std::vector<SignatureStatus> verified;
};

/// What recovering an intact signature of this signer gives.
RecoverResult recovery_of(const Signer& signer) {
  RecoverResult result;
  std::copy_n(signer.key().bytes.data() + 1, 64, result.public_key.data());
  Hash256 hash;
  scalar::keccak256(result.public_key, hash);
  std::copy_n(hash.data() + 12, 20, result.address.data());
  return result;
}

/// libsecp256k1 signs; what it must say to its own signature is known, the broken ones are asked.
Block make_block(const std::vector<Signer>& signers, std::mt19937_64& random, LowS low_s) {
  Block block;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const std::size_t key = random() % signers.size();
    RecoverRequest request = signers[key].sign(random_hash(random));
    const bool intact = random() % 4 != 0;
    if (!intact) flip_random_bit(request, random);
    block.recover.push_back(request);
    block.verify.push_back({request.signature, random() % 8 == 0 ? signers[key].compressed_key()
                                                                 : signers[key].key()});
    block.known.push_back({request.signature, static_cast<std::uint32_t>(key)});
    block.recovered.push_back(intact ? recovery_of(signers[key])
                                     : scalar::recover_single(request, low_s));
    block.verified.push_back(intact ? SignatureStatus::kOk
                                    : scalar::verify_single(block.verify.back(), low_s));
  }
  return block;
}

void expect_answers(Backend& backend, const KeySet& keys, const Block& block, LowS low_s) {
  SCOPED_TRACE(backend.name());
  const auto recovered = recover_all(backend, block.recover, low_s);
  ASSERT_EQ(first_difference(recovered, block.recovered), kBlock) << "recover";
  const auto verified = verify_all(backend, block.verify, low_s);
  ASSERT_EQ(first_difference(verified, block.verified), kBlock) << "verify";
  const auto known = verify_known_all(backend, keys, block.known, low_s);
  ASSERT_EQ(first_difference(known, block.verified), kBlock) << "verify_known";
}

TEST(SignatureRandom, EveryBackendAnswersAsLibsecp256k1) {
  const auto backends = test_backends();
  std::mt19937_64 random(kSeed);
  const auto signers = make_signers(kKeys, random);
  std::vector<PublicKey> keys;
  for (const Signer& signer : signers) keys.push_back(signer.key());
  const auto key_set = KeySet::build(keys);
  const std::size_t count = signature_count();
  const std::size_t first = long_run_begin() / kBlock * kBlock;
  for (std::size_t done = first; done < count; done += kBlock) {
    // A block replays alone from its own seed.
    std::mt19937_64 block_random(kSeed + done);
    SCOPED_TRACE("block seed " + std::to_string(kSeed + done));
    const LowS low_s = done / kBlock % 2 == 0 ? LowS::kRequired : LowS::kAny;
    const Block block = make_block(signers, block_random, low_s);
    for (const auto& backend : backends) {
      expect_answers(*backend, *key_set, block, low_s);
      if (HasFatalFailure()) return;
    }
    if (count > 100'000 && done / kBlock % 16 == 0) {
      std::printf("%zu of %zu signatures agree on %zu backends\n", done + kBlock, count,
                  backends.size());
      std::fflush(stdout);
    }
  }
}

}  // namespace
}  // namespace buri::accel
