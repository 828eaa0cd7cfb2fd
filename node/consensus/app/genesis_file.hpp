#pragma once

#include <map>
#include <memory>
#include <string>

#include "node/consensus/app/genesis_head.hpp"
#include "node/consensus/app/json_scanner.hpp"
#include "node/consensus/runtime/module.hpp"

/// A genesis file that may be larger than memory: the mainnet's has about 4 GB. One pass finds
/// where each module's part and each array in it stands; modules then read their parts in their own
/// order.

namespace buri::consensus::app {

/// One module's part. Arrays of more than kMaxRestArrayBytes are left out of `rest` and have to be
/// walked. Borrows the file's scanner; not thread-safe.
class GenesisFileSection final : public runtime::GenesisSection {
 public:
  static constexpr std::uint64_t kMaxRestArrayBytes = std::uint64_t{4} << 20;

  GenesisFileSection(JsonScanner& scanner, JsonValue rest, std::map<std::string, JsonPlace> members)
      : scanner_(&scanner), rest_(std::move(rest)), members_(std::move(members)) {}

  [[nodiscard]] JsonCursor rest() const override { return JsonCursor(rest_); }
  /// The members, also those that are not in `rest`, ascending.
  [[nodiscard]] std::vector<std::string> names() const;
  Status<runtime::Error> for_each(std::string_view array, const Visitor& visit) const override;
  /// To be asked when the module has read its part. Errors: an array left out of `rest` was never
  /// walked.
  [[nodiscard]] Status<runtime::Error> check_all_walked() const;

 private:
  JsonScanner* scanner_;
  JsonValue rest_;
  std::map<std::string, JsonPlace> members_;        ///< by the key as written
  mutable std::map<std::string, bool> was_walked_;  ///< of arrays
};

/// The document. Not thread-safe.
class GenesisFile {
 public:
  /// Finds the parts: one pass over the document. Errors: it is no object, its parts are none, or
  /// the source failed.
  static Result<std::unique_ptr<GenesisFile>, JsonError> open(std::unique_ptr<ByteSource> source);

  /// Everything but app_state: chain_id, genesis_time, initial_height, consensus.
  [[nodiscard]] const JsonValue& head() const { return head_; }
  /// The modules that have a part, known to this program or not.
  [[nodiscard]] std::vector<std::string> modules() const;
  [[nodiscard]] bool has(std::string_view module) const { return sections_.contains(module); }
  /// The part of a module, an empty one if the file has none. Valid as long as this is. Errors:
  /// what is not an array in it does not parse.
  Result<std::unique_ptr<GenesisFileSection>, JsonError> section(std::string_view module);

  [[nodiscard]] std::uint64_t size() const { return source_->size(); }

 private:
  explicit GenesisFile(std::unique_ptr<ByteSource> source)
      : source_(std::move(source)), scanner_(*source_) {}

  std::unique_ptr<ByteSource> source_;
  JsonScanner scanner_;
  JsonValue head_;
  std::map<std::string, std::vector<JsonMember>, std::less<>> sections_;
};

/// A chain's genesis: its head read, the application's state ready to be walked. Copies share the
/// file.
struct Genesis {
  GenesisHead head;
  std::shared_ptr<GenesisFile> file;
};

/// Opens a genesis and reads its head. Errors: as GenesisFile::open and read_genesis_head.
Result<Genesis, JsonError> open_genesis(std::unique_ptr<ByteSource> source);

}  // namespace buri::consensus::app
