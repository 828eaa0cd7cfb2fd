#include "accel/engine.hpp"
#include "accel/scalar/keccak256.hpp"
#include "node/consensus/engine/canonical.hpp"
#include "node/consensus/engine/key_set_cache.hpp"
#include "node/consensus/engine/verify_commit.hpp"
#include "tests/bench/accel/libsecp_peer.hpp"
#include "tests/bench/harness.hpp"
#include "tests/unit/node/golden.hpp"

/// A real mainnet commit, all of its work counted: sign bytes, digests, signatures, power.

namespace buri::bench {
namespace {

using namespace consensus::engine;

/// What a node that verifies vote by vote does, with libsecp256k1 and the scalar Keccak.
void verify_one_by_one(const testing::GoldenCommit& golden) {
  const Commit& commit = golden.signed_header.commit;
  const auto validators = golden.validators.validators();
  std::int64_t power = 0;
  for (std::size_t i = 0; i < commit.signatures.size(); ++i) {
    const CommitSig& vote = commit.signatures[i];
    if (vote.flag == BlockIdFlag::kAbsent) continue;
    const Bytes sign_bytes = precommit_sign_bytes(golden.signed_header.header.chain_id, commit, i);
    accel::VerifyRequest request;
    accel::scalar::keccak256(sign_bytes, request.signature.digest);
    request.signature.r = Hash256::from(ByteView(vote.signature).first(32));
    request.signature.s = Hash256::from(ByteView(vote.signature).subspan(32, 32));
    const ByteView key(validators[i].public_key);
    std::copy(key.begin(), key.end(), request.key.bytes.begin());
    request.key.length = static_cast<std::uint8_t>(key.size());
    CHECK(libsecp_verify(std::span(&request, 1)) == 1, "libsecp256k1 refused a mainnet vote");
    power += validators[i].voting_power;
  }
  CHECK(power > golden.validators.total_voting_power() / 3 * 2, "too little power");
}

std::vector<Figure> commit_real(const Options& options) {
  accel::EngineOptions engine_options;
  engine_options.worker_threads = 1;
  auto engine = accel::Engine::start(engine_options);
  CHECK(engine.ok(), "the engine does not start");
  const testing::GoldenCommit& golden = testing::golden_commits()[0];
  const Commit& commit = golden.signed_header.commit;
  KeySetCache cache;
  const auto keys = cache.keys_of(golden.validators);
  const CommitClaim claim{golden.signed_header.header.chain_id, commit.height, commit.block_id};
  constexpr double kSignatures = 100;
  Figure figure =
      compare("commit.real",
              {"one engine call",
               [&] {
                 const auto tally =
                     verify_commit(*engine.value(), {golden.validators, keys}, claim, commit);
                 CHECK(tally.ok() && tally->signatures == 100, "a mainnet commit was refused");
               },
               kSignatures},
              {"libsecp256k1 0.2.0 parse + verify, one by one", [&] { verify_one_by_one(golden); },
               kSignatures},
              options);
  figure.goal = 10;
  return {figure};
}

const Registration kCommitReal("commit.real", commit_real);

}  // namespace
}  // namespace buri::bench
