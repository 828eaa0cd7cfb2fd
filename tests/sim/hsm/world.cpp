#include "tests/sim/hsm/world.hpp"

#include <algorithm>
#include <vector>

namespace buri::hsm::sim {

void Report::add(const Report& other) {
  conflicts += other.conflicts;
  wrong_replies += other.wrong_replies;
  released += other.released;
  replayed_unequal += other.replayed_unequal;
  refused += other.refused;
  crashes += other.crashes;
  halts += other.halts;
  fenced_off += other.fenced_off;
  unopened += other.unopened;
  stranded += other.stranded;
  broken_logs += other.broken_logs;
  if (story.empty()) story = other.story;
}

void Ledger::expect(const ToyRequest& request) {
  for (const std::uint8_t part : {std::uint8_t{0}, std::uint8_t{1}})
    known_[request.digest(part)] = request;
}

void Ledger::device_signed(const Hash256& digest) {
  const auto found = known_.find(digest);
  if (found != known_.end()) claim(found->second, "device");
}

void Ledger::claim(const ToyRequest& request, const char* where) {
  const auto [place, is_new] = contents_.try_emplace(request.position(), request.content);
  if (is_new || place->second == request.content) return;
  ++report_.conflicts;
  if (!report_.story.empty()) return;
  report_.story = std::string(where) + ": height " + std::to_string(request.height) + " step " +
                  std::to_string(request.step) + " signed with content " +
                  std::to_string(place->second) + " and " + std::to_string(request.content);
}

// A signature begins with the digest it was made for.
void Ledger::released(const ToyRequest& request, const wire::ResponseBody& answer) {
  ++report_.released;
  claim(request, "answer");
  const auto* given = std::get_if<wire::Signed>(&answer);
  const Hash256 digest = request.digest(0);
  const bool is_for_it =
      given != nullptr && given->signatures.size() == 3 &&
      equal(ByteView(given->signatures[0].signature).first(Hash256::kSize), digest);
  report_.wrong_replies += is_for_it ? 0 : 1;
  if (!is_for_it) return;
  const auto [place, is_new] = answers_.try_emplace(digest, *given);
  report_.replayed_unequal += !is_new && place->second != *given ? 1 : 0;
}

namespace {

class World {
 public:
  explicit World(const WorldOptions& options)
      : options_(options),
        random_(options.seed),
        ledger_(report_),
        network_(random_, vices(options)) {
    static const auto image = fresh_image();
    const int count = options.is_fenced ? 2 : 1;
    for (int i = 0; i < count; ++i) {
      fences_.push_back(std::make_unique<SimFence>(network_, std::string(1, "ab"[i])));
    }
    for (int i = 0; i < count; ++i) {
      SimFence* fence = options.is_fenced ? fences_[static_cast<std::size_t>(i)].get() : nullptr;
      signers_.push_back(std::make_unique<SimSigner>(ledger_, report_, random_, fence, *image));
    }
    network_.set_meanwhile([this] { meanwhile(); });
    backup_ = image;
  }

  Report play() {
    for (int i = 0; i < options_.steps; ++i) step(any_signer());
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

  // Mostly the next positions, often an old one again, sometimes with another content.
  ToyRequest next_request() {
    if (!asked_.empty() && random_.chance(0.35)) {
      ToyRequest old =
          asked_[asked_.size() - 1 - random_.below(std::min<std::size_t>(asked_.size(), 4))];
      if (random_.chance(0.5)) old.content = static_cast<std::uint8_t>(random_.below(3));
      return old;
    }
    ToyRequest next;
    height_ += static_cast<std::int64_t>(random_.below(2));
    next.height = height_;
    next.step = static_cast<std::uint8_t>(1 + random_.below(2));
    next.content = static_cast<std::uint8_t>(random_.below(3));
    asked_.push_back(next);
    return next;
  }

  void step(SimSigner& one) {
    one.revive();
    const std::uint64_t dice = random_.below(100);
    if (dice < 55) return one.request(next_request(), !random_.chance(0.02));
    if (dice < 66) return one.activate();
    if (dice < 70) return one.presign();
    if (dice < 76) return one.crash_soon();
    if (dice < 79) return one.restart(random_.chance(0.5));
    if (dice < 82) return one.trouble(true);
    if (dice < 86) return one.trouble(false);
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
  Ledger ledger_;
  FenceNetwork network_;
  std::vector<std::unique_ptr<SimFence>> fences_;
  std::vector<std::unique_ptr<SimSigner>> signers_;
  std::shared_ptr<const SimDisk::Image> backup_;
  std::vector<ToyRequest> asked_;
  std::int64_t height_ = 1;
  bool is_nested_ = false;
};

}  // namespace

Report play(const WorldOptions& options) { return World(options).play(); }

}  // namespace buri::hsm::sim
