#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "base/json_cursor.hpp"
#include "node/consensus/codec/json.hpp"
#include "node/consensus/runtime/context.hpp"
#include "node/consensus/runtime/genesis_sink.hpp"
#include "node/consensus/runtime/message_registry.hpp"
#include "node/consensus/runtime/query_router.hpp"

/// What the application asks of a module. One module owns one store; it reaches the others' state
/// only through their keepers.

namespace buri::consensus::runtime {

/// A change of CometBFT's validator set: power 0 removes.
struct ValidatorUpdate {
  Bytes public_key;  ///< 65 bytes, uncompressed secp256k1
  std::int64_t power = 0;

  friend bool operator==(const ValidatorUpdate&, const ValidatorUpdate&) = default;
};

/// One module's part of a genesis file. Arrays may hold millions of entries, so that they are
/// walked, never loaded: `for_each` gives one element at a time, `rest` everything else.
class GenesisSection {
 public:
  using Visitor = std::function<Status<Error>(const JsonCursor& element)>;
  virtual ~GenesisSection() = default;
  /// The section as an object without the arrays that were announced as `for_each` ones.
  [[nodiscard]] virtual JsonCursor rest() const = 0;
  /// Calls `visit` for every element of an array of the section (a snake_case name; the lowerCamel
  /// spelling is found too). An absent array has no elements. Errors: the visitor's, or that the
  /// value is no array.
  virtual Status<Error> for_each(std::string_view array, const Visitor& visit) const = 0;
};

/// A JSON error as the state machine's: InitChain fails with it.
Error genesis_error(std::string_view module, const JsonError& error);

/// One module of the application. All calls come from the one thread that executes blocks, except
/// queries, which see a state of their own.
class Module {
 public:
  virtual ~Module() = default;
  /// The name of its store and of its part of the genesis.
  [[nodiscard]] virtual std::string_view name() const = 0;
  virtual void register_messages(MessageRegistry& /*registry*/) {}
  virtual void register_queries(QueryRouter& /*router*/) {}

  /// Writes the genesis state. The context has an infinite meter.
  virtual Status<Error> init_genesis(const Context& context, const GenesisSection& section) = 0;
  /// Writes the state as the JSON object that init_genesis reads.
  virtual Status<Error> export_genesis(const Context& context, GenesisSink& sink) const = 0;

  /// The block hooks, in the stock daemon's order of modules. An error fails the block.
  virtual Status<Error> pre_block(const Context& /*context*/) { return Unit{}; }
  virtual Status<Error> begin_block(const Context& /*context*/) { return Unit{}; }
  virtual Status<Error> end_block(const Context& /*context*/,
                                  std::vector<ValidatorUpdate>& /*updates*/) {
    return Unit{};
  }
};

}  // namespace buri::consensus::runtime
