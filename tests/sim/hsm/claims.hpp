#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "hsm/pkcs11/signing_device.hpp"
#include "hsm/rules/policy.hpp"
#include "hsm/signer/ledger_rules.hpp"
#include "hsm/wire/request.hpp"
#include "hsm/wire/response.hpp"
#include "tests/sim/hsm/report.hpp"

/// What the signatures of one key say, and whether all of them agree: the judge of a simulation. It
/// knows nothing of sign-state; it remembers every signature that any device ever made.

namespace buri::hsm::sim {

/// What one signature says.
struct Claim {
  wire::Purpose purpose{};
  /// One text for everything that has to agree: purpose and height, range, parent, nonce, ...
  std::string place;
  Hash256 content;
  std::size_t most = 1;  ///< different contents that the policy admits at a place
  /// Name of a request that two administrators must have approved; zero: none.
  Hash256 approved_as{};
};

class Claims {
 public:
  Claims(const rules::Policy& policy, const signer::SigningKey& key, Report& report);

  /// An honest client asks for this: its digests are no longer unknown.
  void expect(const wire::RequestBody& request);
  /// An administrator approved the request of that name.
  void approved(const Hash256& name, std::uint32_t administrator) {
    administrators_[name].insert(administrator);
  }
  /// A device made a signature; from now on it may be anywhere.
  void device_signed(const pkcs11::SigningRequest& made);
  /// A signer answered an honest client.
  void answered(const wire::RequestBody& request, const wire::ResponseBody& answer);
  /// A signer answered somebody who asked for what must never be signed.
  void answered_hostile(const wire::RequestBody& request, const wire::ResponseBody& answer);

 private:
  using Known = std::pair<Hash256, Claim>;

  /// What the signatures of an answer would say, in their order.
  [[nodiscard]] std::vector<Known> claims_of(const wire::RequestBody& request) const;
  [[nodiscard]] std::vector<Known> claims_of_vote(const wire::SignVote& vote) const;
  void expect_dummies(std::int64_t height);
  void claim(const Claim& claim, const char* where);
  void conflict(const std::string& story);

  const rules::Policy& policy_;
  const signer::SigningKey& key_;
  Report& report_;
  std::map<Hash256, Claim> known_;
  std::map<std::string, std::set<Hash256>> contents_;
  std::map<Hash256, std::set<std::uint32_t>> administrators_;
  std::map<Hash256, wire::Signature> answers_;  // by digest, the last one
  std::int64_t dummies_until_ = 90;             // below the first height of all schedules
};

}  // namespace buri::hsm::sim
