#include <algorithm>
#include <array>

#include "hsm/ceremony/verify_context.hpp"
#include "hsm/pkcs11/signature_check.hpp"
#include "hsm/wire/sign_bytes.hpp"

/// The records about device and key, against plan, files and each other.

namespace buri::hsm::ceremony {
namespace {

struct AttributeRule {
  std::string_view name;
  std::string_view value;
  bool hsm_born_only;
};

/// What no key of a ceremony may lack (hsm/pkcs11/key_check.hpp judges the device's own answers).
constexpr auto kAttributeRules = std::to_array<AttributeRule>({
    {"CKA_SENSITIVE", "true", false},
    {"CKA_EXTRACTABLE", "false", false},
    {"CKA_SIGN", "true", false},
    {"CKA_EC_PARAMS", "06052b8104000a", false},
    {"CKA_ALWAYS_SENSITIVE", "true", true},
    {"CKA_NEVER_EXTRACTABLE", "true", true},
    {"CKA_LOCAL", "true", true},
    {"CKA_KEY_GEN_MECHANISM", "0x1040", true},
});

Check check_key(const Plan& plan, const KeyRecord& key) {
  const auto point = point_of(key.public_key);
  if (!point) {
    return Failure{Misfit{kKeyFile, "public_key beginning with 04", to_hex(key.public_key)}};
  }
  const Bytes id = plan.draft.key_source == KeySource::kExisting ? key.id : plan.key_id();
  const KeyRecord expected = make_key_record(plan, id, key.uri, *point);
  const std::string wanted = encode_record(expected);
  if (wanted == encode_record(key)) return Unit{};
  RETURN_IF_ERROR(same(kKeyFile, "address ", expected.address, key.address));
  RETURN_IF_ERROR(same(kKeyFile, "compressed_public_key ", to_hex(expected.compressed_public_key),
                       to_hex(key.compressed_public_key)));
  RETURN_IF_ERROR(same(kKeyFile, "check_value ", expected.check_value, key.check_value));
  RETURN_IF_ERROR(same(kKeyFile, "id ", to_hex(expected.id), to_hex(key.id)));
  return Failure{Misfit{kKeyFile, "ceremony, chain, source and label of the plan", "others"}};
}

Check check_attributes(const Plan& plan, const KeyRecord& key, const AttributeRecord& record) {
  RETURN_IF_ERROR(same(kAttributesFile, "address ", key.address, record.address));
  const bool born = !plan.backs_up();
  RETURN_IF_ERROR(same(kAttributesFile, "require_hsm_born ", born ? "true" : "false",
                       record.require_hsm_born ? "true" : "false"));
  for (const AttributeRule& rule : kAttributeRules) {
    if (rule.hsm_born_only && !born) continue;
    const auto entry = std::ranges::find(record.attributes, rule.name, &AttributeEntry::name);
    RETURN_IF_ERROR(same(kAttributesFile, std::string(rule.name) + " ", std::string(rule.value),
                         entry == record.attributes.end() ? "nothing" : entry->value));
  }
  for (const AttributeEntry& entry : record.attributes) {
    if (entry.verdict == "good" || entry.verdict == "weak" || entry.verdict == "unknown") continue;
    return Failure{
        Misfit{kAttributesFile, entry.name + " with a verdict that may sign", entry.verdict}};
  }
  return Unit{};
}

Check check_proof(const Plan& plan, const KeyRecord& key, const ProofRecord& proof) {
  RETURN_IF_ERROR(same(kProofFile, "chain ", plan.draft.chain, proof.chain));
  RETURN_IF_ERROR(same(kProofFile, "ceremony_id ", plan.ceremony_id, proof.ceremony_id));
  RETURN_IF_ERROR(same(kProofFile, "address ", key.address, proof.address));
  const wire::ProveOfPossession request{proof.chain, proof.ceremony_id, proof.nonce};
  const Bytes bytes =
      wire::possession_sign_bytes(request, pkcs11::address_of(*point_of(key.public_key)));
  RETURN_IF_ERROR(same(kProofFile, "sign_bytes ", to_hex(bytes), to_hex(proof.sign_bytes)));
  return check_possession(kProofFile, plan, key, plan.ceremony_id, proof.nonce, proof.signature);
}

Check check_custody(const Plan& plan, const CustodyRecord& custody) {
  RETURN_IF_ERROR(same(kCustodyFile, "ceremony_id ", plan.ceremony_id, custody.ceremony_id));
  RETURN_IF_ERROR(same(kCustodyFile, "kek_label ", plan.kek_label(), custody.kek_label));
  RETURN_IF_ERROR(same(kCustodyFile, "threshold ", std::to_string(plan.draft.threshold),
                       std::to_string(custody.threshold)));
  const auto custodians = plan.with_role(Role::kCustodian);
  RETURN_IF_ERROR(same(kCustodyFile, "shares: ", std::to_string(custodians.size()),
                       std::to_string(custody.shares.size())));
  for (std::size_t i = 0; i < custodians.size(); ++i) {
    const ShareEntry& share = custody.shares[i];
    const std::string what = "share " + std::to_string(i + 1) + ": ";
    RETURN_IF_ERROR(
        same(kCustodyFile, what + "number ", std::to_string(i + 1), std::to_string(share.number)));
    RETURN_IF_ERROR(same(kCustodyFile, what + "custodian ", custodians[i].name, share.custodian));
    if (!is_check_value(share.check_value)) {
      return Failure{Misfit{kCustodyFile, what + "a check value", share.check_value}};
    }
  }
  if (is_check_value(custody.kek_check_value)) return Unit{};
  return Failure{
      Misfit{kCustodyFile, "kek_check_value of the form XXXX-XXXX-XXXX", custody.kek_check_value}};
}

Check check_backup(const Inspection& inspection, const KeyRecord& key) {
  ASSIGN_OR_RETURN(const auto custody, inspection.record<CustodyRecord>(kCustodyFile));
  RETURN_IF_ERROR(check_custody(inspection.plan, custody));
  ASSIGN_OR_RETURN(const auto backup, inspection.record<BackupRecord>(kBackupFile));
  ASSIGN_OR_RETURN(const Bytes blob, inspection.bytes(kBlobFile));
  RETURN_IF_ERROR(
      same(kBackupFile, "ceremony_id ", inspection.plan.ceremony_id, backup.ceremony_id));
  RETURN_IF_ERROR(same(kBackupFile, "format ", kBackupFormat, backup.format));
  RETURN_IF_ERROR(
      same(kBackupFile, "kek_check_value ", custody.kek_check_value, backup.kek_check_value));
  RETURN_IF_ERROR(
      same(kBackupFile, "public_key ", to_hex(key.public_key), to_hex(backup.public_key)));
  RETURN_IF_ERROR(same(kBlobFile, "SHA-256 ", to_hex(backup.blob_sha256), to_hex(sha256(blob))));
  RETURN_IF_ERROR(same(kBlobFile, "a length in bytes of ", std::to_string(backup.blob_bytes),
                       std::to_string(blob.size())));
  // RFC 5649: whole blocks of 8 bytes; PKCS#8 of a secp256k1 key takes more than 48.
  if (blob.size() % 8 == 0 && blob.size() >= 56) return Unit{};
  return Failure{
      Misfit{kBlobFile, "at least 56 bytes in blocks of 8", std::to_string(blob.size())}};
}

Check check_retirement(const Inspection& inspection, const DeviceRecord& device) {
  ASSIGN_OR_RETURN(const auto record, inspection.record<RetirementRecord>(kRetirementFile));
  RETURN_IF_ERROR(
      same(kRetirementFile, "kek_label ", inspection.plan.kek_label(), record.kek_label));
  RETURN_IF_ERROR(same(kRetirementFile, "token_serial ", device.serial, record.token_serial));
  return same(kRetirementFile, "verified_absent ", "true",
              record.verified_absent ? "true" : "false");
}

}  // namespace

Check check_possession(const std::string& artefact, const Plan& plan, const KeyRecord& key,
                       const std::string& ceremony_id, const Hash256& nonce,
                       const FixedBytes<65>& signature) {
  const auto point = point_of(key.public_key);
  const wire::ProveOfPossession request{plan.draft.chain, ceremony_id, nonce};
  const Hash256 digest =
      keccak256(wire::possession_sign_bytes(request, pkcs11::address_of(*point)));
  if (pkcs11::recovers_to(signature, digest, *point)) return Unit{};
  return Failure{Misfit{artefact, "a signature recovered to " + key.address, "another one"}};
}

Result<KeyRecord, Misfit> check_key_records(const Inspection& inspection) {
  const Plan& plan = inspection.plan;
  ASSIGN_OR_RETURN(const auto software, inspection.record<SoftwareRecord>(kSoftwareFile));
  RETURN_IF_ERROR(same(kSoftwareFile, "program_sha256 ", to_hex(plan.program_sha256),
                       to_hex(software.program_sha256)));
  ASSIGN_OR_RETURN(const auto device, inspection.record<DeviceRecord>(kDeviceFile));
  RETURN_IF_ERROR(
      same(kDeviceFile, "description ", plan.draft.device.description, device.description));
  const bool attested = inspection.manifest.find(kAttestationFile) != nullptr;
  RETURN_IF_ERROR(
      same(kDeviceFile, "attestation ", attested ? kAttestationFile : "none", device.attestation));
  ASSIGN_OR_RETURN(auto key, inspection.record<KeyRecord>(kKeyFile));
  RETURN_IF_ERROR(check_key(plan, key));
  ASSIGN_OR_RETURN(const auto attributes, inspection.record<AttributeRecord>(kAttributesFile));
  RETURN_IF_ERROR(check_attributes(plan, key, attributes));
  ASSIGN_OR_RETURN(const auto proof, inspection.record<ProofRecord>(kProofFile));
  RETURN_IF_ERROR(check_proof(plan, key, proof));
  if (plan.backs_up()) {
    RETURN_IF_ERROR(check_backup(inspection, key));
    RETURN_IF_ERROR(check_retirement(inspection, device));
  }
  return key;
}

}  // namespace buri::hsm::ceremony
