#include "tests/bench/node/chain_run.hpp"

#include <sys/resource.h>

#include "node/consensus/replay/signature_warming.hpp"

namespace buri::bench {

using namespace consensus;

double cpu_milliseconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto milliseconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) * 1e-3;
  };
  return milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
}

accel::Engine& one_thread_engine() {
  static const std::unique_ptr<accel::Engine> started = [] {
    return accel::Engine::start(accel::best_cpu_backend_alone(1)).value();
  }();
  return *started;
}

std::vector<accel::VerifyRequest> all_requests(const testing::SyntheticChain& chain) {
  std::vector<accel::VerifyRequest> requests;
  const auto add = [&](const tx::SignatureClaim& claim) {
    requests.push_back({{claim.digest, claim.r, claim.s}, {claim.key.bytes, tx::KeyBytes::kSize}});
  };
  for (const records::BlockRecord& record : chain.records) {
    const auto height = replay::decode_height(record).value();
    const auto& extended = height.extended_commit;
    for (std::size_t i = 0; i < height.validators.size(); ++i) {
      const engine::ExtendedCommitSig& entry = extended.signatures[i];
      add(replay::vote_claim(height.validators[i], chain.genesis.head.chain_id, height.seen_commit,
                             i));
      add(replay::extension_claim(height.validators[i], chain.genesis.head.chain_id,
                                  extended.height, extended.round, entry.extension,
                                  entry.extension_signature));
      add(replay::non_rp_claim(height.validators[i], entry));
    }
  }
  return requests;
}

}  // namespace buri::bench
