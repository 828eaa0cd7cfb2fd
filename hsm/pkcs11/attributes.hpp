#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "hsm/pkcs11/cryptoki.hpp"

/// Attribute lists for templates, with the storage that CK_ATTRIBUTE only points to.

namespace buri::hsm::pkcs11 {

/// A template under construction. Owns its values; movable, not copyable.
class AttributeList {
 public:
  AttributeList() = default;
  AttributeList(AttributeList&&) = default;
  AttributeList& operator=(AttributeList&&) = default;

  AttributeList& flag(CK_ATTRIBUTE_TYPE type, bool value);
  AttributeList& number(CK_ATTRIBUTE_TYPE type, CK_ULONG value);
  AttributeList& bytes(CK_ATTRIBUTE_TYPE type, ByteView value);
  AttributeList& text(CK_ATTRIBUTE_TYPE type, std::string_view value) {
    return bytes(type, as_bytes(value));
  }
  AttributeList& mechanisms(std::span<const CK_MECHANISM_TYPE> values);

  /// Valid until the list changes or goes.
  [[nodiscard]] std::span<CK_ATTRIBUTE> view() { return attributes_; }

 private:
  std::vector<Bytes> values_;  // what each holds stays where it is when the vector grows or moves
  std::vector<CK_ATTRIBUTE> attributes_;
};

/// DER of the object identifier 1.3.132.0.10 (SEC 2): CKA_EC_PARAMS of secp256k1. The printable
/// name form is not understood everywhere.
inline constexpr std::array<std::uint8_t, 7> kSecp256k1Params{0x06, 0x05, 0x2b, 0x81,
                                                              0x04, 0x00, 0x0a};

}  // namespace buri::hsm::pkcs11
