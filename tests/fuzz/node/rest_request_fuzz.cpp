#include <cstddef>
#include <cstdint>

#include "base/json_cursor.hpp"
#include "node/consensus/api/http_message.hpp"
#include "node/consensus/api/rest_routes.hpp"
#include "node/consensus/app/module_set.hpp"
#include "node/consensus/app/offline_facts.hpp"

/// A REST request's path, query and body, bound to every method that the first byte names. What
/// binds is a request that decodes.

namespace {

using buri::consensus::app::ModuleSet;
namespace api = buri::consensus::api;
namespace codec = buri::consensus::codec;
namespace modules = buri::consensus::modules;

const ModuleSet& module_set() {
  static buri::consensus::app::OfflineFacts facts;
  static const ModuleSet set(facts.facts(), modules::stake::GenesisRules::kWithoutPenultimate);
  return set;
}

void bind(const buri::consensus::runtime::QueryForms& forms, const api::HttpRequest& request) {
  std::vector<codec::Parameter> parameters;
  for (const auto& [name, value] : api::parse_query(request.query())) {
    parameters.push_back({name, {value, value}});
  }
  const auto made = forms.from_parameters(parameters);
  if (!made.ok()) {
    CHECK(!made.error().empty(), "a refusal says why");
    return;
  }
  std::string json;
  static_cast<void>(forms.write_json(json, *made, {}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const auto methods = module_set().queries().methods();
  api::HttpRequest request;
  request.method = "GET";
  request.target.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  for (const api::RestRoute& route : api::rest_routes()) {
    static_cast<void>(api::match_template(route.path, request.path()));
  }
  bind(*module_set().queries().forms_of(methods[data[0] % methods.size()]), request);
  return 0;
}
