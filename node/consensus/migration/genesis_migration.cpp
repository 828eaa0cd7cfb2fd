#include "node/consensus/migration/genesis_migration.hpp"

#include <set>

#include "base/json_text.hpp"
#include "node/consensus/migration/parts.hpp"

namespace buri::consensus::migration {
namespace {

using runtime::Error;
using Kind = JsonValue::Kind;
using Section = std::unique_ptr<app::GenesisFileSection>;

class Migration {
 public:
  Migration(app::GenesisFile& old, const MigrationOptions& options, runtime::GenesisSink& sink)
      : old_(old), options_(options), sink_(sink) {}

  Status<Error> run() {
    sink_.text() += "{\"app_state\":";
    RETURN_IF_ERROR(write_parts());
    JsonValue head = old_.head();
    const auto changed = change_head(head);
    if (!changed.ok()) return Failure{runtime::genesis_error("the chain", changed.error())};
    sink_.text() += ',';
    sink_.text() += to_json(head).substr(1) + "\n";
    return sink_.finish();
  }

 private:
  /// Name of the new part, name of the part that it is made from, and how.
  struct Part {
    std::string_view name;
    std::string_view from;
    std::function<Status<Error>(PartWriter&)> write;
  };

  Status<Error> write_parts() {
    const Part parts[] = {
        {"auth", "auth", &write_auth},
        {"bank", "bank", [this](PartWriter& part) { return write_bank_with_accounts(part); }},
        {"bor", "bor", &write_bor},
        {"chainmanager", "chainmanager",
         [this](PartWriter& part) { return write_chainmanager(part, options_.chain_id); }},
        {"checkpoint", "checkpoint", &write_checkpoint},
        {"clerk", "clerk", &write_clerk},
        {"gov", "gov", &write_gov},
        {"milestone", "checkpoint", &write_milestone},
        {"stake", "staking", &write_stake},
        {"topup", "topup", &write_topup}};
    std::set<std::string, std::less<>> done;
    for (const Part& part : parts) {
      if (!old_.has(part.from)) {
        return Failure{runtime::plain_error("genesis: there is no module " +
                                            std::string(part.from) + " in it")};
      }
      RETURN_IF_ERROR(write_part(part));
      done.emplace(part.from);
    }
    for (const std::string& name : old_.modules()) {
      if (done.contains(name)) continue;
      RETURN_IF_ERROR(write_part({name, name, [](PartWriter&) { return Status<Error>(Unit{}); }}));
    }
    sink_.text() += '}';
    return Unit{};
  }

  Status<Error> write_part(const Part& part) {
    ASSIGN_OR_RETURN(const Section section, section_of(part.from));
    sink_.text() += is_first_ ? "{\"" : ",\"";
    is_first_ = false;
    sink_.text() += part.name;
    sink_.text() += "\":";
    PartWriter writer(std::string(part.from), *section, sink_);
    RETURN_IF_ERROR(part.write(writer));
    return writer.finish();
  }

  Status<Error> write_bank_with_accounts(PartWriter& part) {
    ASSIGN_OR_RETURN(const Section auth, section_of("auth"));
    return write_bank(part, *auth);
  }

  Result<Section, Error> section_of(std::string_view module) {
    auto section = old_.section(module);
    if (!section.ok()) return Failure{runtime::genesis_error(module, section.error())};
    return std::move(section).value();
  }

  Status<JsonError> change_head(JsonValue& head) const {
    ASSIGN_OR_RETURN(JsonValue* const params, member(head, "consensus_params"));
    RETURN_IF_ERROR(change_params(*params));
    rename_coin(head);
    put(head, "chain_id", string_value(options_.chain_id));
    put(head, "genesis_time", string_value(options_.genesis_time));
    put(head, "initial_height", string_value(std::to_string(options_.initial_height)));
    return Unit{};
  }

  /// What CometBFT has and Tendermint had not; limits of blocks stay where the file has them.
  Status<JsonError> change_params(JsonValue& params) const {
    ASSIGN_OR_RETURN(JsonValue* const evidence, member(params, "evidence"));
    remove(*evidence, "max_age");
    put(*evidence, "max_age_num_blocks", string_value("100000"));
    put(*evidence, "max_age_duration", string_value("172800000000000"));
    put(*evidence, "max_bytes", string_value("10240"));
    JsonValue* const old_block = find(params, "block");
    JsonValue block = empty_value(Kind::kObject);
    for (const auto& [name, preset] :
         {std::pair{"max_bytes", "2097152"}, {"max_gas", "10000000"}}) {
      JsonValue* const kept = old_block == nullptr ? nullptr : find(*old_block, name);
      put(block, name, kept == nullptr ? string_value(preset) : *kept);
    }
    put(params, "block", std::move(block));
    JsonValue types = empty_value(Kind::kArray);
    types.children.push_back(string_value("secp256k1"));
    put_section(params, "validator", "pub_key_types", std::move(types));
    put_section(params, "version", "app", string_value("0"));
    put_section(params, "abci", "vote_extensions_enable_height",
                string_value(std::to_string(options_.initial_height)));
    return Unit{};
  }

  static void put_section(JsonValue& params, std::string_view name, std::string_view key,
                          JsonValue value) {
    JsonValue section = empty_value(Kind::kObject);
    put(section, key, std::move(value));
    put(params, name, std::move(section));
  }

  app::GenesisFile& old_;
  const MigrationOptions& options_;
  runtime::GenesisSink& sink_;
  bool is_first_ = true;
};

}  // namespace

Status<Error> migrate_genesis(app::GenesisFile& old, const MigrationOptions& options,
                              runtime::GenesisSink& sink) {
  return Migration(old, options, sink).run();
}

}  // namespace buri::consensus::migration
