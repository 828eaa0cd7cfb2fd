#include "hsm/cli/hsm_inspect.hpp"

#include <fcntl.h>

#include <boost/json.hpp>
#include <iostream>

#include "base/hex.hpp"
#include "hsm/cli/hsm_commands.hpp"
#include "hsm/pkcs11/channel.hpp"
#include "hsm/pkcs11/key_generation.hpp"
#include "hsm/pkcs11/login.hpp"
#include "hsm/pkcs11/signature_check.hpp"

namespace buri::hsm::cli {
namespace {

namespace json = boost::json;
using namespace pkcs11;

/// All that is told about a key.
struct Inspection {
  Token token;
  const VendorProfile* profile = nullptr;
  std::vector<AttributeReading> attributes;
  std::optional<PublicPoint> point;
  std::string refusal;  ///< why the key may not be used; empty if it may
};

PinReader reader_of(const std::string& path) {
  return [path]() -> Result<Secret, std::string> {
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) return Failure{"The PIN file " + path + " cannot be opened."};
    return read_pin(file.get());
  };
}

void judge(Session& session, CK_OBJECT_HANDLE key, Inspection& result) {
  if (const auto good = check_attributes(result.attributes); !good.ok()) {
    result.refusal = good.error().reason;
  } else if (!result.point) {
    result.refusal = "The token does not tell the public key; compare it by other means.";
  } else if (const auto proved = prove_key(session, key, *result.point); !proved.ok()) {
    result.refusal = proved.error().reason;
  }
}

Result<Inspection, CommandError> inspect(const KeyOptions& options) {
  ASSIGN_OR_RETURN(const KeyUri uri, parse_uri(options));
  ASSIGN_OR_RETURN(const std::string pin, pin_path(options, uri));
  const auto module = Module::load(*uri.module_path);
  if (!module.ok()) return Failure{error_of(module.error().reason, module.error().call)};
  const auto token = (*module)->find_token(uri);
  if (!token.ok()) return Failure{error_of(token.error().reason, token.error().call)};
  Inspection result{*token, nullptr, {}, {}, {}};
  ASSIGN_OR_RETURN(result.profile, choose_profile(options, *token));
  auto session = Session::open(*module, token->slot, SessionMode::kBest);
  if (!session.ok()) return Failure{error_of("No session can be opened.", session.error())};
  const LoginRules rules{options.ignore_pin_flags,
                         result.profile->pin_format == PinFormat::kUserAndPin};
  const auto login = log_in_user(*session, reader_of(pin), rules, [] {});
  if (!login.ok()) return Failure{CommandError{login.error().reason}};
  const auto key = find_private_key(*session, uri);
  if (!key.ok()) return Failure{error_of(key.error().reason, key.error().call)};
  result.attributes = read_attributes(*session, *key, !options.accept_restored_key);
  result.point = read_public_point(*session, *key, result.profile->point_source);
  judge(*session, *key, result);
  return result;
}

std::string_view verdict_name(AttributeVerdict verdict) {
  switch (verdict) {
    case AttributeVerdict::kGood:
      return "good";
    case AttributeVerdict::kWeak:
      return "weak";
    case AttributeVerdict::kUnknown:
      return "unknown";
    case AttributeVerdict::kRefused:
      return "REFUSED";
  }
  return "?";
}

json::object to_json(const Inspection& result) {
  json::array attributes;
  for (const AttributeReading& reading : result.attributes) {
    attributes.push_back(json::object{{"name", reading.name},
                                      {"value", reading.value},
                                      {"verdict", verdict_name(reading.verdict)}});
  }
  json::object object{{"token", result.token.label},      {"serial", result.token.serial},
                      {"profile", result.profile->name},  {"attributes", attributes},
                      {"usable", result.refusal.empty()}, {"refusal", result.refusal}};
  if (result.point) {
    object["public_key"] = "04" + to_hex(*result.point);
    object["address"] = checksummed_address(address_of(*result.point));
  }
  return object;
}

void print(const Inspection& result) {
  std::cout << "token       " << result.token.label << ", serial " << result.token.serial
            << "\nprofile     " << result.profile->name << " (" << result.profile->hardware
            << ")\n";
  if (result.point) {
    std::cout << "address     " << checksummed_address(address_of(*result.point))
              << "\npublic key  04" << to_hex(*result.point) << "\n";
  }
  for (const AttributeReading& reading : result.attributes) {
    std::string name(reading.name);
    name.resize(24, ' ');
    std::string value = reading.value;
    value.resize(std::max<std::size_t>(value.size(), 28), ' ');
    std::cout << "  " << name << value << verdict_name(reading.verdict) << "\n";
  }
  std::cout << (result.refusal.empty() ? "This key may sign: a probe signature was recovered to it."
                                       : result.refusal)
            << "\n";
}

}  // namespace

int run_inspect(const InspectOptions& options) {
  const auto result = inspect(options.key);
  if (!result.ok()) {
    std::cerr << "buri hsm inspect: " << result.error().reason << "\n";
    return kExitUnusable;
  }
  if (options.as_json) {
    std::cout << json::serialize(to_json(*result)) << "\n";
  } else {
    print(*result);
  }
  return result->refusal.empty() ? kExitOk : kExitRefused;
}

}  // namespace buri::hsm::cli
