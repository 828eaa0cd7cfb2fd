#pragma once

#include <string>
#include <vector>

#include "hsm/ceremony/plan.hpp"
#include "hsm/ceremony/record_json.hpp"
#include "hsm/pkcs11/key_check.hpp"
#include "hsm/pkcs11/signing_device.hpp"

/// What a ceremony leaves for machines to read: one JSON file per record. None holds a secret; the
/// wrapped key is a file of its own.

namespace buri::hsm::ceremony {

/// software.json: what ran.
struct SoftwareRecord {
  Hash256 program_sha256;
  std::string system;  ///< PRETTY_NAME of os-release
  std::string kernel;
  std::string module_path;
  Hash256 module_sha256;
  std::string module_description;  ///< as the library tells it
};

/// device.json: what it ran on.
struct DeviceRecord {
  std::string description;  ///< of the plan
  std::string token_label;
  std::string serial;
  std::string manufacturer;
  std::string model;
  std::string firmware;
  std::string profile;
  std::string bag;
  std::string attestation;  ///< name of the vendor's file in the folder, or "none"
};

/// One share of the key-encryption key.
struct ShareEntry {
  std::uint64_t number = 0;
  std::string custodian;
  std::string check_value;  ///< of the share
  std::string place;        ///< bag and safe
};

/// custody.json: who holds which share.
struct CustodyRecord {
  std::string ceremony_id;
  std::string kek_label;
  std::string kek_check_value;
  std::uint64_t threshold = 0;
  FixedBytes<16> split_identifier;
  std::vector<ShareEntry> shares;
};

/// backup.json: what backup.kwp is.
struct BackupRecord {
  std::string ceremony_id;
  std::string format;  ///< kBackupFormat
  Hash256 blob_sha256;
  std::uint64_t blob_bytes = 0;
  std::string kek_check_value;
  FixedBytes<65> public_key;  ///< that the unwrapped key must sign as
};
inline constexpr const char* kBackupFormat = "PKCS#8 in RFC 5649 (CKM_AES_KEY_WRAP_PAD, AES-256)";

/// key.json: the key.
struct KeyRecord {
  std::string ceremony_id;
  std::string chain;
  std::string source;  ///< a name of kKeySourceNames
  std::string label;
  Bytes id;  ///< CKA_ID
  std::string uri;
  FixedBytes<65> public_key;
  FixedBytes<33> compressed_public_key;
  std::string address;      ///< EIP-55
  std::string check_value;  ///< first 6 bytes of SHA-256 of the uncompressed public key
};

/// attributes.json: the key's attributes as a fresh login read them.
struct AttributeEntry {
  std::string name;
  std::string value;
  std::string verdict;  ///< "good", "weak" or "unknown"
};
struct AttributeRecord {
  std::string address;
  bool require_hsm_born = false;
  std::vector<AttributeEntry> attributes;
};

/// proof.json: the proof of possession.
struct ProofRecord {
  std::string chain;
  std::string ceremony_id;
  std::string address;
  std::string witness;
  Hash256 nonce;
  Bytes sign_bytes;  ///< wire::possession_sign_bytes()
  FixedBytes<65> signature;
};

/// retirement.json: what does not exist any more.
struct RetirementRecord {
  std::string token_serial;
  std::string kek_label;
  std::uint64_t destroyed = 0;  ///< objects of that label
  bool verified_absent = false;
  std::string at;  ///< UTC
};

/// drill.json: a restore drill.
struct DrillRecord {
  std::string ceremony_id;
  std::string at;  ///< UTC
  std::string token_label;
  std::string serial;
  std::string manufacturer;
  std::string model;
  std::vector<std::uint64_t> shares;  ///< numbers of those that were used
  std::string kek_check_value;
  std::string address;
  Hash256 nonce;
  FixedBytes<65> signature;  ///< of the restored key, as in a proof of possession
  bool key_kept = false;     ///< the device keeps the key
};

template <class Visitor>
void describe_fields(Visitor& visit, SoftwareRecord& record) {
  visit.field("program_sha256", record.program_sha256);
  visit.field("system", record.system);
  visit.field("kernel", record.kernel);
  visit.field("module_path", record.module_path);
  visit.field("module_sha256", record.module_sha256);
  visit.field("module_description", record.module_description);
}
template <class Visitor>
void describe_fields(Visitor& visit, DeviceRecord& record) {
  visit.field("description", record.description);
  visit.field("token_label", record.token_label);
  visit.field("serial", record.serial);
  visit.field("manufacturer", record.manufacturer);
  visit.field("model", record.model);
  visit.field("firmware", record.firmware);
  visit.field("profile", record.profile);
  visit.field("bag", record.bag);
  visit.field("attestation", record.attestation);
}
template <class Visitor>
void describe_fields(Visitor& visit, ShareEntry& entry) {
  visit.field("number", entry.number);
  visit.field("custodian", entry.custodian);
  visit.field("check_value", entry.check_value);
  visit.field("place", entry.place);
}
template <class Visitor>
void describe_fields(Visitor& visit, CustodyRecord& record) {
  visit.field("ceremony_id", record.ceremony_id);
  visit.field("kek_label", record.kek_label);
  visit.field("kek_check_value", record.kek_check_value);
  visit.field("threshold", record.threshold);
  visit.field("split_identifier", record.split_identifier);
  visit.field("shares", record.shares);
}
template <class Visitor>
void describe_fields(Visitor& visit, BackupRecord& record) {
  visit.field("ceremony_id", record.ceremony_id);
  visit.field("format", record.format);
  visit.field("blob_sha256", record.blob_sha256);
  visit.field("blob_bytes", record.blob_bytes);
  visit.field("kek_check_value", record.kek_check_value);
  visit.field("public_key", record.public_key);
}
template <class Visitor>
void describe_fields(Visitor& visit, KeyRecord& record) {
  visit.field("ceremony_id", record.ceremony_id);
  visit.field("chain", record.chain);
  visit.field("source", record.source);
  visit.field("label", record.label);
  visit.field("id", record.id);
  visit.field("uri", record.uri);
  visit.field("public_key", record.public_key);
  visit.field("compressed_public_key", record.compressed_public_key);
  visit.field("address", record.address);
  visit.field("check_value", record.check_value);
}
template <class Visitor>
void describe_fields(Visitor& visit, AttributeEntry& entry) {
  visit.field("name", entry.name);
  visit.field("value", entry.value);
  visit.field("verdict", entry.verdict);
}
template <class Visitor>
void describe_fields(Visitor& visit, AttributeRecord& record) {
  visit.field("address", record.address);
  visit.field("require_hsm_born", record.require_hsm_born);
  visit.field("attributes", record.attributes);
}
template <class Visitor>
void describe_fields(Visitor& visit, ProofRecord& record) {
  visit.field("chain", record.chain);
  visit.field("ceremony_id", record.ceremony_id);
  visit.field("address", record.address);
  visit.field("witness", record.witness);
  visit.field("nonce", record.nonce);
  visit.field("sign_bytes", record.sign_bytes);
  visit.field("signature", record.signature);
}
template <class Visitor>
void describe_fields(Visitor& visit, RetirementRecord& record) {
  visit.field("token_serial", record.token_serial);
  visit.field("kek_label", record.kek_label);
  visit.field("destroyed", record.destroyed);
  visit.field("verified_absent", record.verified_absent);
  visit.field("at", record.at);
}
template <class Visitor>
void describe_fields(Visitor& visit, DrillRecord& record) {
  visit.field("ceremony_id", record.ceremony_id);
  visit.field("at", record.at);
  visit.field("token_label", record.token_label);
  visit.field("serial", record.serial);
  visit.field("manufacturer", record.manufacturer);
  visit.field("model", record.model);
  visit.field("shares", record.shares);
  visit.field("kek_check_value", record.kek_check_value);
  visit.field("address", record.address);
  visit.field("nonce", record.nonce);
  visit.field("signature", record.signature);
  visit.field("key_kept", record.key_kept);
}

// Names of the files.
inline constexpr const char* kPlanFile = "plan.json";
inline constexpr const char* kSoftwareFile = "software.json";
inline constexpr const char* kDeviceFile = "device.json";
inline constexpr const char* kAttestationFile = "attestation.bin";
inline constexpr const char* kCustodyFile = "custody.json";
inline constexpr const char* kBackupFile = "backup.json";
inline constexpr const char* kBlobFile = "backup.kwp";
inline constexpr const char* kKeyFile = "key.json";
inline constexpr const char* kAttributesFile = "attributes.json";
inline constexpr const char* kProofFile = "proof.json";
inline constexpr const char* kRetirementFile = "retirement.json";
inline constexpr const char* kDrillFile = "drill.json";

/// 04 and the point.
FixedBytes<65> uncompressed(const pkcs11::PublicPoint& point);
/// 02 or 03, as Y is even or odd, and X.
FixedBytes<33> compressed(const pkcs11::PublicPoint& point);
/// The point behind 04; nothing if there is another byte.
std::optional<pkcs11::PublicPoint> point_of(const FixedBytes<65>& public_key);

/// "0x" and 40 hex digits, mixed case as EIP-55 has it.
std::string address_text(const pkcs11::PublicPoint& point);

/// The key's record. `uri` names it for the signer.
KeyRecord make_key_record(const Plan& plan, const Bytes& id, const std::string& uri,
                          const pkcs11::PublicPoint& point);

/// Readings of a key that was not refused.
AttributeRecord make_attribute_record(const std::vector<pkcs11::AttributeReading>& readings,
                                      const pkcs11::PublicPoint& point, bool require_hsm_born);

}  // namespace buri::hsm::ceremony
