#include "hsm/cli/hsm_soft_token.hpp"

#include <boost/json.hpp>
#include <filesystem>
#include <iostream>

#include "base/hex.hpp"
#include "hsm/ceremony/soft_token.hpp"
#include "hsm/cli/hsm_commands.hpp"

namespace buri::hsm::cli {

int run_soft_token(const SoftTokenOptions& options) {
  const std::string module =
      options.module_path.empty() ? ceremony::soft_module_path() : options.module_path;
  const auto key =
      ceremony::make_soft_key(std::filesystem::absolute(options.folder), module, system_random());
  if (!key.ok()) {
    std::cerr << "buri hsm soft-token: " << key.error() << "\n";
    return kExitUnusable;
  }
  const std::string public_key = "04" + to_hex(key->point);
  if (options.as_json) {
    std::cout << boost::json::serialize(boost::json::object{{"uri", key->uri},
                                                            {"public_key", public_key},
                                                            {"softhsm2_conf", key->config_path},
                                                            {"pin_file", key->pin_path}})
              << "\n";
    return kExitOk;
  }
  std::cout << "uri            " << key->uri << "\npublic key     " << public_key
            << "\nSOFTHSM2_CONF  " << key->config_path << "\nPIN file       " << key->pin_path
            << "\nA KEY IN FILES: whoever reads this folder is the validator.\n";
  return kExitOk;
}

}  // namespace buri::hsm::cli
