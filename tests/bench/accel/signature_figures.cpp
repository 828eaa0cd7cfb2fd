#include "tests/bench/accel/signature_figures.hpp"

#include <memory>

#include "accel/scalar/backend.hpp"
#include "base/check.hpp"
#include "tests/bench/accel/libsecp_peer.hpp"
#include "tests/support/accel/signer.hpp"

namespace buri::bench {
namespace {

constexpr std::size_t kBatch = 1024;
constexpr std::size_t kKnownKeys = 104;
constexpr std::uint64_t kSeed = 1;
constexpr std::string_view kOurScalar = "our scalar backend";

/// Signatures of `key_count` keys in turn, in every request form.
struct Workload {
  std::vector<accel::RecoverRequest> recover;
  std::vector<accel::VerifyRequest> verify;
  std::vector<accel::KnownKeyRequest> known;
  std::vector<accel::PublicKey> keys;

  explicit Workload(std::size_t key_count) {
    std::mt19937_64 random(kSeed);
    const auto signers = accel::make_signers(key_count, random);
    for (const accel::Signer& signer : signers) keys.push_back(signer.key());
    for (std::size_t i = 0; i < kBatch; ++i) {
      const std::size_t key = i % key_count;
      recover.push_back(signers[key].sign(accel::random_hash(random)));
      verify.push_back({recover.back().signature, keys[key]});
      known.push_back({recover.back().signature, static_cast<std::uint32_t>(key)});
    }
  }
};

void expect_all_ok(std::span<const accel::SignatureStatus> statuses) {
  for (const accel::SignatureStatus status : statuses) {
    CHECK(status == accel::SignatureStatus::kOk, "a benchmark's signature was refused");
  }
}

Figure finish(std::string name, const std::function<void()>& ours,
              const std::function<void()>& peer, std::string_view peer_name,
              std::optional<double> goal, const Options& options) {
  constexpr auto kItems = static_cast<double>(kBatch);
  Figure figure = compare(std::move(name), {"ours", ours, kItems},
                          {std::string(peer_name), peer, kItems}, options);
  figure.goal = goal;
  return figure;
}

}  // namespace

Figure recover_figure(std::string name, accel::Backend& backend, std::optional<double> goal,
                      const Options& options) {
  const Workload workload(kBatch);
  std::vector<accel::RecoverResult> results(kBatch);
  std::vector<std::array<std::uint8_t, 65>> keys(kBatch);
  Figure figure = finish(
      std::move(name),
      [&] {
        CHECK(backend.recover(workload.recover, accel::LowS::kRequired, results).ok(),
              "the backend failed");
      },
      [&] {
        CHECK(libsecp_recover(workload.recover, keys) == kBatch,
              "libsecp256k1 refused a signature");
      },
      kLibsecpRecover, goal, options);
  for (std::size_t i = 0; i < kBatch; ++i) {
    CHECK(equal(ByteView(keys[i]).subspan(1), results[i].public_key), "a wrong key was recovered");
  }
  return figure;
}

Figure verify_figure(std::string name, accel::Backend& backend, std::optional<double> goal,
                     const Options& options) {
  const Workload workload(kBatch);
  std::vector<accel::SignatureStatus> results(kBatch);
  Figure figure = finish(
      std::move(name),
      [&] {
        CHECK(backend.verify(workload.verify, accel::LowS::kRequired, results).ok(),
              "the backend failed");
      },
      [&] { CHECK(libsecp_verify(workload.verify) == kBatch, "libsecp256k1 refused a signature"); },
      kLibsecpVerify, goal, options);
  expect_all_ok(results);
  return figure;
}

Figure verify_known_figure(std::string name, accel::Backend& backend, std::optional<double> goal,
                           const Options& options) {
  const Workload workload(kKnownKeys);
  const auto keys = accel::KeySet::build(workload.keys);
  std::vector<accel::SignatureStatus> results(kBatch);
  Figure figure = finish(
      std::move(name),
      [&] {
        CHECK(backend.verify_known(*keys, workload.known, accel::LowS::kRequired, results).ok(),
              "the backend failed");
      },
      [&] { CHECK(libsecp_verify(workload.verify) == kBatch, "libsecp256k1 refused a signature"); },
      kLibsecpVerify, goal, options);
  expect_all_ok(results);
  return figure;
}

Figure recover_over_scalar(std::string name, accel::Backend& backend, double goal,
                           const Options& options) {
  const Workload workload(kBatch);
  accel::scalar::ScalarBackend scalar;
  std::vector<accel::RecoverResult> ours(kBatch);
  std::vector<accel::RecoverResult> theirs(kBatch);
  const auto run = [&](accel::Backend& runs, std::span<accel::RecoverResult> results) {
    CHECK(runs.recover(workload.recover, accel::LowS::kRequired, results).ok(), "a backend failed");
  };
  Figure figure = finish(
      std::move(name), [&] { run(backend, ours); }, [&] { run(scalar, theirs); }, kOurScalar, goal,
      options);
  CHECK(ours == theirs, "two backends recovered different keys");
  return figure;
}

Figure verify_over_scalar(std::string name, accel::Backend& backend, double goal,
                          const Options& options) {
  const Workload workload(kBatch);
  accel::scalar::ScalarBackend scalar;
  std::vector<accel::SignatureStatus> results(kBatch);
  const auto run = [&](accel::Backend& runs) {
    CHECK(runs.verify(workload.verify, accel::LowS::kRequired, results).ok(), "a backend failed");
    expect_all_ok(results);
  };
  return finish(
      std::move(name), [&] { run(backend); }, [&] { run(scalar); }, kOurScalar, goal, options);
}

Figure verify_known_over_scalar(std::string name, accel::Backend& backend, double goal,
                                const Options& options) {
  const Workload workload(kKnownKeys);
  const auto keys = accel::KeySet::build(workload.keys);
  accel::scalar::ScalarBackend scalar;
  std::vector<accel::SignatureStatus> results(kBatch);
  const auto run = [&](accel::Backend& runs) {
    CHECK(runs.verify_known(*keys, workload.known, accel::LowS::kRequired, results).ok(),
          "a backend failed");
    expect_all_ok(results);
  };
  return finish(
      std::move(name), [&] { run(backend); }, [&] { run(scalar); }, kOurScalar, goal, options);
}

}  // namespace buri::bench
