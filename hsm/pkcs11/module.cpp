#include "hsm/pkcs11/module.hpp"

#include <dlfcn.h>
#include <pthread.h>

#include <array>
#include <cstdlib>
#include <span>

#include "base/check.hpp"

namespace buri::hsm::pkcs11 {
namespace {

/// CK_INTERFACE of PKCS#11 3.0. Its function lists begin with those of 2.40 in the same order.
struct Interface {
  const char* name;
  const void* functions;
  CK_FLAGS flags;
};
using GetInterface = CK_RV (*)(CK_UTF8CHAR* name, CK_VERSION* version, Interface** interface,
                               CK_FLAGS flags);

Failure<ModuleError> failure(std::string reason, CryptokiError call = {}) {
  return Failure{ModuleError{call, std::move(reason)}};
}

/// A symbol of `library`, or null.
template <class Function>
Function symbol(void* library, const char* name) {
  return reinterpret_cast<Function>(dlsym(library, name));
}

Result<const CK_FUNCTION_LIST*, ModuleError> functions_of(void* library) {
  if (const auto get_interface = symbol<GetInterface>(library, "C_GetInterface")) {
    Interface* interface = nullptr;
    const CK_RV code = get_interface(nullptr, nullptr, &interface, 0);
    if (code == CKR_OK && interface != nullptr && interface->functions != nullptr) {
      return static_cast<const CK_FUNCTION_LIST*>(interface->functions);
    }
  }
  const auto get_list = symbol<CK_C_GetFunctionList>(library, "C_GetFunctionList");
  if (get_list == nullptr) {
    return failure("The library is no PKCS#11 module: it exports no C_GetFunctionList.");
  }
  CK_FUNCTION_LIST* list = nullptr;
  const CK_RV code = get_list(&list);
  if (code != CKR_OK || list == nullptr) {
    return failure("The module gives no function list.", {code, "C_GetFunctionList"});
  }
  return static_cast<const CK_FUNCTION_LIST*>(list);
}

/// A field of fixed width, without the blanks at its end.
template <std::size_t N>
std::string trimmed(const CK_UTF8CHAR (&field)[N]) {
  std::string_view text(reinterpret_cast<const char*>(&field[0]), N);
  text = text.substr(0, text.find('\0'));
  const std::size_t last = text.find_last_not_of(' ');
  return std::string(text.substr(0, last == std::string_view::npos ? 0 : last + 1));
}

std::string version_text(const CK_VERSION& version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor);
}

bool matches(const std::optional<std::string>& wanted, const std::string& value) {
  return !wanted || *wanted == value;
}

void abort_on_fork() { CHECK(false, "no process forks once it has initialised a PKCS#11 module"); }

}  // namespace

Result<std::shared_ptr<const Module>, ModuleError> Module::load(const std::string& path) {
  if (std::getenv("PKCS11SPY") != nullptr) {
    return failure("PKCS11SPY is set: that tracer prints the PIN, so no module is loaded.");
  }
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return failure(std::string("The module cannot be loaded: ") + dlerror());
  ASSIGN_OR_RETURN(const CK_FUNCTION_LIST* functions, functions_of(library));
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  const CK_RV code = functions->C_Initialize(&arguments);
  if (code != CKR_OK && code != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
    return failure("The module does not initialise (wrong configuration or rights?).",
                   {code, "C_Initialize"});
  }
  return std::shared_ptr<const Module>(new Module(functions));
}

std::string Module::description() const {
  CK_INFO info{};
  if (functions_->C_GetInfo(&info) != CKR_OK) return "a module that does not describe itself";
  return trimmed(info.libraryDescription) + " " + version_text(info.libraryVersion) + " (" +
         trimmed(info.manufacturerID) + ", PKCS#11 " + version_text(info.cryptokiVersion) + ")";
}

Result<std::vector<Token>, ModuleError> Module::tokens() const {
  constexpr std::size_t kMaxSlots = 1024;
  std::vector<CK_SLOT_ID> slots(kMaxSlots);
  CK_ULONG count = slots.size();
  const CK_RV code = functions_->C_GetSlotList(CK_TRUE, slots.data(), &count);
  if (code != CKR_OK) return failure("The module lists no slots.", {code, "C_GetSlotList"});
  slots.resize(std::min<std::size_t>(count, kMaxSlots));
  std::vector<Token> tokens;
  for (const CK_SLOT_ID slot : slots) {
    CK_TOKEN_INFO info{};
    if (functions_->C_GetTokenInfo(slot, &info) != CKR_OK) continue;
    if ((info.flags & CKF_TOKEN_INITIALIZED) == 0) continue;
    tokens.push_back({slot, trimmed(info.label), trimmed(info.serialNumber),
                      trimmed(info.manufacturerID), trimmed(info.model),
                      version_text(info.firmwareVersion), info.flags});
  }
  return tokens;
}

Result<Token, ModuleError> Module::find_token(const KeyUri& uri) const {
  ASSIGN_OR_RETURN(const auto present, tokens());
  std::vector<Token> found;
  for (const Token& token : present) {
    if (matches(uri.token, token.label) && matches(uri.serial, token.serial) &&
        matches(uri.manufacturer, token.manufacturer) && matches(uri.model, token.model)) {
      found.push_back(token);
    }
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return failure("No token matches the URI; " + std::to_string(present.size()) +
                   " are present (buri hsm list shows them).");
  }
  return failure(std::to_string(found.size()) +
                 " tokens match the URI: name label and serial number.");
}

void Module::forbid_fork() {
  static const int result = pthread_atfork(abort_on_fork, nullptr, nullptr);
  CHECK(result == 0, "the fork handler could not be registered");
}

}  // namespace buri::hsm::pkcs11
