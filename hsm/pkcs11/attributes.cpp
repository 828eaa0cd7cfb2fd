#include "hsm/pkcs11/attributes.hpp"

#include <cstring>

namespace buri::hsm::pkcs11 {

AttributeList::~AttributeList() {
  for (Bytes& value : values_) explicit_bzero(value.data(), value.size());
}

AttributeList& AttributeList::bytes(CK_ATTRIBUTE_TYPE type, ByteView value) {
  Bytes& stored = values_.emplace_back(value.begin(), value.end());
  attributes_.push_back({type, stored.data(), stored.size()});
  return *this;
}

AttributeList& AttributeList::flag(CK_ATTRIBUTE_TYPE type, bool value) {
  const CK_BBOOL byte = value ? CK_TRUE : CK_FALSE;
  return bytes(type, {&byte, 1});
}

AttributeList& AttributeList::number(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  return bytes(type, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
}

AttributeList& AttributeList::mechanisms(std::span<const CK_MECHANISM_TYPE> values) {
  return bytes(CKA_ALLOWED_MECHANISMS,
               {reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()});
}

}  // namespace buri::hsm::pkcs11
