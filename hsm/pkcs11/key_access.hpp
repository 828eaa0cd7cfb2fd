#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "hsm/pkcs11/key_check.hpp"
#include "hsm/pkcs11/login.hpp"
#include "hsm/pkcs11/recovery.hpp"

/// The key as all sessions of one process see it, and the rungs of the recovery ladder that a
/// process can climb by itself.

namespace buri::hsm::pkcs11 {

/// A handle is good for the login it was found under: after a logout the old number stays invalid
/// for ever, even if the object is there again under another one.
struct ObjectRef {
  CK_OBJECT_HANDLE handle = CK_INVALID_HANDLE;
  std::uint64_t epoch = 0;
};

/// The login and the key handle of a process. Thread-safe; each thread brings its own session.
class KeyAccess {
 public:
  KeyAccess(std::shared_ptr<const Module> module, Token token, KeyUri uri,
            const VendorProfile& profile, PinReader read_pin, LoginRules login_rules);

  [[nodiscard]] const VendorProfile& profile() const { return profile_; }
  [[nodiscard]] ObjectRef key() const;
  /// Opens a session for the calling thread.
  [[nodiscard]] Result<Session, CryptokiError> open_session() const;
  /// Takes the handle that was found and checked at the start. Call before any other thread.
  void adopt(CK_OBJECT_HANDLE handle);
  /// Logs in and finds the key, unless another thread has done so since `stale` was read.
  Result<ObjectRef, CryptokiError> renew(Session& session, const ObjectRef& stale);

 private:
  std::shared_ptr<const Module> module_;
  Token token_;
  KeyUri uri_;
  const VendorProfile& profile_;
  PinReader read_pin_;
  LoginRules login_rules_;
  mutable std::mutex mutex_;
  ObjectRef key_;  // guarded by mutex_
};

/// Why a signature did not come, after the last rung that was tried.
struct SessionFailure {
  CryptokiError call;
  bool too_late = false;  ///< the deadline passed between two rungs
};

/// One thread's session and its climb. Not thread-safe; belongs to the thread that made it.
class SessionSigner {
 public:
  /// What it took to answer, for logs and metrics.
  struct Effort {
    Rung highest = Rung::kNone;
    std::chrono::nanoseconds in_device{0};
  };

  SessionSigner(KeyAccess& access, Session session, Logger logger);

  /// The raw answer of the device to C_Sign, climbing the ladder up to kLoginAndFind. Between two
  /// rungs the deadline is looked at; a call that hangs is the parent's business.
  Result<Bytes, SessionFailure> sign(const Hash256& digest, MonotonicTime deadline);
  [[nodiscard]] const Effort& effort() const { return effort_; }

  /// Begins a signature ahead of its digest, so that sign() has less to do. Failing costs nothing:
  /// sign() then begins by itself.
  void prepare();
  /// The session with no signature begun in it, for calls of another kind.
  Result<Session*, CryptokiError> idle_session();

 private:
  Result<Bytes, CryptokiError> attempt(const Hash256& digest);
  Status<CryptokiError> climb(Rung rung);
  Status<CryptokiError> replace_session();

  KeyAccess& access_;
  Session session_;
  ObjectRef key_;
  Logger logger_;
  Effort effort_;
};

}  // namespace buri::hsm::pkcs11
