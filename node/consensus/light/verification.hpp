#pragma once

#include <functional>

#include "node/consensus/engine/key_set_cache.hpp"
#include "node/consensus/light/provider.hpp"

/// From a trusted block to another one, by as few blocks between as the change of the validators
/// allows (0xPolygon/cometbft v0.3.8-polygon, light/client.go; spec/cometbft.md 6).

namespace buri::consensus::light {

/// A block that does not follow, or one that could not be had.
struct StepFault {
  std::int64_t height = 0;  ///< of the block
  std::optional<ProviderFault> provider;
  bool is_expired = false;  ///< the trusted block is too old: nothing follows from it
  std::string reason;       ///< a sentence
};

/// The blocks that were verified on the way, the trusted one first.
using Trace = std::vector<engine::LightBlockRecord>;

/// Computes with one engine. Not thread-safe.
class StepVerifier {
 public:
  StepVerifier(accel::Engine& crypto, engine::LightOptions options)
      : crypto_(crypto), options_(options) {}

  void set_now(engine::Timestamp now) { options_.now = now; }
  [[nodiscard]] accel::Engine& crypto() { return crypto_; }

  /// Hears of every block that became trusted, and of the trusted one that it follows from.
  using OnStep = std::function<void(const engine::LightBlockRecord& trusted,
                                    const engine::LightBlockRecord& verified)>;
  void tell(OnStep on_step) { on_step_ = std::move(on_step); }

  using Fetch = std::function<ProvidedBlock(std::int64_t height)>;
  /// Every block between.
  Result<Trace, StepFault> sequential(const engine::LightBlockRecord& trusted,
                                      const engine::LightBlockRecord& target, const Fetch& fetch);
  /// By bisection: the target at once if enough of the trusted power signed it, else what lies
  /// half-way first. Blocks once fetched are tried again before others are.
  Result<Trace, StepFault> skipping(const engine::LightBlockRecord& trusted,
                                    const engine::LightBlockRecord& target, const Fetch& fetch);
  /// Backwards by the hashes of headers; the time limits do not matter.
  Status<StepFault> backwards(const engine::LightBlockRecord& trusted,
                              const engine::LightBlockRecord& target, const Fetch& fetch);
  /// A block's own two thirds.
  Status<std::string> own_commit(const engine::LightBlockRecord& block);

  /// Signatures that were checked.
  [[nodiscard]] std::size_t signatures() const { return signatures_; }

 private:
  enum class Step : std::uint8_t { kTrusted, kNeedsMore };
  Result<Step, StepFault> step(const engine::LightBlockRecord& trusted,
                               const engine::LightBlockRecord& next);

  accel::Engine& crypto_;
  engine::LightOptions options_;
  engine::KeySetCache keys_;
  OnStep on_step_;
  std::size_t signatures_ = 0;
};

}  // namespace buri::consensus::light
