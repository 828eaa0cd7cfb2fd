#pragma once

#include "node/execution/chain/config.hpp"
#include "node/execution/chain/header.hpp"

/// The beginning of a chain: block 0, its state and the chain's configuration. Source: spec/bor.md
/// 1.

namespace buri::execution::chain {

struct Genesis {
  ChainConfig config;
  Header header;  ///< with the state root of `alloc`
  Alloc alloc;
};

/// Reads a genesis file as Bor does; also the form of Amoy's, whose header and accounts stand
/// inside "config". Errors: a missing or malformed field, by its path.
Result<Genesis, JsonError> read_genesis(const JsonValue& document);
/// The same from text of at most 256 MiB.
Result<Genesis, JsonError> parse_genesis(std::string_view text);

/// The root of a state of these accounts alone, empty ones included.
Hash256 state_root_of(const Alloc& alloc);

}  // namespace buri::execution::chain
