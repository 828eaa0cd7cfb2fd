#include "node/consensus/light/client.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/hex.hpp"

namespace buri::consensus::light {
namespace {

using engine::LightBlockRecord;

Failure<ClientFault> client_failure(ClientError error, std::string reason) {
  return {ClientFault{error, std::move(reason)}};
}

Failure<ClientFault> client_failure(StepFault fault) {
  if (fault.provider) return client_failure(ClientError::kProvider, std::move(fault.reason));
  return client_failure(fault.is_expired ? ClientError::kExpired : ClientError::kInvalid,
                        std::move(fault.reason));
}

Failure<ClientFault> store_failure(std::string reason) {
  return client_failure(ClientError::kStore, std::move(reason));
}

engine::LightOptions step_options(const ClientOptions& options) {
  engine::LightOptions steps{};
  steps.trusting_period_seconds = options.trusting_period_seconds;
  steps.max_clock_drift_seconds = options.max_clock_drift_seconds;
  steps.trust_level = options.trust_level;
  steps.coverage = engine::Coverage::kUntilEnough;
  return steps;
}

/// Witnesses' chains are verified unheard.
struct Unhear {
  StepVerifier& verifier;
  ~Unhear() { verifier.tell({}); }
};

}  // namespace

Client::Client(ClientOptions options, ClientServices services, Logger logger)
    : options_(std::move(options)),
      services_(std::move(services)),
      logger_(std::move(logger)),
      verifier_(*services_.crypto, step_options(options_)) {}

engine::Timestamp Client::now() const {
  const auto nanos = services_.clock->wall().time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(nanos);
  const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(nanos - seconds);
  return {seconds.count(), static_cast<std::int32_t>(rest.count())};
}

ProvidedBlock Client::fetch(Provider& provider, std::int64_t height) {
  ++fetched_;
  return provider.light_block(height);
}

Result<LightBlockRecord, ClientFault> Client::from_primary(std::int64_t height) {
  auto block = fetch(*services_.primary, height);
  if (block.ok()) return std::move(block).value();
  logger_.warning("The primary does not give a block.",
                  {{"primary", primary()}, {"height", height}, {"reason", block.error().reason}});
  return replace_primary(height, !block.error().is_benign());
}

Result<LightBlockRecord, ClientFault> Client::replace_primary(std::int64_t height, bool drop) {
  std::vector<std::shared_ptr<Provider>> bad;
  std::string last = "there is no witness to ask instead";
  for (const auto& witness : services_.witnesses) {
    auto block = fetch(*witness, height);
    if (!block.ok()) {
      last = block.error().reason;
      if (!block.error().is_benign()) bad.push_back(witness);
      continue;
    }
    const auto old = std::exchange(services_.primary, witness);
    bad.push_back(services_.primary);
    if (!drop) services_.witnesses.push_back(old);
    remove_witnesses(bad);
    if (services_.witnesses.empty()) {
      return client_failure(ClientError::kNoWitnesses, "no witness is left beside the new primary");
    }
    logger_.info("A witness became the primary.", {{"primary", primary()}});
    return std::move(block).value();
  }
  remove_witnesses(bad);
  return client_failure(ClientError::kProvider,
                        fmt::format("nobody gives block {}: {}", height, last));
}

void Client::remove_witnesses(const std::vector<std::shared_ptr<Provider>>& gone) {
  std::erase_if(services_.witnesses, [&](const std::shared_ptr<Provider>& witness) {
    return std::ranges::find(gone, witness) != gone.end();
  });
}

Status<ClientFault> Client::save(const LightBlockRecord& block) {
  auto saved = services_.store->save(block);
  if (saved.ok()) saved = services_.store->prune(options_.kept_blocks);
  if (!saved.ok()) return store_failure(std::move(saved).error());
  if (!latest_ || block.height() > latest_->height()) latest_ = block;
  return Unit{};
}

Status<ClientFault> Client::start(const TrustedPoint& point) {
  if (services_.witnesses.empty()) {
    return client_failure(ClientError::kNoWitnesses, "a light client needs a witness at least");
  }
  auto stored = services_.store->last();
  if (!stored.ok()) return store_failure(std::move(stored).error());
  auto same = services_.store->at(point.height);
  if (!same.ok()) return store_failure(std::move(same).error());
  if (*stored && *same && (*same)->commit.block_id.hash == point.hash) {
    latest_ = std::move(*stored);
    return Unit{};
  }
  ASSIGN_OR_RETURN(const LightBlockRecord first, from_primary(point.height));
  if (first.commit.block_id.hash != point.hash) {
    return client_failure(ClientError::kTrustedHash,
                          fmt::format("block {} has hash {} at {}, expected the trusted {}",
                                      point.height, to_upper_hex(*first.commit.block_id.hash),
                                      primary(), to_upper_hex(point.hash)));
  }
  auto holds = verifier_.own_commit(first);
  if (!holds.ok()) return client_failure(ClientError::kInvalid, std::move(holds).error());
  RETURN_IF_ERROR(compare_first(first));
  // What was trusted before may be of another fork than what the owner says now.
  auto cleared = services_.store->remove_above(0);
  if (!cleared.ok()) return store_failure(std::move(cleared).error());
  latest_.reset();
  return save(first);
}

Result<LightBlockRecord, ClientFault> Client::verify_at(std::int64_t height) {
  CHECK(latest_.has_value(), "a light client is started before it verifies");
  verifier_.set_now(now());
  if (height > 0) {
    auto stored = services_.store->at(height);
    if (!stored.ok()) return store_failure(std::move(stored).error());
    if (*stored) return **std::move(stored);
  }
  ASSIGN_OR_RETURN(LightBlockRecord target, from_primary(height));
  if (target.height() == latest_->height()) {
    if (target.commit.block_id.hash == latest_->commit.block_id.hash) return *latest_;
    return client_failure(ClientError::kInvalid,
                          fmt::format("{} has another block of height {} than the trusted one",
                                      primary(), target.height()));
  }
  return verify(std::move(target));
}

Result<LightBlockRecord, ClientFault> Client::verify(LightBlockRecord target) {
  if (target.height() > latest_->height()) {
    ASSIGN_OR_RETURN(const Trace trace, walk(*latest_, target));
    RETURN_IF_ERROR(detect_divergence(trace));
  } else {
    auto below = services_.store->before(target.height());
    if (!below.ok()) return store_failure(std::move(below).error());
    if (*below) {
      ASSIGN_OR_RETURN(const Trace trace, walk(**below, target));
      RETURN_IF_ERROR(detect_divergence(trace));
    } else {
      auto first = services_.store->first();
      if (!first.ok()) return store_failure(std::move(first).error());
      RETURN_IF_ERROR(walk_back(**first, target));
    }
  }
  RETURN_IF_ERROR(save(target));
  return target;
}

bool Client::may_replace_for(const StepFault& fault, const LightBlockRecord& target) {
  // A target that does not follow is nobody's error but the chain's or the primary's own; a block
  // on the way to it may be wrong at this primary alone.
  if (fault.provider || fault.is_expired || fault.height == target.height()) return false;
  logger_.warning("The primary gave a block that does not follow.",
                  {{"primary", primary()}, {"height", fault.height}, {"reason", fault.reason}});
  auto again = replace_primary(target.height(), true);
  return again.ok() && again->commit.block_id.hash == target.commit.block_id.hash;
}

Result<Trace, ClientFault> Client::walk(const LightBlockRecord& trusted, LightBlockRecord& target) {
  const auto fetch_next = [this](std::int64_t height) { return fetch(*services_.primary, height); };
  verifier_.tell(services_.on_step);
  const Unhear unhear{verifier_};
  while (true) {
    auto trace = options_.is_sequential ? verifier_.sequential(trusted, target, fetch_next)
                                        : verifier_.skipping(trusted, target, fetch_next);
    if (trace.ok()) return std::move(trace).value();
    if (!may_replace_for(trace.error(), target)) return client_failure(std::move(trace).error());
  }
}

Status<ClientFault> Client::walk_back(const LightBlockRecord& first, LightBlockRecord& target) {
  const auto fetch_next = [this](std::int64_t height) { return fetch(*services_.primary, height); };
  while (true) {
    auto walked = verifier_.backwards(first, target, fetch_next);
    if (walked.ok()) return Unit{};
    if (!may_replace_for(walked.error(), target)) return client_failure(std::move(walked).error());
  }
}

}  // namespace buri::consensus::light
