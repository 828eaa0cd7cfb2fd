#include "tests/sim/hsm/world.hpp"

#include <array>
#include <memory>
#include <vector>

#include "tests/sim/hsm/sim_signer.hpp"

namespace buri::hsm::sim {
namespace {

constexpr int kSteps = 50;
constexpr int kFencedSteps = 80;

class World {
 public:
  explicit World(const WorldOptions& options)
      : options_(options),
        random_(options.seed),
        policy_(sim_policy(options.seed)),
        claims_(policy_, key_, report_),
        questions_(random_),
        network_(random_, vices(options)) {
    static const auto image = fresh_image();
    const int count = options.is_fenced ? 2 : 1;
    for (int i = 0; i < count; ++i) {
      fences_.push_back(std::make_unique<SimFence>(network_, std::string(1, "ab"[i])));
    }
    const SimWorld shared{policy_, key_, claims_, questions_, report_, random_};
    for (int i = 0; i < count; ++i) {
      SimFence* fence = options.is_fenced ? fences_[static_cast<std::size_t>(i)].get() : nullptr;
      signers_.push_back(std::make_unique<SimSigner>(shared, fence, *image));
    }
    network_.set_meanwhile([this] { meanwhile(); });
    backup_ = image;
  }

  Report play() {
    const int steps = options_.is_fenced ? kFencedSteps : kSteps;
    for (int i = 0; i < steps; ++i) step(any_signer());
    return report_;
  }

 private:
  // Three worlds in turn: a calm network, a bad one, an awful one.
  static NetworkVices vices(const WorldOptions& options) {
    const double badness = std::array{0.0, 0.05, 0.25}[options.seed % 3];
    return {badness, badness, badness, badness};
  }

  SimSigner& any_signer() { return *signers_[random_.below(signers_.size())]; }

  // Somebody else acts while a request to the fence is on its way.
  void meanwhile() {
    if (is_nested_ || !random_.chance(0.3)) return;
    is_nested_ = true;
    step(any_signer());
    is_nested_ = false;
  }

  void step(SimSigner& one) {
    one.revive();
    const std::uint64_t dice = random_.below(100);
    if (dice < 48) return one.ask();
    if (dice < 53) return one.ask_hostile();
    if (dice < 55) return one.approve();
    if (dice < 56) return one.hold_ceremony();
    if (dice < 65) return one.activate();
    if (dice < 66) return one.drain();
    if (dice < 71) return one.tick();
    if (dice < 77) return one.crash_soon();
    if (dice < 80) return one.restart(random_.chance(0.5));
    if (dice < 83) return one.trouble(true);
    if (dice < 87) return one.trouble(false);
    if (dice < 89) return one.rot();
    if (dice < 92) return one.jump_clock();
    if (dice < 95) return network_.deliver_late();
    rare(one, dice);
  }

  // With a fence even a disk that comes back from the past is harmless.
  void rare(SimSigner& one, std::uint64_t dice) {
    if (dice == 95 && random_.chance(0.3)) return one.lose_state();
    if (!options_.is_fenced) return;
    if (dice == 96) backup_ = one.disk().snapshot();
    if (dice == 97) one.restore(*backup_);
    if (dice >= 98) one.become_clone_of(*signers_[signers_[0].get() == &one ? 1 : 0]);
  }

  const WorldOptions options_;
  SeededRandom random_;
  Report report_;
  const rules::Policy policy_;
  const signer::SigningKey key_ = sim_key();
  Claims claims_;
  Questions questions_;
  FenceNetwork network_;
  std::vector<std::unique_ptr<SimFence>> fences_;
  std::vector<std::unique_ptr<SimSigner>> signers_;
  std::shared_ptr<const SimDisk::Image> backup_;
  bool is_nested_ = false;
};

}  // namespace

Report play(const WorldOptions& options) { return World(options).play(); }

}  // namespace buri::hsm::sim
