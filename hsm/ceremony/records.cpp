#include "hsm/ceremony/records.hpp"

#include <algorithm>

#include "hsm/pkcs11/signature_check.hpp"

namespace buri::hsm::ceremony {
namespace {

std::string verdict_name(pkcs11::AttributeVerdict verdict) {
  switch (verdict) {
    case pkcs11::AttributeVerdict::kGood:
      return "good";
    case pkcs11::AttributeVerdict::kWeak:
      return "weak";
    case pkcs11::AttributeVerdict::kUnknown:
      return "unknown";
    case pkcs11::AttributeVerdict::kRefused:
      break;
  }
  return "refused";
}

}  // namespace

FixedBytes<65> uncompressed(const pkcs11::PublicPoint& point) {
  FixedBytes<65> key;
  key.bytes[0] = 0x04;
  std::ranges::copy(point.bytes, key.bytes.begin() + 1);
  return key;
}

FixedBytes<33> compressed(const pkcs11::PublicPoint& point) {
  FixedBytes<33> key;
  key.bytes[0] = static_cast<std::uint8_t>(0x02 + (point.bytes[63] & 1));
  std::copy_n(point.bytes.begin(), 32, key.bytes.begin() + 1);
  return key;
}

std::optional<pkcs11::PublicPoint> point_of(const FixedBytes<65>& public_key) {
  if (public_key.bytes[0] != 0x04) return std::nullopt;
  return pkcs11::PublicPoint::from(ByteView(public_key).subspan(1));
}

std::string address_text(const pkcs11::PublicPoint& point) {
  return pkcs11::checksummed_address(pkcs11::address_of(point));
}

KeyRecord make_key_record(const Plan& plan, const Bytes& id, const std::string& uri,
                          const pkcs11::PublicPoint& point) {
  const FixedBytes<65> public_key = uncompressed(point);
  return {plan.ceremony_id,
          plan.draft.chain,
          std::string(kKeySourceNames[static_cast<std::size_t>(plan.draft.key_source)]),
          plan.draft.key_label,
          id,
          uri,
          public_key,
          compressed(point),
          address_text(point),
          check_value(sha256(public_key))};
}

AttributeRecord make_attribute_record(const std::vector<pkcs11::AttributeReading>& readings,
                                      const pkcs11::PublicPoint& point, bool require_hsm_born) {
  AttributeRecord record{address_text(point), require_hsm_born, {}};
  for (const pkcs11::AttributeReading& reading : readings) {
    record.attributes.push_back(
        {std::string(reading.name), reading.value, verdict_name(reading.verdict)});
  }
  return record;
}

}  // namespace buri::hsm::ceremony
