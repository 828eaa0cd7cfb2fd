#include "hsm/signer/ledger_rules.hpp"

#include "accel/hasher.hpp"
#include "hsm/wire/plain_extension.hpp"

namespace buri::hsm::signer {

RulesContext::RulesContext(const SigningKey& key, rules::Policy policy)
    : key_(key), policy_(std::make_shared<const rules::Policy>(std::move(policy))) {}

std::shared_ptr<const rules::Policy> RulesContext::policy() const {
  const std::lock_guard lock(mutex_);
  return policy_;
}

Hash256 RulesContext::policy_hash() const { return rules::policy_hash(*policy()); }

void RulesContext::set_policy(rules::Policy policy) {
  auto next = std::make_shared<const rules::Policy>(std::move(policy));
  const std::lock_guard lock(mutex_);
  policy_ = std::move(next);
}

rules::Record RulesContext::record(rules::Ledger ledger) const {
  const std::lock_guard lock(mutex_);
  return ledgers_.get(ledger);
}

bool LedgerRules::set_head(ByteView record, ByteView signatures) {
  auto decoded = rules::decode_record(ledger_, record);
  if (!decoded.ok()) return false;
  if (!signatures.empty()) {
    const auto made = rules::decode_signatures(signatures);
    if (!made.ok()) return false;
    rules::attach_signatures(*decoded, *made);
  }
  const std::lock_guard lock(context_.mutex_);
  context_.ledgers_.set(std::move(decoded).value());
  return true;
}

Verdict LedgerRules::judge(const wire::RequestBody& request, const Circumstances& circumstances) {
  const auto policy = context_.policy();
  const rules::Context context{*policy, context_.key_.address, context_.key_.public_key,
                               circumstances.now, circumstances.approvals};
  rules::Decision decision = [&] {
    const std::lock_guard lock(context_.mutex_);
    return rules::decide(context, context_.ledgers_, request);
  }();
  if (!decision.ok()) return Failure{std::move(decision).error()};
  Granted granted;
  if (decision->record) {
    CHECK(rules::ledger_of(*decision->record) == ledger_, "a request went to another ledger");
    granted.record = rules::encode_record(*decision->record);
  }
  for (const rules::SignatureSlot& slot : decision->slots) {
    granted.slots.push_back({slot.purpose, slot.digest, slot.known});
  }
  granted.timestamp = decision->timestamp;
  for (const rules::Alarm alarm : decision->alarms) {
    granted.alarms.emplace_back(rules::alarm_name(alarm));
  }
  return granted;
}

Bytes LedgerRules::encode_signatures(std::span<const Slot> signatures) {
  std::vector<rules::MadeSignature> made;
  for (const Slot& slot : signatures) made.push_back({slot.purpose, slot.digest, *slot.known});
  return rules::encode_signatures(made);
}

// Only heights reveal this digest, and anybody can compute it: it says that there was nothing to
// promise at that height, and no record can contradict it.
std::optional<pkcs11::SigningRequest> LedgerRules::foresee() {
  if (ledger_ != rules::Ledger::kConsensus) return std::nullopt;
  const auto policy = context_.policy();
  if (!policy->consensus.votes || !policy->vote_extension.enabled) return std::nullopt;
  std::int64_t height = 0;
  {
    const std::lock_guard lock(context_.mutex_);
    height = context_.ledgers_.consensus.height + 1;
  }
  const std::uint64_t compact_from = policy->vote_extension.compact_from_height;
  const bool is_compact = compact_from != 0 && static_cast<std::uint64_t>(height) >= compact_from;
  const Bytes dummy =
      wire::plain_dummy(is_compact ? wire::ExtensionForm::kCompact : wire::ExtensionForm::kBanner,
                        height, policy->consensus.chain_id);
  const ByteView view = dummy;
  pkcs11::SigningRequest request{pkcs11::SigningPurpose::kPlainExtension, {}};
  accel::scalar_hasher().keccak256_batch({&view, 1}, {&request.digest, 1});
  return request;
}

}  // namespace buri::hsm::signer
