#include "hsm/pkcs11/anchor_object.hpp"

#include <algorithm>

#include "base/hex.hpp"

namespace buri::hsm::pkcs11 {
namespace {

/// More objects under one name than crashes can leave behind are somebody's attack or defect.
constexpr std::size_t kMaxObjects = 64;

struct Stored {
  CK_OBJECT_HANDLE object;
  Bytes value;
};

AttributeList identity(const Hash256& name) {
  AttributeList list;
  list.number(CKA_CLASS, CKO_DATA)
      .text(CKA_APPLICATION, "buri")
      .text(CKA_LABEL, "buri anchor " + to_hex(name));
  return list;
}

Result<std::vector<Stored>, CryptokiError> stored_under(Session& session, const Hash256& name) {
  AttributeList wanted = identity(name);
  ASSIGN_OR_RETURN(const auto objects, session.find(wanted, kMaxObjects));
  std::vector<Stored> found;
  for (const CK_OBJECT_HANDLE object : objects) {
    ASSIGN_OR_RETURN(Bytes value, session.attribute(object, CKA_VALUE));
    found.push_back({object, std::move(value)});
  }
  std::ranges::sort(found, {}, &Stored::value);
  return found;
}

}  // namespace

Result<std::optional<Bytes>, CryptokiError> read_anchor_object(Session& session,
                                                               const Hash256& name) {
  ASSIGN_OR_RETURN(const auto found, stored_under(session, name));
  if (found.empty()) return std::optional<Bytes>();
  return std::optional(found.back().value);
}

Result<AnchorStored, CryptokiError> write_anchor_object(Session& session, const Hash256& name,
                                                        ByteView value) {
  ASSIGN_OR_RETURN(const auto old, stored_under(session, name));
  const Bytes wanted(value.begin(), value.end());
  if (!old.empty() && old.back().value > wanted) return AnchorStored::kWouldGoBack;
  if (old.size() == 1 && old.back().value == wanted) return AnchorStored::kStored;
  AttributeList values = identity(name);
  values.flag(CKA_TOKEN, true).flag(CKA_PRIVATE, true).flag(CKA_MODIFIABLE, false);
  values.bytes(CKA_VALUE, value);
  RETURN_IF_ERROR(session.create(values));
  for (const Stored& stored : old) RETURN_IF_ERROR(session.destroy(stored.object));
  return AnchorStored::kStored;
}

}  // namespace buri::hsm::pkcs11
