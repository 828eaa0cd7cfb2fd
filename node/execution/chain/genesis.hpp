#pragma once

#include "node/execution/chain/config.hpp"
#include "node/execution/chain/header.hpp"

/// The beginning of a chain: block 0, its state and the chain's configuration. Source: spec/bor.md
/// 1.

namespace buri::execution::chain {

struct Genesis {
  ChainConfig config;
  std::string config_text;  ///< the file's "config" for parse_config()
  Header header;            ///< with the state root of `alloc`
  Alloc alloc;
};

/// Reads a genesis file as Bor does; also the form of Amoy's, whose header and accounts stand
/// inside "config". Errors: a missing or malformed field, by its path.
Result<Genesis, JsonError> read_genesis(const JsonValue& document);
/// The same from text of at most 256 MiB.
Result<Genesis, JsonError> parse_genesis(std::string_view text);

/// The configuration from the text that stood in a genesis. `genesis_hash`: of block 0, which
/// decides whether the forks of a public network belong to it (public_networks.hpp).
Result<ChainConfig, JsonError> parse_config(std::string_view text, const Hash256& genesis_hash);

/// The root of a state of these accounts alone, empty ones included.
Hash256 state_root_of(const Alloc& alloc);

}  // namespace buri::execution::chain
