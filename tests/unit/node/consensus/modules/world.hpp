#pragma once

#include "node/consensus/modules/bor/keeper.hpp"
#include "node/consensus/modules/chainmanager/keeper.hpp"
#include "node/consensus/modules/milestone/keeper.hpp"
#include "node/consensus/modules/stake/keeper.hpp"
#include "node/consensus/runtime/address.hpp"
#include "tests/unit/node/consensus/runtime/memory_stores.hpp"

/// A small state for tests of modules bor and milestone: validators 1, 2, ... with given powers,
/// spans, parameters, forks that the test sets.

namespace buri::consensus::modules {

/// The key of the validator with an id; worthless.
inline Bytes key_of(std::uint64_t id) {
  Bytes key(65);
  key[0] = 0x04;
  key[64] = static_cast<std::uint8_t>(id);
  return key;
}
inline Address address_of(std::uint64_t id) { return runtime::address_of_key(key_of(id)); }
inline std::string signer_of(std::uint64_t id) { return runtime::to_text(address_of(id)); }

inline stake::Validator validator_of(std::uint64_t id, std::int64_t power) {
  return {.val_id = id,
          .voting_power = power,
          .pub_key = key_of(id),
          .signer = signer_of(id),
          .last_updated = {}};
}

/// The current set is that of the records unless a test writes another.
class World {
 public:
  explicit World(const std::vector<std::int64_t>& powers) {
    for (std::size_t i = 0; i < powers.size(); ++i) {
      const auto validator = validator_of(i + 1, powers[i]);
      set_.validators.push_back(validator);
      set_.total_voting_power += validator.voting_power;
      CHECK(stake::Keeper().add(at(1), validator).ok(), "memory");
    }
    std::ranges::sort(set_.validators, {}, &stake::Validator::signer);
    write_set(set_);
    CHECK(bor::Keeper().set_params(at(1), {16, 100, 4}).ok(), "memory");
    CHECK(milestone::Keeper().set_params(at(1), {10, 1000, 100}).ok(), "valid");
    chainmanager::Params params;
    params.chain_params.bor_chain_id = "15001";
    CHECK(chainmanager::Keeper().set_params(at(1), params).ok(), "memory");
  }

  [[nodiscard]] const stake::ValidatorSet& set() const { return set_; }
  void write_set(const stake::ValidatorSet& set) {
    CHECK(stake::Keeper().write_set(at(1), stake::SetKind::kCurrent, set).ok(), "memory");
  }
  void put_record(const stake::Validator& validator) {
    CHECK(stake::Keeper().add(at(1), validator).ok(), "memory");
  }
  /// Stores a span of one producer as the last one.
  void add_span(std::uint64_t id, const bor::BlockRange& blocks, std::uint64_t producer) {
    const bor::Span span{.id = id,
                         .start_block = blocks.start_block,
                         .end_block = blocks.end_block,
                         .validator_set = set_,
                         .selected_producers = {validator_of(producer, 1)},
                         .bor_chain_id = "15001"};
    CHECK(bor::Keeper().add_span(at(1), span).ok(), "memory");
  }
  void add_milestone(std::uint64_t start, std::uint64_t end, const Bytes& hash) {
    CHECK(milestone::Keeper()
              .add(at(1), {.proposer = signer_of(1),
                           .start_block = start,
                           .end_block = end,
                           .hash = hash,
                           .bor_chain_id = "15001"})
              .ok(),
          "memory");
  }
  void vote(std::uint64_t voter, std::vector<std::uint64_t> producers) {
    CHECK(bor::Keeper().set_votes(at(1), voter, {std::move(producers)}).ok(), "memory");
  }

  void set_fork(protocol::HeimdallFork fork, std::optional<std::int64_t> height) {
    forks_.set(fork, height);
  }
  /// A context at a height, over all that was written so far, with the forks as they are now.
  runtime::Context at(std::int64_t height) {
    runtime::BlockFacts& facts = by_height_[height];
    facts.chain_id = "heimdall-test";
    facts.height = height;
    facts.forks = forks_;
    return {facts, branch_, meter_, events};
  }

  runtime::EventLog events;

 private:
  protocol::HeimdallForks forks_;
  std::map<std::int64_t, runtime::BlockFacts> by_height_;
  runtime::MemoryStores stores_;
  store::Branch branch_{stores_.stores()};
  runtime::GasMeter meter_ = runtime::GasMeter::infinite();
  stake::ValidatorSet set_;
};

/// 32 equal bytes.
inline Bytes hash_of(std::uint8_t byte) { return Bytes(32, byte); }

}  // namespace buri::consensus::modules
