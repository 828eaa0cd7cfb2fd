#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hsm/pkcs11/cryptoki.hpp"
#include "hsm/pkcs11/uri.hpp"

/// A vendor's shared library and its tokens. A module is loaded once and never unloaded: vendors'
/// destructors and threads do not survive dlclose. A process that is done with it exits.

namespace buri::hsm::pkcs11 {

/// Why a module or token could not be used: a sentence, and the call that failed if one did.
struct ModuleError {
  CryptokiError call;
  std::string reason;
};

/// A token in a slot.
struct Token {
  CK_SLOT_ID slot = 0;
  std::string label;
  std::string serial;
  std::string manufacturer;
  std::string model;
  std::string firmware;  ///< "2.6"
  CK_FLAGS flags = 0;
};

/// An initialised module. Thread-safe as PKCS#11 is after CKF_OS_LOCKING_OK: sessions are not.
class Module {
 public:
  /// Loads `path` (RTLD_NOW | RTLD_LOCAL), takes its functions from C_GetInterface if it exports
  /// that, else from C_GetFunctionList, and initialises it with operating-system locks. Refuses
  /// while PKCS11SPY is in the environment: that tracer prints PINs. Blocks as long as the vendor
  /// does.
  static Result<std::shared_ptr<const Module>, ModuleError> load(const std::string& path);

  [[nodiscard]] const CK_FUNCTION_LIST& functions() const { return *functions_; }
  /// The library's own description and version, for people.
  [[nodiscard]] std::string description() const;

  /// Every token that is present and initialised; a slot that fails is left out.
  [[nodiscard]] Result<std::vector<Token>, ModuleError> tokens() const;
  /// The one token that matches label, serial, manufacturer and model as far as the URI names them.
  [[nodiscard]] Result<Token, ModuleError> find_token(const KeyUri& uri) const;

  /// From now on a fork of this process aborts it: modules share state with a forked child, some
  /// sign there without a login. exec'ing through posix_spawn stays possible.
  static void forbid_fork();

 private:
  explicit Module(const CK_FUNCTION_LIST* functions) : functions_(functions) {}
  const CK_FUNCTION_LIST* functions_;
};

}  // namespace buri::hsm::pkcs11
