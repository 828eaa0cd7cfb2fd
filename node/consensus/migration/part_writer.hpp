#pragma once

#include <functional>
#include <set>

#include "node/consensus/app/genesis_file.hpp"
#include "node/consensus/migration/values.hpp"
#include "node/consensus/runtime/genesis_sink.hpp"

/// Writes a module's part of the new genesis from that of the old, one element of an array at a
/// time.

namespace buri::consensus::migration {

/// Changes a value in place; false: it is left out.
using Change = std::function<Result<bool, JsonError>(JsonValue&)>;
/// Leaves a value as it is.
Result<bool, JsonError> unchanged(JsonValue& value);

/// Borrows everything. Coins are renamed in all that it writes. Errors name the module and the
/// member. Not thread-safe.
class PartWriter {
 public:
  PartWriter(std::string module, const app::GenesisFileSection& old, runtime::GenesisSink& sink)
      : module_(std::move(module)), old_(&old), sink_(&sink) {}

  /// A member that is no array which is walked. An absent one is an error, or nothing if it
  /// `may_be_absent`.
  Status<runtime::Error> value(std::string_view name, std::string_view new_name,
                               const Change& change, bool may_be_absent = false);
  /// An array; an absent one or null becomes one without elements.
  Status<runtime::Error> array(std::string_view name, std::string_view new_name,
                               const Change& change);
  /// The same in the order of the elements' `timestamp`.
  Status<runtime::Error> array_by_time(std::string_view name, std::string_view new_name,
                                       const Change& change);
  /// A member of another part.
  Status<runtime::Error> array_of(const app::GenesisFileSection& other, std::string_view name,
                                  std::string_view new_name, const Change& change);
  /// A new member, as JSON.
  Status<runtime::Error> text(std::string_view new_name, std::string_view json);
  /// Leaves a member out.
  void drop(std::string_view name) { done_.emplace(name); }
  /// Ends the part after all members that were not written yet, as they are.
  Status<runtime::Error> finish();

  [[nodiscard]] const app::GenesisFileSection& old() const { return *old_; }

 private:
  void separate();
  void begin_member(std::string_view new_name);
  Status<runtime::Error> write_element(JsonValue element, const Change& change);
  Result<bool, runtime::Error> is_by_time(std::string_view name) const;
  [[nodiscard]] Failure<runtime::Error> failed(const JsonError& error) const;

  std::string module_;
  const app::GenesisFileSection* old_;
  runtime::GenesisSink* sink_;
  std::set<std::string, std::less<>> done_;
  bool is_first_ = true;
};

}  // namespace buri::consensus::migration
