#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "hsm/ceremony/text.hpp"

/// What a ceremony is to do, written down before it: who takes part, on which device, which key,
/// how many shares. People write a draft; `buri ceremony plan` makes the plan of it, which also
/// names this one ceremony and the program that must hold it. Formats: docs/formats/ceremony.md.

namespace buri::hsm::ceremony {

/// Where the private key comes from.
enum class KeySource : std::uint8_t {
  kBackedUp,    ///< made in the device as a session object, wrapped once, restored from that backup
  kDeviceOnly,  ///< made in the device; no backup exists
  kExisting,    ///< made by the vendor's tools; only looked at and proved
};
inline constexpr std::array<std::string_view, 3> kKeySourceNames{"backed-up", "device-only",
                                                                 "existing"};

enum class Role : std::uint8_t {
  kAdministrator,    ///< reads the script aloud and types
  kSecurityOfficer,  ///< holds the security officer's PIN
  kKeyUser,          ///< holds the user PIN
  kWitness,          ///< watches, draws the nonce, compares hashes
  kCustodian,        ///< takes one share away
  kObserver,
};
inline constexpr std::array<std::string_view, 6> kRoleNames{
    "administrator", "security-officer", "key-user", "witness", "custodian", "observer"};

struct Participant {
  Role role{};
  std::string name;
  std::string signing_key;  ///< Ed25519 in hex: must sign the manifest; empty: signs on paper

  friend bool operator==(const Participant&, const Participant&) = default;
};

struct PlannedDevice {
  std::string description;               ///< for people: model, certificate, place
  std::string uri;                       ///< token and module-path, no key (hsm/pkcs11/uri.hpp)
  std::string profile;                   ///< of the vendor; empty: guessed from the token
  std::vector<std::string> environment;  ///< variables that the vendor's module needs

  friend bool operator==(const PlannedDevice&, const PlannedDevice&) = default;
};

/// What people write.
struct PlanDraft {
  std::string title;
  std::string place;
  std::string chain;  ///< "heimdallv2-137": stands in the proof of possession
  KeySource key_source{};
  std::string key_label;
  std::uint64_t threshold = 0;  ///< custodians who together restore the key; 0 without a backup
  PlannedDevice device;
  std::vector<Participant> participants;

  friend bool operator==(const PlanDraft&, const PlanDraft&) = default;
};

/// The draft, and what makes it this ceremony.
struct Plan {
  std::string ceremony_id;  ///< "20261126-0a1b2c3d4e5f6071", or "dry-run-" and that
  std::string drawn_up;     ///< UTC
  Hash256 program_sha256;   ///< of the executable that made the plan and must hold the ceremony
  PlanDraft draft;

  [[nodiscard]] bool backs_up() const { return draft.key_source == KeySource::kBackedUp; }
  /// The participants of a role, in order.
  [[nodiscard]] std::vector<Participant> with_role(Role role) const;
  /// CKA_ID of the key: the first 20 bytes of SHA-256("BURI-CEREMONY-KEY" and the ceremony's id),
  /// known before the key is, so that an interrupted ceremony finds its own key again.
  [[nodiscard]] Bytes key_id() const;
  /// Label of the key-encryption key: no other ceremony uses it.
  [[nodiscard]] std::string kek_label() const { return "buri-kek-" + ceremony_id; }

  friend bool operator==(const Plan&, const Plan&) = default;
};

template <class Visitor>
void describe_fields(Visitor& visit, Participant& participant) {
  visit.choice("role", participant.role, kRoleNames);
  visit.field("name", participant.name);
  visit.optional_field("signing_key", participant.signing_key);
}
template <class Visitor>
void describe_fields(Visitor& visit, PlannedDevice& device) {
  visit.field("description", device.description);
  visit.field("uri", device.uri);
  visit.optional_field("profile", device.profile);
  visit.optional_field("environment", device.environment);
}
template <class Visitor>
void describe_fields(Visitor& visit, PlanDraft& draft) {
  visit.field("title", draft.title);
  visit.field("place", draft.place);
  visit.field("chain", draft.chain);
  visit.choice("key_source", draft.key_source, kKeySourceNames);
  visit.field("key_label", draft.key_label);
  visit.optional_field("threshold", draft.threshold);
  visit.field("device", draft.device);
  visit.field("participants", draft.participants);
}
template <class Visitor>
void describe_fields(Visitor& visit, Plan& plan) {
  visit.field("ceremony_id", plan.ceremony_id);
  visit.field("drawn_up", plan.drawn_up);
  visit.field("program_sha256", plan.program_sha256);
  visit.field("plan", plan.draft);
}

/// The rules of a draft: texts not empty, one administrator, at least one security officer, key
/// user and witness; nobody twice in a role; security officers are no key users, witnesses have no
/// other role; with a backup 2 <= threshold <= custodians <= 15, else neither.
Result<PlanDraft, JsonError> decode_draft(std::string_view text);
/// A plan as encode_plan() writes it.
Result<Plan, JsonError> decode_plan(std::string_view text);
std::string encode_plan(const Plan& plan);

/// Gives a draft its identity. `prefix` begins the ceremony's id.
Plan make_plan(PlanDraft draft, const Hash256& program_sha256, const Clock& clock, Random& random,
               std::string_view prefix = "");

/// A draft to start from: 2 of 3 custodians, SoftHSM.
PlanDraft example_draft();

}  // namespace buri::hsm::ceremony
