#include <fstream>
#include <sstream>

#include "base/check.hpp"
#include "node/cli/verify_commit.hpp"
#include "node/consensus/engine/canonical.hpp"
#include "node/consensus/engine/key_set_cache.hpp"
#include "node/consensus/engine/verify_commit.hpp"
#include "tests/bench/accel/libsecp_peer.hpp"
#include "tests/bench/harness.hpp"

/// A whole mainnet commit: 104 known keys, 100 signatures. Ours builds the sign bytes, hashes them,
/// checks every signature and counts the power; the peer is handed the digests.

namespace buri::bench {
namespace {

using namespace consensus::engine;

constexpr const char* kCommitFile = "tests/golden/cometbft/mainnet-54587912.json";

std::optional<cli::CommitInput> read_commit() {
  std::ifstream file(kCommitFile);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  const JsonValue document = parse_json(text.str()).value();
  return cli::decode_commits(kCommitFile, JsonCursor(document)).value().front();
}

/// The same signatures as single requests, digests ready.
std::vector<accel::VerifyRequest> single_requests(accel::Engine& crypto,
                                                  const cli::CommitInput& input) {
  const auto& [header, commit] = input.signed_header;
  std::vector<accel::VerifyRequest> requests;
  for (std::size_t i = 0; i < commit.signatures.size(); ++i) {
    const CommitSig& entry = commit.signatures[i];
    if (entry.flag == BlockIdFlag::kAbsent) continue;
    const Bytes bytes = precommit_sign_bytes(header.chain_id, commit, i);
    const ByteView message(bytes);
    accel::VerifyRequest request;
    crypto.keccak256({&message, 1}, {&request.signature.digest, 1});
    request.signature.r = Hash256::from(ByteView(entry.signature).first(32));
    request.signature.s = Hash256::from(ByteView(entry.signature).subspan(32, 32));
    request.key = {input.validators->validators[i].public_key.bytes, PublicKeyBytes::kSize};
    requests.push_back(request);
  }
  return requests;
}

std::vector<Figure> commit_real(const Options& options) {
  const auto input = read_commit();
  if (!input) {
    Figure figure;
    figure.name = "commit.real";
    figure.skipped = std::string("no ") + kCommitFile + " here: run from the repository";
    return {figure};
  }
  accel::EngineOptions engine_options;
  engine_options.worker_threads = 1;
  engine_options.allowed_backends = {"scalar", "avx2", "avx512"};
  const auto engine = accel::Engine::start(engine_options).value();
  const auto set = ValidatorSet::restore(input->validators->validators).value();
  KeySetCache cache;
  const auto keys = cache.keys_of(set);
  const auto& [header, commit] = input->signed_header;
  const CommitClaim claim{header.chain_id, header.height, commit.block_id};
  const auto requests = single_requests(*engine, *input);
  const auto count = static_cast<double>(requests.size());
  const Subject ours{"buri",
                     [&] {
                       CHECK(verify_commit(*engine, {set, keys}, claim, commit).ok(),
                             "the mainnet commit verifies");
                     },
                     count};
  const Subject peer{
      std::string(kLibsecpVerify),
      [&] { CHECK(libsecp_verify(requests) == requests.size(), "every signature verifies"); },
      count};
  Figure figure = compare("commit.real", ours, peer, options);
  figure.goal = 10;
  return {figure};
}

const Registration kCommitReal("commit.real", commit_real);

}  // namespace
}  // namespace buri::bench
