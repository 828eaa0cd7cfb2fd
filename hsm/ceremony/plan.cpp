#include "hsm/ceremony/plan.hpp"

#include <algorithm>
#include <set>

#include "hsm/ceremony/record_json.hpp"
#include "hsm/pkcs11/profile.hpp"
#include "hsm/pkcs11/uri.hpp"

namespace buri::hsm::ceremony {
namespace {

constexpr std::size_t kMaxCustodians = 15;
constexpr std::size_t kMaxParticipants = 64;

Failure<JsonError> wrong(std::string path, std::string expected, std::string found) {
  return Failure{JsonError{std::move(path), std::move(expected), std::move(found)}};
}

std::size_t count(const PlanDraft& draft, Role role) {
  return static_cast<std::size_t>(std::ranges::count(draft.participants, role, &Participant::role));
}

Status<JsonError> check_texts(const PlanDraft& draft) {
  const std::pair<const char*, const std::string*> texts[] = {
      {"title", &draft.title},
      {"place", &draft.place},
      {"chain", &draft.chain},
      {"key_label", &draft.key_label},
      {"device.description", &draft.device.description}};
  for (const auto& [path, text] : texts) {
    if (text->empty()) return wrong(path, "some text", "none");
  }
  if (draft.chain.size() > 64) return wrong("chain", "at most 64 bytes", draft.chain);
  return Unit{};
}

Status<JsonError> check_device(const PlannedDevice& device) {
  const auto uri = pkcs11::parse_key_uri(device.uri);
  if (!uri.ok()) return wrong("device.uri", "a PKCS#11 URI", pkcs11::describe(uri.error()));
  if (!uri->token || !uri->module_path) {
    return wrong("device.uri", "a URI with token and module-path", "one without");
  }
  if (uri->object || uri->id || uri->pin_path) {
    return wrong("device.uri", "a URI of the token alone", "one with object, id or pin-source");
  }
  if (!device.profile.empty() && pkcs11::find_profile(device.profile) == nullptr) {
    return wrong("device.profile", "a profile that buri knows", device.profile);
  }
  return Unit{};
}

/// Who may not be the same person.
Status<JsonError> check_separation(const PlanDraft& draft) {
  std::set<std::pair<Role, std::string>> seen;
  for (std::size_t i = 0; i < draft.participants.size(); ++i) {
    const Participant& person = draft.participants[i];
    const std::string path = "participants[" + std::to_string(i) + "]";
    if (person.name.empty()) return wrong(path + ".name", "a name", "none");
    if (!seen.insert({person.role, person.name}).second) {
      return wrong(path, "nobody twice in a role", person.name);
    }
    if (!person.signing_key.empty() && !fixed_from_hex<32>(person.signing_key)) {
      return wrong(path + ".signing_key", "64 hex digits of an Ed25519 key", person.signing_key);
    }
    for (const Participant& other : draft.participants) {
      if (other.name != person.name || other.role == person.role) continue;
      const bool two_roles = person.role == Role::kSecurityOfficer && other.role == Role::kKeyUser;
      if (two_roles) return wrong(path, "a security officer who is no key user", person.name);
      if (person.role == Role::kWitness) {
        return wrong(path, "a witness without another role", person.name);
      }
    }
  }
  return Unit{};
}

Status<JsonError> check_numbers(const PlanDraft& draft) {
  if (draft.participants.size() > kMaxParticipants) {
    return wrong("participants", "at most 64", std::to_string(draft.participants.size()));
  }
  for (const Role role :
       {Role::kAdministrator, Role::kSecurityOfficer, Role::kKeyUser, Role::kWitness}) {
    const std::size_t have = count(draft, role);
    const bool one = role == Role::kAdministrator;
    if (have == 0 || (one && have > 1)) {
      return wrong("participants",
                   (one ? "one " : "at least one ") +
                       std::string(kRoleNames[static_cast<std::size_t>(role)]),
                   std::to_string(have));
    }
  }
  const std::size_t custodians = count(draft, Role::kCustodian);
  if (draft.key_source != KeySource::kBackedUp) {
    if (draft.threshold == 0 && custodians == 0) return Unit{};
    return wrong("threshold", "no threshold and no custodian without a backup",
                 std::to_string(draft.threshold) + " of " + std::to_string(custodians));
  }
  if (draft.threshold >= 2 && draft.threshold <= custodians && custodians <= kMaxCustodians) {
    return Unit{};
  }
  return wrong("threshold", "from 2 to the number of custodians, who are at most 15",
               std::to_string(draft.threshold) + " of " + std::to_string(custodians));
}

Status<JsonError> check_draft(const PlanDraft& draft) {
  RETURN_IF_ERROR(check_texts(draft));
  RETURN_IF_ERROR(check_device(draft.device));
  RETURN_IF_ERROR(check_numbers(draft));
  return check_separation(draft);
}

}  // namespace

std::vector<Participant> Plan::with_role(Role role) const {
  std::vector<Participant> found;
  for (const Participant& person : draft.participants) {
    if (person.role == role) found.push_back(person);
  }
  return found;
}

Bytes Plan::key_id() const {
  const Hash256 digest = sha256(as_bytes("BURI-CEREMONY-KEY" + ceremony_id));
  return {digest.bytes.begin(), digest.bytes.begin() + 20};
}

Result<PlanDraft, JsonError> decode_draft(std::string_view text) {
  ASSIGN_OR_RETURN(PlanDraft draft, decode_loose_record<PlanDraft>(text));
  RETURN_IF_ERROR(check_draft(draft));
  return draft;
}

Result<Plan, JsonError> decode_plan(std::string_view text) {
  ASSIGN_OR_RETURN(Plan plan, decode_record<Plan>(text));
  const auto rules = check_draft(plan.draft);
  if (!rules.ok()) {
    return wrong("plan." + rules.error().path, rules.error().expected, rules.error().found);
  }
  const bool id_fits = plan.ceremony_id.size() <= 64 &&
                       plan.ceremony_id.find_first_not_of(
                           "0123456789abcdefghijklmnopqrstuvwxyz-") == std::string::npos;
  if (plan.ceremony_id.empty() || !id_fits) {
    return wrong("ceremony_id", "1 to 64 of a-z, 0-9 and -", plan.ceremony_id);
  }
  if (!is_utc_text(plan.drawn_up)) return wrong("drawn_up", "a time in UTC", plan.drawn_up);
  return plan;
}

std::string encode_plan(const Plan& plan) { return encode_record(plan); }

Plan make_plan(PlanDraft draft, const Hash256& program_sha256, const Clock& clock, Random& random,
               std::string_view prefix) {
  const std::string now = utc_text(clock.wall());
  FixedBytes<8> tail;
  random.fill({tail.data(), tail.size()});
  const std::string day = now.substr(0, 4) + now.substr(5, 2) + now.substr(8, 2);
  return {std::string(prefix) + day + "-" + to_hex(tail), now, program_sha256, std::move(draft)};
}

PlanDraft example_draft() {
  PlanDraft draft;
  draft.title = "Validator key of Example Ltd";
  draft.place = "Vault 2, Zurich";
  draft.chain = "heimdallv2-137";
  draft.key_source = KeySource::kBackedUp;
  draft.key_label = "validator";
  draft.threshold = 2;
  draft.device = {"SoftHSM 2.6.1, for rehearsals; no certificate",
                  "pkcs11:token=polval?module-path=/usr/lib/softhsm/libsofthsm2.so",
                  "softhsm",
                  {"SOFTHSM2_CONF"}};
  draft.participants = {{Role::kAdministrator, "Ada Administrator", ""},
                        {Role::kSecurityOfficer, "Oskar Officer", ""},
                        {Role::kKeyUser, "Ulla User", ""},
                        {Role::kWitness, "Wim Witness", ""},
                        {Role::kCustodian, "Carla Custodian", ""},
                        {Role::kCustodian, "Cem Custodian", ""},
                        {Role::kCustodian, "Chiara Custodian", ""}};
  return draft;
}

}  // namespace buri::hsm::ceremony
