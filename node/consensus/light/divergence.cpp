#include <fmt/format.h>

#include <algorithm>

#include "node/consensus/light/client.hpp"

/// Whether the witnesses know the same chain as the primary, and what becomes of it if not.

namespace buri::consensus::light {
namespace {

using engine::LightBlockRecord;

bool is_same_block(const LightBlockRecord& one, const LightBlockRecord& other) {
  return one.commit.block_id.hash == other.commit.block_id.hash;
}

bool has_same_priorities(const LightBlockRecord& one, const LightBlockRecord& other) {
  const auto priority = &engine::Validator::proposer_priority;
  return std::ranges::equal(one.validators.validators(), other.validators.validators(), {},
                            priority, priority);
}

engine::SignedHeader signed_header_of(const LightBlockRecord& block) {
  return {block.header, block.commit};
}

}  // namespace

engine::LightClientAttack attack_evidence(const LightBlockRecord& conflicting,
                                          const LightBlockRecord& trusted,
                                          const LightBlockRecord& common) {
  const bool is_lunatic = engine::is_lunatic(conflicting.header, trusted.header);
  const LightBlockRecord& base = is_lunatic ? common : trusted;
  return {conflicting, base.height(),
          engine::byzantine_validators(conflicting, common.validators, signed_header_of(trusted)),
          base.validators.total_voting_power(), base.header.time};
}

ProvidedBlock Client::block_or_latest(Provider& witness, std::int64_t height) {
  auto latest = fetch(witness, 0);
  if (!latest.ok() || latest->height() <= height) return latest;
  return fetch(witness, height);
}

Client::Opinion Client::ask_witness(Provider& witness, const LightBlockRecord& block) {
  auto answer = fetch(witness, block.height());
  const bool is_behind = !answer.ok() && answer.error().error == ProviderError::kHeightTooHigh;
  if (is_behind) answer = block_or_latest(witness, block.height());
  // A chain that is not so far may still be later already: then it is another chain.
  const auto is_late = [&] {
    return answer.ok() && answer->height() < block.height() &&
           !(answer->header.time < block.header.time);
  };
  if (is_behind && answer.ok() && answer->height() < block.height() && !is_late()) {
    const std::chrono::seconds drift(options_.max_clock_drift_seconds);
    services_.sleep(2 * drift + options_.max_block_lag);
    answer = block_or_latest(witness, block.height());
    if (answer.ok() && answer->height() < block.height() && !is_late()) return {};
  }
  if (!answer.ok()) {
    logger_.warning("A witness does not give a block.",
                    {{"witness", witness.name()}, {"reason", answer.error().reason}});
    return {answer.error().is_benign() ? Opinion::Kind::kSilent : Opinion::Kind::kBad, {}};
  }
  if (is_late() || !is_same_block(*answer, block)) {
    return {Opinion::Kind::kConflicts, std::move(answer).value()};
  }
  return {
      has_same_priorities(*answer, block) ? Opinion::Kind::kConfirms : Opinion::Kind::kPriorities,
      {}};
}

Status<ClientFault> Client::compare_first(const LightBlockRecord& block) {
  std::vector<std::shared_ptr<Provider>> bad;
  for (const auto& witness : services_.witnesses) {
    const Opinion opinion = ask_witness(*witness, block);
    if (opinion.kind == Opinion::Kind::kConflicts) {
      return Failure{ClientFault{
          ClientError::kUnconfirmed,
          fmt::format("{} has another block of height {} than {}: one of the two is not of this "
                      "chain",
                      witness->name(), block.height(), primary())}};
    }
    if (opinion.kind == Opinion::Kind::kBad) bad.push_back(witness);
  }
  remove_witnesses(bad);
  if (!services_.witnesses.empty()) return Unit{};
  return Failure{ClientFault{ClientError::kNoWitnesses, "no witness gave a sound answer"}};
}

Status<ClientFault> Client::detect_divergence(const Trace& trace) {
  const LightBlockRecord& last = trace.back();
  bool is_confirmed = false;
  std::vector<std::shared_ptr<Provider>> bad;
  const auto witnesses = services_.witnesses;
  for (const auto& witness : witnesses) {
    const Opinion opinion = ask_witness(*witness, last);
    switch (opinion.kind) {
      case Opinion::Kind::kConfirms:
        is_confirmed = true;
        break;
      case Opinion::Kind::kConflicts:
        RETURN_IF_ERROR(handle_conflict(trace, *opinion.block, witness));
        bad.push_back(witness);
        break;
      case Opinion::Kind::kPriorities:
        return Failure{
            ClientFault{ClientError::kPriorities,
                        fmt::format("{} has other proposer priorities at height {} than {}",
                                    witness->name(), last.height(), primary())}};
      case Opinion::Kind::kBad:
        bad.push_back(witness);
        break;
      case Opinion::Kind::kSilent:
        break;
    }
  }
  remove_witnesses(bad);
  if (services_.witnesses.empty()) {
    return Failure{ClientFault{ClientError::kNoWitnesses, "no witness is left"}};
  }
  if (is_confirmed) return Unit{};
  return Failure{ClientFault{ClientError::kUnconfirmed,
                             fmt::format("no witness confirms block {}", last.height())}};
}

Status<ClientFault> Client::handle_conflict(const Trace& trace, const LightBlockRecord& challenge,
                                            const std::shared_ptr<Provider>& witness) {
  auto against_primary = examine(trace, challenge, *witness);
  if (!against_primary.ok()) {
    logger_.warning("A witness contradicts the primary and cannot show why.",
                    {{"witness", witness->name()}, {"reason", against_primary.error()}});
    return Unit{};
  }
  const Trace& witness_trace = against_primary->trace;
  const LightBlockRecord& primary_block = against_primary->parted;
  ClientFault fault{ClientError::kAttack,
                    fmt::format("{} and {} have different blocks of height {}, both signed",
                                primary(), witness->name(), primary_block.height())};
  fault.evidence.push_back(engine::encode_light_client_attack(
      attack_evidence(primary_block, witness_trace.back(), witness_trace.front())));
  witness->report(fault.evidence.back());
  auto against_witness = examine(witness_trace, primary_block, *services_.primary);
  if (against_witness.ok()) {
    const Trace& own = against_witness->trace;
    fault.evidence.push_back(engine::encode_light_client_attack(
        attack_evidence(against_witness->parted, own.back(), own.front())));
    services_.primary->report(fault.evidence.back());
  }
  logger_.error("An attack on this light client was detected.", {{"reason", fault.reason}});
  return Failure{std::move(fault)};
}

Result<Client::Parting, std::string> Client::examine(const Trace& trace,
                                                     const LightBlockRecord& target,
                                                     Provider& source) {
  const auto fetch_next = [&](std::int64_t height) { return fetch(source, height); };
  if (target.height() < trace.front().height()) {
    return Failure{std::string("its block is below what is trusted")};
  }
  std::optional<LightBlockRecord> verified;
  for (const LightBlockRecord& known : trace) {
    if (known.height() > target.height()) {
      // The source's chain ends lower and later: the primary ran ahead of it.
      if (known.header.time > target.header.time) {
        return Failure{std::string("its last block is earlier than the primary's")};
      }
      if (verified->height() == target.height()) return Parting{{*verified}, known};
      auto steps = verifier_.skipping(*verified, target, fetch_next);
      if (!steps.ok()) return Failure{steps.error().reason};
      return Parting{std::move(steps).value(), known};
    }
    std::optional<LightBlockRecord> other = target;
    if (known.height() != target.height()) {
      auto fetched = fetch(source, known.height());
      if (!fetched.ok()) return Failure{fetched.error().reason};
      other = std::move(fetched).value();
    }
    if (!verified) {
      if (!is_same_block(*other, known)) {
        return Failure{std::string("it does not have the trusted block")};
      }
      verified = std::move(other);
      continue;
    }
    auto steps = verifier_.skipping(*verified, *other, fetch_next);
    if (!steps.ok()) return Failure{steps.error().reason};
    if (!is_same_block(*other, known)) return Parting{std::move(steps).value(), known};
    verified = std::move(other);
  }
  return Failure{std::string("its blocks are the same")};
}

}  // namespace buri::consensus::light
