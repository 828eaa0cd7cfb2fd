#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "node/consensus/app/chain_options.hpp"
#include "node/consensus/app/observer.hpp"
#include "node/consensus/engine/types.hpp"
#include "node/consensus/iavl/multistore.hpp"
#include "node/consensus/runtime/query_router.hpp"

/// Queries on the committed state of any kept height, by gRPC method name: what REST, gRPC and
/// /abci_query share. Source of heights and refusals: the SDK fork's baseapp, CreateQueryContext.

namespace buri::consensus::api {

/// The header of a height, as far as it is known; nothing leaves time and proposer unset.
using HeaderSource = std::function<std::optional<engine::Header>(std::int64_t height)>;

/// What queries rest on. All must outlive them.
struct StateQueryParts {
  iavl::Multistore* stores = nullptr;
  const app::ChainOptions* chain = nullptr;
  /// The modules' methods, and those of the node's own services; each method is in one of them.
  std::vector<const runtime::QueryRouter*> routers;
  HeaderSource header;
  app::Reporter reporter{};  ///< hears of every query
};

/// An answer and the height it was read at.
struct StateAnswer {
  Bytes value;
  std::int64_t height = 0;
};

/// Why there is none: the state of the height cannot be read (an error of the SDK), or the method
/// has no answer. `height` is 0 for the former.
struct StateRefusal {
  std::optional<runtime::Error> context_error;
  runtime::QueryError status;
  std::int64_t height = 0;
};

/// A gRPC status as the SDK makes it from one of its errors: "codespace sdk code 18: invalid
/// request: details". Errors outside the SDK's keep their text. Always kUnknown.
runtime::QueryError status_of(const runtime::Error& error);

/// Thread-safe.
class StateQueries {
 public:
  explicit StateQueries(StateQueryParts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] bool knows(std::string_view method) const { return router_of(method) != nullptr; }
  [[nodiscard]] const runtime::QueryForms* forms_of(std::string_view method) const;
  /// Every method, ascending within each router.
  [[nodiscard]] std::vector<std::string_view> methods() const;
  [[nodiscard]] std::int64_t height() const { return parts_.stores->height(); }
  [[nodiscard]] iavl::Multistore& stores() const { return *parts_.stores; }

  /// Answers a request given as protobuf; height 0 is the newest. `prove`: whether the caller would
  /// want a proof, which the first height cannot give.
  [[nodiscard]] Result<StateAnswer, StateRefusal> answer(std::string_view method, ByteView request,
                                                         std::int64_t height,
                                                         bool prove = false) const;

  /// Calls `work` with a context over the newest committed state, whose writes are dropped.
  Status<runtime::Error> with_context(
      std::int64_t height, bool prove,
      const std::function<void(const runtime::Context&)>& work) const;

 private:
  [[nodiscard]] const runtime::QueryRouter* router_of(std::string_view method) const;
  [[nodiscard]] runtime::Outcome<std::int64_t> checked_height(std::int64_t height,
                                                              bool prove) const;

  StateQueryParts parts_;
};

}  // namespace buri::consensus::api
