#pragma once

#include <deque>
#include <optional>

#include "base/random.hpp"
#include "hsm/rules/policy.hpp"
#include "hsm/signer/ledger_rules.hpp"
#include "hsm/wire/request.hpp"
#include "hsm/wire/response.hpp"

/// What clients of a simulated signer ask for: honest ones, that go on, come back, change their
/// mind or were cloned, and hostile ones, that want what must never be signed.

namespace buri::hsm::sim {

/// The key that everything is asked of, and a policy with every purpose on; the tiers of votes'
/// extensions and headers by the seed.
signer::SigningKey sim_key();
rules::Policy sim_policy(std::uint64_t seed);

class Questions {
 public:
  explicit Questions(Random& random) : random_(random) {}

  /// Mostly something new, often one of the last requests again, sometimes with other content.
  wire::RequestBody next();
  /// A request that is refused whatever was signed before.
  wire::RequestBody hostile();
  /// The last request that administrators have to approve, if there was one.
  [[nodiscard]] const std::optional<wire::RequestBody>& administered() const {
    return administered_;
  }
  wire::ProveOfPossession possession();
  /// A signer answered: headers are built on those that were sealed.
  void learn(const wire::RequestBody& request, const wire::ResponseBody& answer);

 private:
  std::uint64_t variant() { return random_.below(3); }
  wire::RequestBody fresh();
  wire::SignVote vote();
  wire::SignProposal proposal();
  wire::SignBorHeader header();
  wire::SignHeimdallTransaction message();
  wire::SignRootChainTransaction call();
  wire::RequestBody report();
  void promise(wire::SignVote& vote);
  void alter(wire::RequestBody& request);
  void alter_vote(wire::SignVote& vote);
  Bytes payload();
  wire::RequestBody hostile_vote();
  wire::RequestBody hostile_header();
  wire::RequestBody hostile_transaction();

  Random& random_;
  std::deque<wire::RequestBody> asked_;
  std::optional<wire::RequestBody> administered_;
  std::int64_t height_ = 100;
  std::uint64_t number_ = 1000;
  Hash256 parent_;  // of the header at number_ + 1, once one was sealed
  std::uint64_t sequence_ = 7;
  std::uint64_t nonce_ = 3;
  std::uint64_t checkpoint_ = 0;  // ranges of 256 blocks promised so far
  std::optional<wire::Checkpoint> promised_;
  std::uint64_t ceremony_ = 0;
};

}  // namespace buri::hsm::sim
