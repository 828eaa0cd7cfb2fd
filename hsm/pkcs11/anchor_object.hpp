#pragma once

#include <optional>

#include "hsm/pkcs11/session.hpp"
#include "hsm/pkcs11/signing_device.hpp"

/// Small values in data objects of the token (CKO_DATA, private), for the sign-state's rollback
/// anchor. Objects are never changed in place, which some tokens cannot: the new one is made, then
/// the old ones are destroyed. After a crash between the two the greater value counts.

namespace buri::hsm::pkcs11 {

/// The greatest value stored under `name`, bytewise; nothing if there is none.
Result<std::optional<Bytes>, CryptokiError> read_anchor_object(Session& session,
                                                               const Hash256& name);

enum class AnchorStored : std::uint8_t {
  kStored,
  kWouldGoBack,  ///< a greater value is stored; nothing was changed
};

/// Stores `value` under `name`. REQUIRES: a read-write session; 1 to kMaxAnchorBytes bytes.
Result<AnchorStored, CryptokiError> write_anchor_object(Session& session, const Hash256& name,
                                                        ByteView value);

}  // namespace buri::hsm::pkcs11
