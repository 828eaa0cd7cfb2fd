#include "node/consensus/runtime/module.hpp"

namespace buri::consensus::runtime {

Error genesis_error(std::string_view module, const JsonError& error) {
  return plain_error("genesis of " + std::string(module) + ": " + describe(error));
}

}  // namespace buri::consensus::runtime
