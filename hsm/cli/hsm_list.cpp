#include "hsm/cli/hsm_list.hpp"

#include <array>
#include <boost/json.hpp>
#include <iostream>

#include "hsm/cli/hsm_commands.hpp"
#include "hsm/cli/hsm_key.hpp"

namespace buri::hsm::cli {
namespace {

namespace json = boost::json;
using namespace pkcs11;

struct NamedMechanism {
  CK_MECHANISM_TYPE type;
  std::string_view name;
  std::string_view purpose;
};

/// What a validator's key needs, then what its backup needs.
constexpr auto kMechanisms = std::to_array<NamedMechanism>({
    {CKM_ECDSA, "CKM_ECDSA", "sign"},
    {CKM_EC_KEY_PAIR_GEN, "CKM_EC_KEY_PAIR_GEN", "generate the key"},
    {CKM_AES_KEY_GEN, "CKM_AES_KEY_GEN", "generate a wrapping key"},
    {CKM_AES_KEY_WRAP_PAD, "CKM_AES_KEY_WRAP_PAD", "wrap a backup"},
});

constexpr auto kFlags = std::to_array<std::pair<CK_FLAGS, std::string_view>>({
    {CKF_LOGIN_REQUIRED, "login required"},
    {CKF_USER_PIN_INITIALIZED, "user PIN set"},
    {CKF_WRITE_PROTECTED, "write protected"},
    {CKF_USER_PIN_COUNT_LOW, "A WRONG USER PIN WAS GIVEN"},
    {CKF_USER_PIN_FINAL_TRY, "THE NEXT WRONG USER PIN LOCKS IT"},
    {CKF_USER_PIN_LOCKED, "USER PIN LOCKED"},
});

bool offers(const Module& module, const Token& token, CK_MECHANISM_TYPE mechanism) {
  CK_MECHANISM_INFO info{};
  return module.functions().C_GetMechanismInfo(token.slot, mechanism, &info) == CKR_OK;
}

json::object to_json(const Module& module, const Token& token) {
  json::object mechanisms;
  for (const NamedMechanism& mechanism : kMechanisms) {
    mechanisms[mechanism.name] = offers(module, token, mechanism.type);
  }
  json::array flags;
  for (const auto& [flag, text] : kFlags) {
    if ((token.flags & flag) != 0) flags.push_back(json::string(text));
  }
  const VendorProfile& profile = guess_profile(token.manufacturer);
  return {{"label", token.label},
          {"serial", token.serial},
          {"manufacturer", token.manufacturer},
          {"model", token.model},
          {"firmware", token.firmware},
          {"flags", flags},
          {"mechanisms", mechanisms},
          {"profile", profile.name},
          {"profile_note", profile.note}};
}

std::string text_of(const json::object& token, std::string_view key) {
  return std::string(token.at(key).as_string());
}

void print_token(const json::object& token) {
  std::cout << "token    " << text_of(token, "label") << "\n  serial       "
            << text_of(token, "serial") << "\n  device       " << text_of(token, "manufacturer")
            << " " << text_of(token, "model") << ", firmware " << text_of(token, "firmware")
            << "\n  profile      " << text_of(token, "profile") << ": "
            << text_of(token, "profile_note") << "\n";
  for (const json::value& flag : token.at("flags").as_array()) {
    std::cout << "  flag         " << std::string_view(flag.as_string()) << "\n";
  }
  for (const NamedMechanism& mechanism : kMechanisms) {
    const bool offered = token.at("mechanisms").at(mechanism.name).as_bool();
    std::cout << "  " << (offered ? "can          " : "CANNOT       ") << mechanism.purpose << " ("
              << mechanism.name << ")\n";
  }
}

}  // namespace

int run_list(const ListOptions& options) {
  const auto module = Module::load(options.module_path);
  if (!module.ok()) {
    std::cerr << "buri hsm list: " << error_of(module.error().reason, module.error().call).reason
              << "\n";
    return kExitUnusable;
  }
  const auto tokens = (*module)->tokens();
  if (!tokens.ok()) {
    std::cerr << "buri hsm list: " << error_of(tokens.error().reason, tokens.error().call).reason
              << "\n";
    return kExitUnusable;
  }
  json::array list;
  for (const Token& token : *tokens) list.push_back(to_json(**module, token));
  if (options.as_json) {
    std::cout << json::serialize(
                     json::object{{"module", (*module)->description()}, {"tokens", list}})
              << "\n";
    return kExitOk;
  }
  std::cout << "module   " << (*module)->description() << "\n";
  for (const json::value& token : list) print_token(token.as_object());
  if (list.empty()) std::cout << "No token is present and initialised.\n";
  return kExitOk;
}

}  // namespace buri::hsm::cli
