#pragma once

#include <string>

#include "hsm/pkcs11/key_generation.hpp"

/// Backup of a validator key: wrapped (RFC 5649, CKM_AES_KEY_WRAP_PAD) under a key-encryption key
/// that the security officer made and marked trusted, so that the user alone can never take the key
/// out. Restored, it must sign as the same public key before anything final is made of it.

namespace buri::hsm::pkcs11 {

/// Bytes of an AES-256 key-encryption key.
inline constexpr std::size_t kKekBytes = 32;

/// Makes a trusted key-encryption key of known bytes, which the ceremony splits among custodians:
/// wraps and unwraps, and neither encrypts nor decrypts; sensitive, not extractable, trusted.
/// REQUIRES: a read-write session with the security officer logged in, on a device that accepts
/// CKA_TRUSTED. Wipes nothing: `key` is the caller's.
Result<CK_OBJECT_HANDLE, KeyError> create_trusted_kek(Session& officer_session,
                                                      const std::string& label, ByteView key);

/// As create_trusted_kek, of bytes that nobody ever knows.
Result<CK_OBJECT_HANDLE, KeyError> generate_trusted_kek(Session& officer_session,
                                                        const std::string& label);

/// The one AES key of that label.
Result<CK_OBJECT_HANDLE, KeyError> find_kek(Session& session, const std::string& label);

/// Refuses a key that is not trusted, not sensitive, extractable or modifiable, does not wrap, or
/// that also encrypts or decrypts: with WRAP and DECRYPT together anyone with the user PIN opens
/// the blob by decrypting it.
Status<KeyError> check_kek(Session& session, CK_OBJECT_HANDLE kek);

/// Wraps a key after check_kek. The blob is PKCS#8 inside RFC 5649.
Result<Bytes, KeyError> wrap_signing_key(Session& session, CK_OBJECT_HANDLE kek,
                                         CK_OBJECT_HANDLE key);

/// Restores a key: unwraps it as a session object, proves that it signs as `point`, and only then
/// unwraps it as a final token key (with its public half) and proves that again. Any error of the
/// device is fatal: devices do not agree on what a damaged blob is called.
Result<GeneratedKey, KeyError> unwrap_signing_key(Session& session, CK_OBJECT_HANDLE kek,
                                                  ByteView blob, const KeyPlan& plan,
                                                  const PublicPoint& point);

}  // namespace buri::hsm::pkcs11
