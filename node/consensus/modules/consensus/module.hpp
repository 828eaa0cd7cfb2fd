#pragma once

#include "node/consensus/modules/consensus/keeper.hpp"
#include "node/consensus/runtime/module.hpp"

/// Modules consensus and params of the application.

namespace buri::consensus::modules::consensus {

struct QueryParamsRequest {
  static constexpr std::string_view kName = "cosmos.consensus.v1.QueryParamsRequest";
  static constexpr auto fields() { return std::tuple{}; }
};
struct QueryParamsResponse {
  std::optional<ConsensusParams> params{};
  static constexpr std::string_view kName = "cosmos.consensus.v1.QueryParamsResponse";
  static constexpr auto fields() {
    return std::tuple{Field{1, "params", &QueryParamsResponse::params}};
  }
};

/// Its parameters come with InitChain and not from the application's genesis.
class Module final : public runtime::Module {
 public:
  [[nodiscard]] std::string_view name() const override { return "consensus"; }
  void register_messages(runtime::MessageRegistry& registry) override {
    consensus::register_messages(registry, keeper_);
  }
  void register_queries(runtime::QueryRouter& router) override {
    router.add<QueryParamsRequest, QueryParamsResponse>(
        "cosmos.consensus.v1.Query/Params",
        [this](const runtime::Context& context,
               const QueryParamsRequest&) -> runtime::QueryResult<QueryParamsResponse> {
          ASSIGN_OR_RETURN(auto params, runtime::answer_of(keeper_.params(context)));
          return QueryParamsResponse{std::move(params)};
        });
  }
  Status<runtime::Error> init_genesis(const runtime::Context& /*context*/,
                                      const runtime::GenesisSection& /*section*/) override {
    return Unit{};
  }
  Status<runtime::Error> export_genesis(const runtime::Context& /*context*/,
                                        runtime::GenesisSink& sink) const override {
    sink.text() += "{}";
    return Unit{};
  }

 private:
  Keeper keeper_;
};

/// Owns a store that stays empty: no parameter of the older kind exists (spec/heimdall.md 2a).
class ParamsModule final : public runtime::Module {
 public:
  [[nodiscard]] std::string_view name() const override { return "params"; }
  Status<runtime::Error> init_genesis(const runtime::Context& /*context*/,
                                      const runtime::GenesisSection& /*section*/) override {
    return Unit{};
  }
  Status<runtime::Error> export_genesis(const runtime::Context& /*context*/,
                                        runtime::GenesisSink& sink) const override {
    sink.text() += "{}";
    return Unit{};
  }
};

}  // namespace buri::consensus::modules::consensus
