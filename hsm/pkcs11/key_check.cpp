#include "hsm/pkcs11/key_check.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/hex.hpp"

namespace buri::hsm::pkcs11 {
namespace {

/// When an attribute must have its value.
enum class Need : std::uint8_t { kAlways, kAlwaysIfTold, kIfHsmBorn, kWished };

struct FlagRule {
  CK_ATTRIBUTE_TYPE type;
  std::string_view name;
  bool wanted;
  Need need;
};

constexpr auto kFlagRules = std::to_array<FlagRule>({
    {CKA_SENSITIVE, "CKA_SENSITIVE", true, Need::kAlways},
    {CKA_EXTRACTABLE, "CKA_EXTRACTABLE", false, Need::kAlways},
    {CKA_SIGN, "CKA_SIGN", true, Need::kAlways},
    {CKA_ALWAYS_AUTHENTICATE, "CKA_ALWAYS_AUTHENTICATE", false, Need::kAlwaysIfTold},
    {CKA_ALWAYS_SENSITIVE, "CKA_ALWAYS_SENSITIVE", true, Need::kIfHsmBorn},
    {CKA_NEVER_EXTRACTABLE, "CKA_NEVER_EXTRACTABLE", true, Need::kIfHsmBorn},
    {CKA_LOCAL, "CKA_LOCAL", true, Need::kIfHsmBorn},
    {CKA_TOKEN, "CKA_TOKEN", true, Need::kWished},
    {CKA_PRIVATE, "CKA_PRIVATE", true, Need::kWished},
    {CKA_DECRYPT, "CKA_DECRYPT", false, Need::kWished},
    {CKA_UNWRAP, "CKA_UNWRAP", false, Need::kWished},
    {CKA_SIGN_RECOVER, "CKA_SIGN_RECOVER", false, Need::kWished},
    {CKA_DERIVE, "CKA_DERIVE", false, Need::kWished},
    {CKA_MODIFIABLE, "CKA_MODIFIABLE", false, Need::kWished},
    {CKA_COPYABLE, "CKA_COPYABLE", false, Need::kWished},
    {CKA_DESTROYABLE, "CKA_DESTROYABLE", false, Need::kWished},
    {CKA_WRAP_WITH_TRUSTED, "CKA_WRAP_WITH_TRUSTED", true, Need::kWished},
});

AttributeVerdict judge(bool told, bool fits, Need need, bool require_hsm_born) {
  if (told && fits) return AttributeVerdict::kGood;
  const bool must = need == Need::kAlways || (need == Need::kAlwaysIfTold && told) ||
                    (need == Need::kIfHsmBorn && require_hsm_born);
  if (must) return AttributeVerdict::kRefused;
  return told ? AttributeVerdict::kWeak : AttributeVerdict::kUnknown;
}

AttributeReading read_flag(Session& session, CK_OBJECT_HANDLE key, const FlagRule& rule,
                           bool require_hsm_born) {
  const auto value = session.attribute(key, rule.type);
  const bool told = value.ok() && value->size() == 1;
  const bool set = told && value->front() != CK_FALSE;
  return {
      rule.name,
      told ? (set ? "true" : "false") : (value.ok() ? "malformed" : rv_name(value.error().code)),
      judge(told, set == rule.wanted, rule.need, require_hsm_born)};
}

AttributeReading read_mechanism(Session& session, CK_OBJECT_HANDLE key, bool require_hsm_born) {
  const auto value = session.attribute(key, CKA_KEY_GEN_MECHANISM);
  const bool told = value.ok() && value->size() == sizeof(CK_ULONG);
  CK_ULONG number = 0;
  if (told) std::memcpy(&number, value->data(), sizeof number);
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "0x%lx", number);
  return {"CKA_KEY_GEN_MECHANISM",
          told ? text.data() : (value.ok() ? "malformed" : rv_name(value.error().code)),
          judge(told, number == CKM_EC_KEY_PAIR_GEN, Need::kIfHsmBorn, require_hsm_born)};
}

AttributeReading read_curve(Session& session, CK_OBJECT_HANDLE key) {
  const auto value = session.attribute(key, CKA_EC_PARAMS);
  const bool fits = value.ok() && equal(*value, kSecp256k1Params);
  return {"CKA_EC_PARAMS", value.ok() ? to_hex(*value) : rv_name(value.error().code),
          judge(value.ok(), fits, Need::kAlways, true)};
}

std::optional<PublicPoint> point_of(Session& session, CK_OBJECT_HANDLE object) {
  const auto value = session.attribute(object, CKA_EC_POINT);
  return value.ok() ? decode_ec_point(*value) : std::nullopt;
}

/// The point of the public key object that shares `type` (CKA_ID or CKA_LABEL) with the key.
std::optional<PublicPoint> point_of_twin(Session& session, CK_OBJECT_HANDLE private_key,
                                         CK_ATTRIBUTE_TYPE type) {
  const auto value = session.attribute(private_key, type);
  if (!value.ok() || value->empty()) return std::nullopt;
  AttributeList wanted;
  wanted.number(CKA_CLASS, CKO_PUBLIC_KEY).number(CKA_KEY_TYPE, CKK_EC).bytes(type, *value);
  const auto found = session.find(wanted, 2);
  if (!found.ok() || found->size() != 1) return std::nullopt;
  return point_of(session, found->front());
}

}  // namespace

Result<CK_OBJECT_HANDLE, KeyError> find_private_key(Session& session, const KeyUri& uri) {
  if (!uri.object && !uri.id) {
    return Failure{KeyError{{}, "The URI names no key: give object or id."}};
  }
  AttributeList wanted;
  wanted.number(CKA_CLASS, CKO_PRIVATE_KEY).number(CKA_KEY_TYPE, CKK_EC);
  if (uri.object) wanted.text(CKA_LABEL, *uri.object);
  if (uri.id) wanted.bytes(CKA_ID, *uri.id);
  const auto found = session.find(wanted, 16);
  if (!found.ok()) {
    return Failure{KeyError{found.error(), "The token does not search its keys."}};
  }
  if (found->size() == 1) return found->front();
  if (found->empty()) {
    return Failure{KeyError{{}, "No private EC key on the token matches the URI."}};
  }
  return Failure{KeyError{{},
                          std::to_string(found->size()) +
                              " private keys match the URI; exactly one may. Someone made a "
                              "second key of the same name."}};
}

std::vector<AttributeReading> read_attributes(Session& session, CK_OBJECT_HANDLE private_key,
                                              bool require_hsm_born) {
  std::vector<AttributeReading> readings;
  for (const FlagRule& rule : kFlagRules) {
    readings.push_back(read_flag(session, private_key, rule, require_hsm_born));
  }
  readings.push_back(read_mechanism(session, private_key, require_hsm_born));
  readings.push_back(read_curve(session, private_key));
  return readings;
}

Status<KeyError> check_attributes(const std::vector<AttributeReading>& readings) {
  std::string refused;
  for (const AttributeReading& reading : readings) {
    if (reading.verdict != AttributeVerdict::kRefused) continue;
    refused += (refused.empty() ? "" : ", ") + std::string(reading.name) + " is " + reading.value;
  }
  if (refused.empty()) return Unit{};
  return Failure{KeyError{{}, "The key may not sign: " + refused + "."}};
}

std::optional<PublicPoint> decode_ec_point(ByteView value) {
  constexpr std::size_t kRaw = 65;
  if (value.size() == kRaw + 2 && value[0] == 0x04 && value[1] == kRaw) value = value.subspan(2);
  if (value.size() != kRaw || value[0] != 0x04) return std::nullopt;
  return PublicPoint::from(value.subspan(1));
}

std::optional<PublicPoint> read_public_point(Session& session, CK_OBJECT_HANDLE private_key,
                                             PointSource first) {
  if (first == PointSource::kPrivateObject) {
    if (auto point = point_of(session, private_key)) return point;
  }
  for (const CK_ATTRIBUTE_TYPE type : {CKA_ID, CKA_LABEL}) {
    if (auto point = point_of_twin(session, private_key, type)) return point;
  }
  return point_of(session, private_key);
}

}  // namespace buri::hsm::pkcs11
