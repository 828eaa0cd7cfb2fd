#include <chrono>
#include <csignal>
#include <memory>

#include "hsm/pkcs11/signature_check.hpp"
#include "hsm/pkcs11/worker_client.hpp"
#include "tests/bench/hsm/samples.hpp"
#include "tests/hsm/fixture/worker_setup.hpp"

/// What the worker process, its checks and its recovery cost. Slowdowns are times of ours divided
/// by times of a bare C_SignInit and C_Sign in this process, sampled in turn, over SoftHSM2.

namespace buri::bench {
namespace {

using namespace std::chrono_literals;
using hsm::pkcs11::SigningPurpose;
using hsm::pkcs11::SigningRequest;
using hsm::pkcs11::WorkerClient;

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
  return {milliseconds_figure("hsm.cold_start", cold, 0.5, 250),
          milliseconds_figure("hsm.respawn", respawn, 0.5, 100),
          milliseconds_figure("hsm.respawn_standby", standby, 0.5, 100)};
}

const Registration kSign("hsm.sign", sign_figures);
const Registration kStart("hsm.start", start_figures);

}  // namespace
}  // namespace buri::bench
