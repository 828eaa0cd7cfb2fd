#include "node/consensus/app/genesis_export.hpp"

#include <algorithm>

#include "base/codec/base64.hpp"
#include "node/consensus/app/genesis_head.hpp"
#include "node/consensus/codec/json.hpp"

namespace buri::consensus::app {
namespace {

using modules::consensus::ConsensusParams;
using runtime::Context;
using runtime::Error;
using runtime::Outcome;

/// `,"NAME":` and the section, or its defaults if the parameters lack it.
template <class T>
void append_section(std::string& json, std::string_view name, const std::optional<T>& section) {
  json += ",\"";
  json += name;
  json += "\":";
  codec::append_json(json, section.value_or(T{}));
}

void append_params(std::string& json, const ConsensusParams& params) {
  const auto evidence = params.evidence.value_or(modules::consensus::EvidenceParams{});
  const std::int64_t age =
      evidence.max_age_duration.seconds * kNanosPerSecond + evidence.max_age_duration.nanos;
  json += R"({"evidence":{"max_age_num_blocks":")" + std::to_string(evidence.max_age_num_blocks) +
          R"(","max_age_duration":")" + std::to_string(age) + R"(","max_bytes":")" +
          std::to_string(evidence.max_bytes) + "\"}";
  append_section(json, "block", params.block);
  append_section(json, "validator", params.validator);
  append_section(json, "version", params.version);
  append_section(json, "abci", params.abci);
  append_section(json, "blob", params.blob);
  json += '}';
}

/// In the form of CometBFT, with the signer's text as name. `signer` is the address of the key.
void append_validator(std::string& json, const modules::stake::Validator& validator) {
  std::string address = validator.signer.substr(std::min<std::size_t>(2, validator.signer.size()));
  std::ranges::transform(address, address.begin(), [](char c) {
    return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  json += "{\"address\":\"" + address + R"(","pub_key":{"type":"cometbft/PubKeySecp256k1eth",)";
  json += "\"value\":\"" + to_base64(validator.pub_key) + "\"},\"power\":\"" +
          std::to_string(validator.voting_power) + "\",\"name\":";
  codec::append_json_string(json, validator.signer);
  json += '}';
}

Status<Error> write_validators(const Context& context, runtime::GenesisSink& sink) {
  ASSIGN_OR_RETURN(const auto current, modules::stake::Keeper().current(context));
  sink.begin_array("validators");
  for (const modules::stake::Validator& validator : current) {
    RETURN_IF_ERROR(sink.next_element());
    append_validator(sink.text(), validator);
  }
  sink.end_array();
  return Unit{};
}

/// The parts of all modules, ascending by name.
Status<Error> write_modules(const ModuleSet& modules, const Context& context,
                            runtime::GenesisSink& sink) {
  auto by_name = modules.in_genesis_order();
  std::ranges::sort(by_name, {}, &runtime::Module::name);
  char separator = '{';
  for (const runtime::Module* module : by_name) {
    sink.text() += separator;
    sink.text() += '"';
    sink.text() += module->name();
    sink.text() += "\":";
    RETURN_IF_ERROR(module->export_genesis(context, sink));
    separator = ',';
  }
  sink.text() += '}';
  return Unit{};
}

}  // namespace

Outcome<ExportFacts> export_genesis(const ModuleSet& modules, iavl::Multistore& multistore,
                                    std::int64_t height, const codec::Timestamp& time,
                                    runtime::GenesisSink& sink) {
  const auto view = multistore.view(height);
  CHECK(view != nullptr, "an exported height is kept");
  store::Branch branch(view->stores());
  runtime::BlockFacts facts{
      .chain_id = {}, .height = height, .time = time, .proposer = {}, .forks = {}};
  runtime::GasMeter meter = runtime::GasMeter::infinite();
  runtime::EventLog events;
  const Context context(facts, branch, meter, events);
  ASSIGN_OR_RETURN(const auto params, modules::chainmanager::Keeper().params(context));
  ExportFacts exported{.chain_id = params.chain_params.heimdall_chain_id,
                       .initial_height = height > 0 ? height + 1 : multistore.imported_height()};
  facts.chain_id = exported.chain_id;
  sink.text() += R"({"app_name":"heimdalld","app_version":"","genesis_time":)";
  codec::append_json_string(sink.text(), codec::to_rfc3339(time));
  sink.text() += ",\"chain_id\":";
  codec::append_json_string(sink.text(), exported.chain_id);
  sink.text() += ",\"initial_height\":" + std::to_string(exported.initial_height);
  sink.text() += ",\"app_hash\":null,\"app_state\":";
  RETURN_IF_ERROR(write_modules(modules, context, sink));
  sink.text() += ",\"consensus\":{";
  RETURN_IF_ERROR(write_validators(context, sink));
  ASSIGN_OR_RETURN(const auto consensus, modules::consensus::Keeper().params(context));
  sink.text() += ",\"params\":";
  append_params(sink.text(), consensus.value_or(ConsensusParams{}));
  sink.text() += "}}\n";
  RETURN_IF_ERROR(sink.finish());
  return exported;
}

}  // namespace buri::consensus::app
