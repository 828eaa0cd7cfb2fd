#pragma once

#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "hsm/pkcs11/attributes.hpp"
#include "hsm/pkcs11/module.hpp"

/// One session with a token, used by one thread. Two threads in one session crash modules, SoftHSM
/// among them, so every call asserts that it comes from the thread that opened it.

namespace buri::hsm::pkcs11 {

/// A pair of key handles.
struct KeyPairHandles {
  CK_OBJECT_HANDLE public_key = CK_INVALID_HANDLE;
  CK_OBJECT_HANDLE private_key = CK_INVALID_HANDLE;
};

/// kBest is read-write, because some modules know no other sessions and data objects need it; on a
/// write-protected token it is read-only.
enum class SessionMode : std::uint8_t { kReadOnly, kReadWrite, kBest };

/// An open session; closed when it goes. Every call blocks as long as the device does and returns
/// the CK_RV of the call that failed. REQUIRES: calls come from the thread that opened it.
class Session {
 public:
  static Result<Session, CryptokiError> open(std::shared_ptr<const Module> module, CK_SLOT_ID slot,
                                             SessionMode mode);
  Session(Session&& other) noexcept;
  Session& operator=(Session&& other) noexcept;
  ~Session();

  /// C_CloseSession; what it answers is ignored. Later calls fail with CKR_SESSION_HANDLE_INVALID.
  void close();

  /// C_Login; "already logged in" is success. The login holds for all sessions of this process.
  Status<CryptokiError> login(CK_USER_TYPE user, ByteView pin);
  Status<CryptokiError> logout();

  /// The handles that match, at most `limit`.
  Result<std::vector<CK_OBJECT_HANDLE>, CryptokiError> find(AttributeList& wanted,
                                                            std::size_t limit);
  /// The value of one attribute of at most 4 KiB.
  Result<Bytes, CryptokiError> attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
  Status<CryptokiError> set_attributes(CK_OBJECT_HANDLE object, AttributeList& values);

  Result<CK_OBJECT_HANDLE, CryptokiError> create(AttributeList& values);
  Result<CK_OBJECT_HANDLE, CryptokiError> copy(CK_OBJECT_HANDLE object, AttributeList& changes);
  Status<CryptokiError> destroy(CK_OBJECT_HANDLE object);

  Result<KeyPairHandles, CryptokiError> generate_key_pair(CK_MECHANISM_TYPE mechanism,
                                                          AttributeList& public_key,
                                                          AttributeList& private_key);
  Result<CK_OBJECT_HANDLE, CryptokiError> generate_key(CK_MECHANISM_TYPE mechanism,
                                                       AttributeList& values);
  Result<Bytes, CryptokiError> wrap(CK_MECHANISM_TYPE mechanism, CK_OBJECT_HANDLE wrapping_key,
                                    CK_OBJECT_HANDLE key);
  Result<CK_OBJECT_HANDLE, CryptokiError> unwrap(CK_MECHANISM_TYPE mechanism,
                                                 CK_OBJECT_HANDLE unwrapping_key, ByteView wrapped,
                                                 AttributeList& values);

  /// C_SignInit(CKM_ECDSA) ahead of the sign_ecdsa with the same key that is to follow; no other
  /// call but that one is allowed meanwhile.
  Status<CryptokiError> begin_ecdsa(CK_OBJECT_HANDLE key);
  /// Whether a signature was begun and not made yet.
  [[nodiscard]] bool has_begun() const { return begun_.has_value(); }

  /// C_SignInit(CKM_ECDSA), unless begin_ecdsa has called it, and C_Sign over 32 bytes; what the
  /// device returns, as it returns it. After an error an operation may still be active: close this
  /// session.
  Result<Bytes, CryptokiError> sign_ecdsa(CK_OBJECT_HANDLE key, const Hash256& digest);

  /// Flags of C_GetTokenInfo as the token gives them now.
  Result<CK_FLAGS, CryptokiError> token_flags();

 private:
  Session(std::shared_ptr<const Module> module, CK_SLOT_ID slot, CK_SESSION_HANDLE handle);
  /// The functions, after checking the calling thread.
  [[nodiscard]] const CK_FUNCTION_LIST& call() const;

  std::shared_ptr<const Module> module_;
  CK_SLOT_ID slot_;
  CK_SESSION_HANDLE handle_;
  std::thread::id owner_;
  std::optional<CK_OBJECT_HANDLE> begun_;  ///< the key of begin_ecdsa
};

}  // namespace buri::hsm::pkcs11
