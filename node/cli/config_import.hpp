#pragma once

#include <string>

#include "node/cli/consensus_output.hpp"

/// `buri config import`: a home of burid from that of a heimdalld.

namespace buri::cli {

struct ConfigImportArguments {
  std::string stock_home;
  std::string home;
};

/// Writes HOME/config: buri.toml, node_key.json, the address book, and the genesis as another name
/// of stock's file. No file is replaced, and after an error none is left. The validator's key is
/// not opened: the answer says what is to be done about it, and names each setting of stock's that
/// has no counterpart. Errors, one sentence each.
AnswerResult import_stock_config(const ConfigImportArguments& arguments);

}  // namespace buri::cli
