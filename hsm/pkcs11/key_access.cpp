#include "hsm/pkcs11/key_access.hpp"

#include <utility>

namespace buri::hsm::pkcs11 {

KeyAccess::KeyAccess(std::shared_ptr<const Module> module, Token token, KeyUri uri,
                     const VendorProfile& profile, PinReader read_pin, LoginRules login_rules)
    : module_(std::move(module)),
      token_(std::move(token)),
      uri_(std::move(uri)),
      profile_(profile),
      read_pin_(std::move(read_pin)),
      login_rules_(login_rules) {}

ObjectRef KeyAccess::key() const {
  const std::lock_guard lock(mutex_);
  return key_;
}

Result<Session, CryptokiError> KeyAccess::open_session() const {
  return Session::open(module_, token_.slot, SessionMode::kBest);
}

void KeyAccess::adopt(CK_OBJECT_HANDLE handle) {
  const std::lock_guard lock(mutex_);
  key_ = {handle, key_.epoch + 1};
}

Result<ObjectRef, CryptokiError> KeyAccess::renew(Session& session, const ObjectRef& stale) {
  const std::lock_guard lock(mutex_);
  if (key_.epoch != stale.epoch) return key_;
  // The PIN is read for this login and wiped with it. A PIN that came through a pipe is gone: then
  // only the parent can help, with a new process.
  const auto login = log_in_user(session, read_pin_, login_rules_, [] {});
  if (!login.ok()) {
    const CryptokiError& call = login.error().call;
    return Failure{call.code == CKR_OK ? CryptokiError{CKR_USER_NOT_LOGGED_IN, "C_Login"} : call};
  }
  auto found = find_private_key(session, uri_);
  if (!found.ok()) {
    CryptokiError call = found.error().call;
    if (call.code == CKR_OK) call = {CKR_KEY_HANDLE_INVALID, "C_FindObjects"};
    return Failure{call};
  }
  key_ = {*found, key_.epoch + 1};
  return key_;
}

SessionSigner::SessionSigner(KeyAccess& access, Session session, Logger logger)
    : access_(access),
      session_(std::move(session)),
      key_(access.key()),
      logger_(std::move(logger)) {}

Result<Bytes, CryptokiError> SessionSigner::attempt(const Hash256& digest) {
  const MonotonicTime start = system_clock().monotonic();
  const bool was_begun = session_.has_begun();
  auto raw = session_.sign_ecdsa(key_.handle, digest);
  // What was begun may have become stale since, with nothing wrong now: no rung is climbed for it.
  // In a new session, since a module may take the old operation for one under way.
  if (!raw.ok() && was_begun && replace_session().ok()) {
    raw = session_.sign_ecdsa(key_.handle, digest);
  }
  effort_.in_device += system_clock().monotonic() - start;
  return raw;
}

Result<Bytes, SessionFailure> SessionSigner::sign(const Hash256& digest, MonotonicTime deadline) {
  effort_ = {};
  CryptokiError last;
  while (system_clock().monotonic() < deadline) {
    auto raw = attempt(digest);
    if (raw.ok()) return std::move(raw).value();
    last = raw.error();
    // A rung that fails leads to the next one.
    bool stands = false;
    while (!stands) {
      effort_.highest = next_rung(effort_.highest, last.code, access_.profile());
      logger_.warning("a signature needs another try",
                      {{"call", describe(last)}, {"step", rung_name(effort_.highest)}});
      if (effort_.highest == Rung::kRestart) return Failure{SessionFailure{last}};
      const auto climbed = climb(effort_.highest);
      stands = climbed.ok();
      if (!stands) last = climbed.error();
    }
  }
  return Failure{SessionFailure{last, true}};
}

void SessionSigner::prepare() {
  if (!session_.has_begun()) (void)session_.begin_ecdsa(key_.handle);
}

Result<Session*, CryptokiError> SessionSigner::idle_session() {
  if (session_.has_begun()) RETURN_IF_ERROR(replace_session());
  return &session_;
}

Status<CryptokiError> SessionSigner::climb(Rung rung) {
  if (rung == Rung::kNewSession || rung == Rung::kLoginAndFind) RETURN_IF_ERROR(replace_session());
  if (rung == Rung::kLoginAndFind) {
    ASSIGN_OR_RETURN(key_, access_.renew(session_, key_));
  }
  return Unit{};
}

Status<CryptokiError> SessionSigner::replace_session() {
  // The new one first: with the last session of a process its login would go.
  auto fresh = access_.open_session();
  if (fresh.ok()) {
    session_ = std::move(fresh).value();
    return Unit{};
  }
  if (fresh.error().code != CKR_SESSION_COUNT) return Failure{fresh.error()};
  session_.close();
  ASSIGN_OR_RETURN(session_, access_.open_session());
  return Unit{};
}

}  // namespace buri::hsm::pkcs11
