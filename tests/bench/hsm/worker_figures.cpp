#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <functional>

#include "hsm/pkcs11/signature_check.hpp"
#include "hsm/pkcs11/worker_client.hpp"
#include "tests/bench/harness.hpp"
#include "tests/hsm/fixture/worker_setup.hpp"

/// What the worker process, its checks and its recovery cost. Slowdowns are times of ours divided
/// by times of a bare C_SignInit and C_Sign in this process, sampled in turn, over SoftHSM2.

namespace buri::bench {
namespace {

using namespace std::chrono_literals;
using hsm::pkcs11::SigningPurpose;
using hsm::pkcs11::SigningRequest;
using hsm::pkcs11::WorkerClient;

constexpr const char* kBare = "C_SignInit and C_Sign of SoftHSM2 in this process";
constexpr unsigned kSamplesPerRound = 25;

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double quantile(std::vector<double> values, double q) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(std::lround(q * static_cast<double>(values.size() - 1)))];
}

/// Alternating samples of two sides, in blocks.
struct Samples {
  std::vector<std::vector<double>> ours;
  std::vector<std::vector<double>> bare;

  Samples(const Options& options, const std::function<void()>& our_work,
          const std::function<void()>& bare_work) {
    our_work();
    bare_work();
    for (unsigned round = 0; round < options.rounds; ++round) {
      auto& our_block = ours.emplace_back();
      auto& bare_block = bare.emplace_back();
      for (unsigned i = 0; i < kSamplesPerRound; ++i) {
        our_block.push_back(seconds_of(our_work));
        bare_block.push_back(seconds_of(bare_work));
      }
    }
  }

  /// The slowdown at a quantile of all samples; its spread over the blocks' medians.
  [[nodiscard]] Figure figure(std::string name, double q, double goal) const {
    std::vector<double> ratios;
    std::vector<double> all_ours;
    std::vector<double> all_bare;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      ratios.push_back(quantile(ours[i], 0.5) / quantile(bare[i], 0.5));
      all_ours.insert(all_ours.end(), ours[i].begin(), ours[i].end());
      all_bare.insert(all_bare.end(), bare[i].begin(), bare[i].end());
    }
    Figure figure;
    figure.name = std::move(name);
    figure.peer = kBare;
    figure.ratio = quantile(all_ours, q) / quantile(all_bare, q);
    figure.spread = (quantile(ratios, 0.9) - quantile(ratios, 0.1)) / quantile(ratios, 0.5);
    figure.rounds = static_cast<unsigned>(ours.size());
    figure.ours_per_second = 1 / quantile(all_ours, q);
    figure.goal = goal;
    figure.goal_is_upper_bound = true;
    return figure;
  }
};

/// Milliseconds, repeated; the median against a goal.
Figure milliseconds_figure(std::string name, const std::vector<double>& seconds, double goal) {
  Figure figure;
  figure.name = std::move(name);
  figure.peer = "milliseconds, SoftHSM2";
  const double median = quantile(seconds, 0.5);
  figure.ratio = 1e3 * median;
  figure.spread = (quantile(seconds, 0.9) - quantile(seconds, 0.1)) / median;
  figure.rounds = static_cast<unsigned>(seconds.size());
  figure.goal = goal;
  figure.goal_is_upper_bound = true;
  return figure;
}

void sign_one(WorkerClient& client) {
  const auto made = client.sign(SigningPurpose::kVote, hsm::test::digest_of(1), hsm::test::in(10s));
  CHECK(made.ok(), "SoftHSM signs");
}

std::vector<Figure> sign_figures(const Options& options) {
  const hsm::test::SoftHsmToken token;
  hsm::pkcs11::Session session = token.user_session();
  const auto uri = hsm::pkcs11::parse_key_uri(token.key_uri()).value();
  const CK_OBJECT_HANDLE key = hsm::pkcs11::find_private_key(session, uri).value();
  Metrics metrics;
  WorkerClient client(hsm::test::client_of(token, {hsm::test::device_of(token)}),
                      hsm::test::quiet_logger(), metrics);
  const auto bare = [&] {
    CHECK(session.sign_ecdsa(key, hsm::test::digest_of(1)).ok(), "SoftHSM signs");
  };
  const Samples one(options, [&] { sign_one(client); }, bare);
  const std::vector<SigningRequest> precommit{
      {SigningPurpose::kVote, hsm::test::digest_of(1)},
      {SigningPurpose::kVoteExtension, hsm::test::digest_of(2)},
      {SigningPurpose::kPlainExtension, hsm::test::digest_of(3)}};
  const Samples three(
      options, [&] { CHECK(client.sign_all(precommit, hsm::test::in(10s)).ok(), "SoftHSM signs"); },
      bare);
  return {one.figure("hsm.sign_p50", 0.5, 1.45), one.figure("hsm.sign_p99", 0.99, 1.45),
          three.figure("hsm.precommit_p50", 0.5, 3.2),
          three.figure("hsm.precommit_p99", 0.99, 3.2)};
}

std::vector<Figure> start_figures(const Options& options) {
  const hsm::test::SoftHsmToken token;
  const unsigned rounds = std::min(options.rounds, 15U);
  std::vector<double> cold;
  std::vector<double> respawn;
  std::vector<double> standby;
  for (unsigned i = 0; i < rounds; ++i) {
    auto device = hsm::test::device_of(token);
    for (const bool warm : {false, true}) {
      device.warm_standby = warm;
      Metrics metrics;
      std::unique_ptr<WorkerClient> client;
      const double first = seconds_of([&] {
        client = std::make_unique<WorkerClient>(hsm::test::client_of(token, {device}),
                                                hsm::test::quiet_logger(), metrics);
        sign_one(*client);
      });
      if (!warm) cold.push_back(first);
      const std::size_t workers = warm ? 2 : 1;
      CHECK(hsm::test::eventually([&] { return client->status()[0].starts == workers; }),
            "started");
      sign_one(*client);
      std::this_thread::sleep_for(warm ? 50ms : 0ms);  // until the standby has logged in
      for (const int pid : hsm::test::worker_pids()) {
        (void)kill(pid, SIGKILL);  // the active one: it was started first
        break;
      }
      (warm ? standby : respawn).push_back(seconds_of([&] { sign_one(*client); }));
    }
  }
  return {milliseconds_figure("hsm.cold_start", cold, 250),
          milliseconds_figure("hsm.respawn", respawn, 100),
          milliseconds_figure("hsm.respawn_standby", standby, 100)};
}

const Registration kSign("hsm.sign", sign_figures);
const Registration kStart("hsm.start", start_figures);

}  // namespace
}  // namespace buri::bench
