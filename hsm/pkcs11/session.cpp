#include "hsm/pkcs11/session.hpp"

#include <array>
#include <utility>

#include "base/check.hpp"

namespace buri::hsm::pkcs11 {
namespace {

/// PKCS#11 takes its inputs through pointers to non-const.
CK_BYTE_PTR input(ByteView bytes) { return const_cast<CK_BYTE_PTR>(bytes.data()); }

CK_ULONG count(AttributeList& list) { return list.view().size(); }

}  // namespace

Result<Session, CryptokiError> Session::open(std::shared_ptr<const Module> module, CK_SLOT_ID slot,
                                             SessionMode mode) {
  const CK_FLAGS writing = mode == SessionMode::kReadOnly ? 0 : CKF_RW_SESSION;
  CK_SESSION_HANDLE handle = CK_INVALID_HANDLE;
  const CK_RV code = module->functions().C_OpenSession(slot, CKF_SERIAL_SESSION | writing, nullptr,
                                                       nullptr, &handle);
  if (code == CKR_TOKEN_WRITE_PROTECTED && mode == SessionMode::kBest) {
    return open(std::move(module), slot, SessionMode::kReadOnly);
  }
  RETURN_IF_ERROR(check_rv(code, "C_OpenSession"));
  return Session(std::move(module), slot, handle);
}

Session::Session(std::shared_ptr<const Module> module, CK_SLOT_ID slot, CK_SESSION_HANDLE handle)
    : module_(std::move(module)),
      slot_(slot),
      handle_(handle),
      owner_(std::this_thread::get_id()) {}

Session::Session(Session&& other) noexcept
    : module_(std::move(other.module_)),
      slot_(other.slot_),
      handle_(std::exchange(other.handle_, CK_INVALID_HANDLE)),
      owner_(other.owner_),
      begun_(std::exchange(other.begun_, std::nullopt)) {}

Session& Session::operator=(Session&& other) noexcept {
  if (this == &other) return *this;
  close();
  module_ = std::move(other.module_);
  slot_ = other.slot_;
  handle_ = std::exchange(other.handle_, CK_INVALID_HANDLE);
  owner_ = other.owner_;
  begun_ = std::exchange(other.begun_, std::nullopt);
  return *this;
}

Session::~Session() { close(); }

void Session::close() {
  // What a dying session answers helps nobody.
  if (handle_ != CK_INVALID_HANDLE) (void)call().C_CloseSession(handle_);
  handle_ = CK_INVALID_HANDLE;
}

const CK_FUNCTION_LIST& Session::call() const {
  CHECK(std::this_thread::get_id() == owner_, "a session is used by the thread that opened it");
  return module_->functions();
}

Status<CryptokiError> Session::login(CK_USER_TYPE user, ByteView pin) {
  const CK_RV code = call().C_Login(handle_, user, input(pin), pin.size());
  if (code == CKR_USER_ALREADY_LOGGED_IN) return Unit{};
  return check_rv(code, "C_Login");
}

Status<CryptokiError> Session::logout() { return check_rv(call().C_Logout(handle_), "C_Logout"); }

Result<std::vector<CK_OBJECT_HANDLE>, CryptokiError> Session::find(AttributeList& wanted,
                                                                   std::size_t limit) {
  const CK_FUNCTION_LIST& functions = call();
  RETURN_IF_ERROR(
      check_rv(functions.C_FindObjectsInit(handle_, wanted.view().data(), count(wanted)),
               "C_FindObjectsInit"));
  std::vector<CK_OBJECT_HANDLE> found(limit);
  std::size_t total = 0;
  CK_RV code = CKR_OK;
  while (total < limit) {
    CK_ULONG more = 0;
    code = functions.C_FindObjects(handle_, found.data() + total, limit - total, &more);
    if (code != CKR_OK || more == 0) break;
    total += std::min<std::size_t>(more, limit - total);
  }
  const CK_RV final_code = functions.C_FindObjectsFinal(handle_);
  RETURN_IF_ERROR(check_rv(code, "C_FindObjects"));
  RETURN_IF_ERROR(check_rv(final_code, "C_FindObjectsFinal"));
  found.resize(total);
  return found;
}

Result<Bytes, CryptokiError> Session::attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  constexpr std::size_t kMaxBytes = 4096;
  Bytes value(kMaxBytes);
  CK_ATTRIBUTE attribute{type, value.data(), value.size()};
  RETURN_IF_ERROR(
      check_rv(call().C_GetAttributeValue(handle_, object, &attribute, 1), "C_GetAttributeValue"));
  if (attribute.ulValueLen > kMaxBytes) {
    return Failure{CryptokiError{CKR_ATTRIBUTE_TYPE_INVALID, "C_GetAttributeValue"}};
  }
  value.resize(attribute.ulValueLen);
  return value;
}

Status<CryptokiError> Session::set_attributes(CK_OBJECT_HANDLE object, AttributeList& values) {
  return check_rv(call().C_SetAttributeValue(handle_, object, values.view().data(), count(values)),
                  "C_SetAttributeValue");
}

Result<CK_OBJECT_HANDLE, CryptokiError> Session::create(AttributeList& values) {
  CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;
  RETURN_IF_ERROR(
      check_rv(call().C_CreateObject(handle_, values.view().data(), count(values), &object),
               "C_CreateObject"));
  return object;
}

Result<CK_OBJECT_HANDLE, CryptokiError> Session::copy(CK_OBJECT_HANDLE object,
                                                      AttributeList& changes) {
  CK_OBJECT_HANDLE twin = CK_INVALID_HANDLE;
  RETURN_IF_ERROR(
      check_rv(call().C_CopyObject(handle_, object, changes.view().data(), count(changes), &twin),
               "C_CopyObject"));
  return twin;
}

Status<CryptokiError> Session::destroy(CK_OBJECT_HANDLE object) {
  return check_rv(call().C_DestroyObject(handle_, object), "C_DestroyObject");
}

Result<KeyPairHandles, CryptokiError> Session::generate_key_pair(CK_MECHANISM_TYPE mechanism,
                                                                 AttributeList& public_key,
                                                                 AttributeList& private_key) {
  CK_MECHANISM how{mechanism, nullptr, 0};
  KeyPairHandles pair;
  RETURN_IF_ERROR(
      check_rv(call().C_GenerateKeyPair(handle_, &how, public_key.view().data(), count(public_key),
                                        private_key.view().data(), count(private_key),
                                        &pair.public_key, &pair.private_key),
               "C_GenerateKeyPair"));
  return pair;
}

Result<CK_OBJECT_HANDLE, CryptokiError> Session::generate_key(CK_MECHANISM_TYPE mechanism,
                                                              AttributeList& values) {
  CK_MECHANISM how{mechanism, nullptr, 0};
  CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;
  RETURN_IF_ERROR(
      check_rv(call().C_GenerateKey(handle_, &how, values.view().data(), count(values), &key),
               "C_GenerateKey"));
  return key;
}

Result<Bytes, CryptokiError> Session::wrap(CK_MECHANISM_TYPE mechanism,
                                           CK_OBJECT_HANDLE wrapping_key, CK_OBJECT_HANDLE key) {
  CK_MECHANISM how{mechanism, nullptr, 0};
  Bytes wrapped(4096);
  CK_ULONG size = wrapped.size();
  RETURN_IF_ERROR(check_rv(
      call().C_WrapKey(handle_, &how, wrapping_key, key, wrapped.data(), &size), "C_WrapKey"));
  if (size > wrapped.size()) return Failure{CryptokiError{CKR_BUFFER_TOO_SMALL, "C_WrapKey"}};
  wrapped.resize(size);
  return wrapped;
}

Result<CK_OBJECT_HANDLE, CryptokiError> Session::unwrap(CK_MECHANISM_TYPE mechanism,
                                                        CK_OBJECT_HANDLE unwrapping_key,
                                                        ByteView wrapped, AttributeList& values) {
  CK_MECHANISM how{mechanism, nullptr, 0};
  CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;
  RETURN_IF_ERROR(
      check_rv(call().C_UnwrapKey(handle_, &how, unwrapping_key, input(wrapped), wrapped.size(),
                                  values.view().data(), count(values), &key),
               "C_UnwrapKey"));
  return key;
}

Status<CryptokiError> Session::begin_ecdsa(CK_OBJECT_HANDLE key) {
  CK_MECHANISM how{CKM_ECDSA, nullptr, 0};
  RETURN_IF_ERROR(check_rv(call().C_SignInit(handle_, &how, key), "C_SignInit"));
  begun_ = key;
  return Unit{};
}

Result<Bytes, CryptokiError> Session::sign_ecdsa(CK_OBJECT_HANDLE key, const Hash256& digest) {
  if (begun_ != key) RETURN_IF_ERROR(begin_ecdsa(key));
  begun_.reset();  // whatever C_Sign answers, the operation is over
  std::array<CK_BYTE, 256> signature{};
  CK_ULONG size = signature.size();
  RETURN_IF_ERROR(check_rv(
      call().C_Sign(handle_, input(digest), Hash256::kSize, signature.data(), &size), "C_Sign"));
  return Bytes(signature.begin(), signature.begin() + std::min<std::size_t>(size, 256));
}

Result<CK_FLAGS, CryptokiError> Session::token_flags() {
  CK_TOKEN_INFO info{};
  RETURN_IF_ERROR(check_rv(call().C_GetTokenInfo(slot_, &info), "C_GetTokenInfo"));
  return info.flags;
}

}  // namespace buri::hsm::pkcs11
