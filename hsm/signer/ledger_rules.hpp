#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "hsm/rules/decide.hpp"
#include "hsm/rules/policy.hpp"
#include "hsm/rules/record.hpp"
#include "hsm/signer/rulebook.hpp"

/// The rules of hsm/rules as the pipelines use them: one rulebook per ledger, all over the same
/// policy, key and records.

namespace buri::hsm::signer {

/// The key that everything is signed with.
struct SigningKey {
  Address address;
  FixedBytes<65> public_key;  ///< 0x04 ‖ X ‖ Y
};

/// What the rulebooks of one key share. Thread-safe.
class RulesContext {
 public:
  RulesContext(const SigningKey& key, rules::Policy policy);

  [[nodiscard]] std::shared_ptr<const rules::Policy> policy() const;
  [[nodiscard]] Hash256 policy_hash() const;
  /// The new policy holds for every request judged from now on.
  void set_policy(rules::Policy policy);
  [[nodiscard]] const SigningKey& key() const { return key_; }

  /// The record of a ledger as its pipeline last saw it: for status, and for rules that look at
  /// another ledger.
  [[nodiscard]] rules::Record record(rules::Ledger ledger) const;

 private:
  friend class LedgerRules;

  const SigningKey key_;
  mutable std::mutex mutex_;
  std::shared_ptr<const rules::Policy> policy_;
  rules::Ledgers ledgers_;
};

/// The rulebook of one ledger.
class LedgerRules final : public Rulebook {
 public:
  /// `context` must outlive it.
  LedgerRules(RulesContext& context, rules::Ledger ledger) : context_(context), ledger_(ledger) {}

  bool set_head(ByteView record, ByteView signatures) override;
  Verdict judge(const wire::RequestBody& request, const Circumstances& circumstances) override;
  Bytes encode_signatures(std::span<const Slot> signatures) override;
  /// The dummy extension of the next height, on the consensus ledger.
  std::optional<pkcs11::SigningRequest> foresee() override;

 private:
  RulesContext& context_;
  const rules::Ledger ledger_;
};

}  // namespace buri::hsm::signer
