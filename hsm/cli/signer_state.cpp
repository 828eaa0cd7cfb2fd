#include "hsm/cli/signer_state.hpp"

#include <optional>

#include "base/hex.hpp"
#include "hsm/rules/interchange.hpp"
#include "hsm/signer/move.hpp"
#include "hsm/signer/posix_disk.hpp"
#include "hsm/signer/state_file.hpp"
#include "hsm/signer/take_over.hpp"
#include "hsm/signer/text_file.hpp"

namespace buri::hsm::cli {
namespace {

using signer::StateFile;
using signer::StateIdentity;

Result<std::unique_ptr<signer::Disk>, std::string> open_directory(const std::string& path) {
  auto disk = signer::open_posix_disk(path);
  if (!disk.ok()) return Failure{path + ": " + std::string(describe(disk.error()))};
  const auto locked = (*disk)->lock();
  if (!locked.ok()) return Failure{path + ": " + std::string(describe(locked.error()))};
  return std::move(disk).value();
}

Result<Address, std::string> parse_address(const std::string& text) {
  const auto address = fixed_from_hex<Address::kSize>(text);
  if (!address) return Failure{std::string("the address is not 20 bytes in hex")};
  return *address;
}

Result<rules::Record, std::string> start_record(const InitStateOptions& options) {
  std::int64_t start = options.start;
  if (options.quiet_to != 0) {
    if (options.ledger != "consensus") return Failure{std::string("only heights can be watched")};
    ASSIGN_OR_RETURN(start, signer::take_over_height(options.quiet_from, options.quiet_to));
  }
  if (start < 0) return Failure{std::string("say where signing starts")};
  const auto place = static_cast<std::uint64_t>(start);
  if (options.ledger == "consensus") return rules::Record(rules::start_consensus(start));
  if (options.ledger == "bor-header") return rules::Record(rules::start_bor(place));
  if (options.ledger == "heimdall-tx") return rules::Record(rules::start_heimdall(place));
  if (options.ledger == "root-chain-tx") return rules::Record(rules::start_root_chain(place));
  return Failure{"there is no ledger " + options.ledger};
}

Result<std::string, std::string> create(signer::Disk& disk, const StateIdentity& identity,
                                        const rules::Record& record) {
  const auto made = StateFile::create(disk, identity, rules::encode_record(record));
  if (!made.ok()) return Failure{identity.purpose + ": " + std::string(describe(made.error()))};
  return StateFile::file_name(identity) + " made";
}

Result<std::string, std::string> import_move(signer::Disk& disk, const std::string& text) {
  ASSIGN_OR_RETURN(const auto records, signer::decode_move(text));
  RETURN_IF_ERROR(signer::import_records(disk, records));
  return std::to_string(records.size()) + " records imported";
}

Result<std::string, std::string> import_records_of(signer::Disk& disk, const std::string& text) {
  const auto state = rules::import_sign_state(text);
  if (!state.ok()) return Failure{describe(state.error())};
  std::vector<signer::ExportedRecord> records;
  for (const rules::Record& record : state->records) {
    const StateIdentity identity{state->key,
                                 std::string(rules::ledger_name(rules::ledger_of(record)))};
    records.push_back({identity, {1, 0, {}, rules::encode_record(record)}});
  }
  RETURN_IF_ERROR(signer::import_records(disk, records));
  return std::to_string(records.size()) + " records imported";
}

}  // namespace

Result<std::string, std::string> init_state(const InitStateOptions& options) {
  ASSIGN_OR_RETURN(const Address address, parse_address(options.address));
  ASSIGN_OR_RETURN(const rules::Record record, start_record(options));
  ASSIGN_OR_RETURN(const auto disk, open_directory(options.directory));
  return create(*disk, {address, options.ledger}, record);
}

Result<std::string, std::string> import_state(const ImportOptions& options) {
  ASSIGN_OR_RETURN(const std::string text, signer::read_text_file(options.file));
  ASSIGN_OR_RETURN(const auto disk, open_directory(options.directory));
  if (options.format == "move") return import_move(*disk, text);
  if (options.format == "sign-state") return import_records_of(*disk, text);
  ASSIGN_OR_RETURN(const Address address, parse_address(options.address));
  const auto record = options.format == "tmkms" ? rules::import_tmkms(text)
                                                : rules::import_file_pv(text, options.chain_id);
  if (!record.ok()) return Failure{options.file + ": " + describe(record.error())};
  return create(*disk, {address, "consensus"}, *record);
}

}  // namespace buri::hsm::cli
