#include "hsm/signer/move.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "hsm/signer/state_file.hpp"

namespace buri::hsm::signer {
namespace {

constexpr std::string_view kHeader = "buri-signer-move 1\n";

std::string line_of(const ExportedRecord& one) {
  return to_hex(one.identity.key) + " " + one.identity.purpose + " " +
         to_hex(encode_record(one.identity, {0, one.record})) + "\n";
}

std::string_view take_word(std::string_view& line) {
  const std::size_t space = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, space);
  line.remove_prefix(std::min(space + 1, line.size()));
  return word;
}

std::optional<ExportedRecord> parse_line(std::string_view line) {
  const auto key = fixed_from_hex<Address::kSize>(take_word(line));
  const std::string purpose(take_word(line));
  const auto block = from_hex(line);
  if (!key || !block || purpose.empty() || purpose.size() > 16) return std::nullopt;
  ExportedRecord one{{*key, purpose}, {}};
  auto stored = decode_record(one.identity, *block);
  if (!stored) return std::nullopt;
  one.record = std::move(stored->record);
  return one;
}

}  // namespace

std::string encode_move(const std::vector<ExportedRecord>& records) {
  std::string text(kHeader);
  for (const ExportedRecord& one : records) text += line_of(one);
  return text;
}

Result<std::vector<ExportedRecord>, std::string> decode_move(std::string_view text) {
  if (!text.starts_with(kHeader))
    return Failure{std::string("not the sign-state that `buri signer export` writes")};
  std::vector<ExportedRecord> records;
  std::string_view rest = text.substr(kHeader.size());
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    auto one = parse_line(rest.substr(0, end));
    if (end == std::string_view::npos || !one || line_of(*one) != rest.substr(0, end + 1)) {
      return Failure{"line " + std::to_string(records.size() + 2) + " is no whole record"};
    }
    records.push_back(std::move(*one));
    rest.remove_prefix(end + 1);
  }
  return records;
}

Status<std::string> import_records(Disk& disk, const std::vector<ExportedRecord>& records) {
  for (const ExportedRecord& one : records) {
    if (!disk.open(StateFile::file_name(one.identity)).ok()) continue;
    return Failure{one.identity.purpose + ": " + std::string(describe(StateError::kExists))};
  }
  for (const ExportedRecord& one : records) {
    const auto made = StateFile::create(disk, one.identity, one.record);
    if (!made.ok()) {
      return Failure{one.identity.purpose + ": " + std::string(describe(made.error()))};
    }
  }
  return Unit{};
}

}  // namespace buri::hsm::signer
