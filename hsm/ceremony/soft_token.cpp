#include "hsm/ceremony/soft_token.hpp"

#include <fcntl.h>

#include <array>
#include <fstream>

#include "base/descriptor.hpp"
#include "base/durable_write.hpp"
#include "hsm/ceremony/device.hpp"
#include "hsm/pkcs11/key_generation.hpp"
#include "hsm/pkcs11/profile.hpp"
#include "hsm/pkcs11/session.hpp"

namespace buri::hsm::ceremony {

using namespace pkcs11;

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKeyLabel = "validator";
constexpr std::string_view kKeyId = "buri-validator-key-1";
constexpr std::array<const char*, 3> kModulePaths{
    "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so"};

CK_UTF8CHAR_PTR text_pointer(ByteView text) { return const_cast<CK_UTF8CHAR_PTR>(text.data()); }

/// 16 random digits.
Secret draw_pin(Random& random) {
  std::array<std::uint8_t, 16> digits{};
  for (std::uint8_t& digit : digits) digit = static_cast<std::uint8_t>('0' + random.below(10));
  return Secret::take(digits);
}

/// The slot without a token; SoftHSM always offers one.
Result<CK_SLOT_ID, Reason> free_slot(const CK_FUNCTION_LIST& functions) {
  std::array<CK_SLOT_ID, 64> slots{};
  CK_ULONG count = slots.size();
  const auto listed =
      check_rv(functions.C_GetSlotList(CK_FALSE, slots.data(), &count), "C_GetSlotList");
  if (!listed.ok()) return Failure{text_of("SoftHSM lists no slots.", listed.error())};
  for (CK_ULONG i = 0; i < count; ++i) {
    CK_TOKEN_INFO info{};
    if (functions.C_GetTokenInfo(slots[i], &info) != CKR_OK) continue;
    if ((info.flags & CKF_TOKEN_INITIALIZED) == 0) return slots[i];
  }
  return Failure{Reason("SoftHSM offers no free slot.")};
}

/// Initialises a token.
Status<CryptokiError> initialise(const CK_FUNCTION_LIST& functions, CK_SLOT_ID slot,
                                 std::string label, const SoftTokenPins& pins) {
  label.resize(32, ' ');
  const ByteView officer = pins.officer.bytes();
  RETURN_IF_ERROR(check_rv(functions.C_InitToken(slot, text_pointer(officer), officer.size(),
                                                 text_pointer(as_bytes(label))),
                           "C_InitToken"));
  CK_ULONG count = 0;  // SoftHSM renumbers its slots when they are listed
  RETURN_IF_ERROR(check_rv(functions.C_GetSlotList(CK_TRUE, nullptr, &count), "C_GetSlotList"));
  return Unit{};
}

Status<CryptokiError> set_user_pin(const CK_FUNCTION_LIST& functions, CK_SLOT_ID slot,
                                   const SoftTokenPins& pins) {
  CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
  const ByteView officer = pins.officer.bytes();
  const ByteView user = pins.user.bytes();
  RETURN_IF_ERROR(check_rv(functions.C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION,
                                                   nullptr, nullptr, &session),
                           "C_OpenSession"));
  RETURN_IF_ERROR(check_rv(
      functions.C_Login(session, CKU_SO, text_pointer(officer), officer.size()), "C_Login"));
  RETURN_IF_ERROR(
      check_rv(functions.C_InitPIN(session, text_pointer(user), user.size()), "C_InitPIN"));
  return check_rv(functions.C_CloseSession(session), "C_CloseSession");
}

/// The PIN in a file of its own that nobody else can read.
Status<Reason> write_pin(const fs::path& path, const Secret& pin) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!write_all(file.get(), pin.bytes())) {
    return Failure{path.string() + ": the PIN could not be written there."};
  }
  return Unit{};
}

Result<PublicPoint, Reason> make_key(const std::shared_ptr<const Module>& module, const KeyUri& uri,
                                     const Secret& pin) {
  const auto token = module->find_token(uri);
  if (!token.ok()) return Failure{text_of(token.error().reason, token.error().call)};
  auto session = Session::open(module, token->slot, SessionMode::kReadWrite);
  if (!session.ok()) return Failure{text_of("SoftHSM opens no session.", session.error())};
  const auto login = session->login(CKU_USER, pin.bytes());
  if (!login.ok()) return Failure{text_of("SoftHSM lets nobody in.", login.error())};
  const ByteView id = as_bytes(kKeyId);
  const KeyPlan plan{std::string(kKeyLabel), Bytes(id.begin(), id.end()), find_profile("softhsm")};
  const auto made = generate_signing_key(*session, plan, KeyKind::kFinal);
  if (!made.ok()) return Failure{text_of(made.error())};
  return made->point;
}

}  // namespace

SoftTokenPins draw_pins(Random& random) { return {draw_pin(random), draw_pin(random)}; }

std::string soft_module_path() {
  std::error_code ignored;
  for (const char* path : kModulePaths) {
    if (fs::exists(path, ignored)) return path;
  }
  return kModulePaths.front();
}

fs::path soft_config_path(const fs::path& folder) { return folder / "softhsm2.conf"; }

Result<std::shared_ptr<const Module>, Reason> load_soft_module(const fs::path& folder,
                                                               const std::string& module_path) {
  const fs::path tokens = folder / "tokens";
  const fs::path config = soft_config_path(folder);
  std::error_code fault;
  fs::create_directory(tokens, fault);
  std::ofstream(config) << "directories.tokendir = " << tokens.string()
                        << "\nobjectstore.backend = file\nlog.level = ERROR\n";
  if (fault || !fs::exists(config) || setenv("SOFTHSM2_CONF", config.c_str(), 1) != 0) {
    return Failure{"The folder " + folder.string() + " cannot be used for tokens."};
  }
  auto module = Module::load(module_path);
  if (!module.ok()) {
    return Failure{text_of(module.error().reason, module.error().call) +
                   " Tokens in files need the package softhsm2."};
  }
  return *std::move(module);
}

Result<KeyUri, Reason> make_soft_token(const Module& module, const std::string& label,
                                       const SoftTokenPins& pins) {
  ASSIGN_OR_RETURN(const CK_SLOT_ID slot, free_slot(module.functions()));
  const auto made = initialise(module.functions(), slot, label, pins);
  if (!made.ok()) return Failure{text_of("SoftHSM makes no token.", made.error())};
  KeyUri uri;
  uri.token = label;
  const auto token = module.find_token(uri);
  if (!token.ok()) return Failure{text_of(token.error().reason, token.error().call)};
  const auto set = set_user_pin(module.functions(), token->slot, pins);
  if (!set.ok()) return Failure{text_of("SoftHSM sets no user PIN.", set.error())};
  uri.serial = token->serial;
  return uri;
}

Result<SoftKey, Reason> make_soft_key(const fs::path& folder, const std::string& module_path,
                                      Random& random) {
  std::error_code fault;
  if (fs::exists(soft_config_path(folder), fault)) {
    return Failure{"The folder " + folder.string() + " has a token already."};
  }
  fs::create_directories(folder, fault);
  fs::permissions(folder, fs::perms::owner_all, fault);
  if (fault) return Failure{"The folder " + folder.string() + " cannot be made."};
  ASSIGN_OR_RETURN(const auto module, load_soft_module(folder, module_path));
  const SoftTokenPins pins = draw_pins(random);
  ASSIGN_OR_RETURN(KeyUri uri, make_soft_token(*module, "validator", pins));
  SoftKey key;
  key.config_path = soft_config_path(folder);
  key.pin_path = folder / "pin";
  RETURN_IF_ERROR(write_pin(key.pin_path, pins.user));
  ASSIGN_OR_RETURN(key.point, make_key(module, uri, pins.user));
  uri.object = std::string(kKeyLabel);
  uri.type_private = true;
  uri.module_path = module_path;
  key.uri = format_key_uri(uri);
  return key;
}

}  // namespace buri::hsm::ceremony
