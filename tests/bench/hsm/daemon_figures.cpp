#include <signal.h>

#include <thread>

#include "tests/bench/hsm/samples.hpp"
#include "tests/hsm/fixture/worker_setup.hpp"
#include "tests/hsm/signer/signer_process.hpp"

/// What a client of the processes buri-signer and buri-hsm waits for: through socket, rules, synced
/// sign-state, SoftHSM2, recovery check and audit log, beside a bare C_SignInit and C_Sign in this
/// process. Sign-state lies below /tmp, which has to be a real disk.

namespace buri::bench {
namespace {

using namespace std::chrono_literals;
using hsm::test::Line;
using hsm::test::SignerProcess;
using hsm::test::SoftHsmToken;

/// Heights follow each other slowly enough for the signer to sign the next dummy meanwhile.
constexpr auto kBetweenHeights = 110ms;
constexpr unsigned kPacedRounds = 9;
constexpr unsigned kStarts = 15;

bool is_signed(const hsm::wire::ResponseBody& body) {
  return std::holds_alternative<hsm::wire::Signed>(body);
}

/// A signer in service, and the bare device beside it.
class Bench {
 public:
  Bench() {
    signer_.start();
    CHECK(signer_.reaches("ACTIVE"), "the signer goes into service");
    const auto uri = hsm::pkcs11::parse_key_uri(token_.key_uri()).value();
    key_ = hsm::pkcs11::find_private_key(session_, uri).value();
    line_ = std::make_unique<Line>(signer_.consensus_socket());
  }
  void prevote() { sign(signer_.prevote(++height_, 1)); }
  void precommit() { sign(signer_.precommit(++height_, 1)); }
  void bare() { CHECK(session_.sign_ecdsa(key_, hsm::test::digest_of(1)).ok(), "SoftHSM signs"); }

 private:
  void sign(const hsm::wire::SignVote& vote) {
    CHECK(is_signed(line_->ask(vote)), "every vote is signed");
  }

  SoftHsmToken token_;
  hsm::pkcs11::Session session_ = token_.user_session();
  CK_OBJECT_HANDLE key_ = 0;
  SignerProcess signer_{token_};
  std::unique_ptr<Line> line_;
  std::int64_t height_ = SignerProcess::kFirstHeight;
};

std::vector<Figure> prevote_figures(const Options& options) {
  Bench bench;
  const Samples samples(options, [&] { bench.prevote(); }, [&] { bench.bare(); });
  const std::vector<double> ours = Samples::all(samples.ours);
  return {samples.figure("signer.prevote_p50", 0.5, 1.45),
          samples.figure("signer.prevote_p99", 0.99, std::nullopt),
          milliseconds_figure("signer.prevote_ms.p50", ours, 0.5, 0.55),
          milliseconds_figure("signer.prevote_ms.p99", ours, 0.99, 1.0),
          milliseconds_figure("signer.bare_ms.p50", Samples::all(samples.bare), 0.5, std::nullopt)};
}

std::vector<Figure> precommit_figures(const Options& options) {
  Bench bench;
  Options paced = options;
  paced.rounds = std::min(options.rounds, kPacedRounds);
  const Samples samples(
      paced, [&] { bench.precommit(); }, [&] { bench.bare(); },
      [] { std::this_thread::sleep_for(kBetweenHeights); });
  return {
      samples.figure("signer.precommit_p50", 0.5, std::nullopt),
      samples.figure("signer.precommit_p99", 0.99, 3.2),
      milliseconds_figure("signer.precommit_ms.p50", Samples::all(samples.ours), 0.5, std::nullopt),
      milliseconds_figure("signer.precommit_ms.p99", Samples::all(samples.ours), 0.99,
                          std::nullopt)};
}

std::vector<Figure> start_figures(const Options& options) {
  const SoftHsmToken token;
  std::vector<double> cold;
  std::vector<double> respawn;
  for (unsigned i = 0; i < std::min(options.rounds, kStarts); ++i) {
    SignerProcess signer(token);
    std::int64_t height = SignerProcess::kFirstHeight;
    const auto sign_soon = [&] {
      const auto vote = signer.prevote(++height, 1);
      CHECK(hsm::test::eventually([&] {
              Line line(signer.consensus_socket());
              return line.is_open() && is_signed(line.ask(vote));
            }),
            "the signer signs soon");
    };
    cold.push_back(seconds_of([&] {
      signer.launch();
      sign_soon();
    }));
    std::this_thread::sleep_for(150ms);
    for (const pid_t worker : signer.workers()) ::kill(worker, SIGKILL);
    respawn.push_back(seconds_of(sign_soon));
  }
  return {milliseconds_figure("signer.cold_start_ms", cold, 0.5, 250),
          milliseconds_figure("signer.cold_start_ms.worst", cold, 1.0, std::nullopt),
          milliseconds_figure("signer.worker_killed_ms", respawn, 0.5, 100),
          milliseconds_figure("signer.worker_killed_ms.worst", respawn, 1.0, std::nullopt)};
}

const Registration kPrevote("signer.prevote", prevote_figures);
const Registration kPrecommit("signer.precommit", precommit_figures);
const Registration kStart("signer.start", start_figures);

}  // namespace
}  // namespace buri::bench
