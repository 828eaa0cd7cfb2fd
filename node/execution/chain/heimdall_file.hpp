#pragma once

#include <optional>

#include "base/json.hpp"
#include "node/protocol/heimdall_facts.hpp"

namespace buri::execution::chain {

/// What Heimdall's validators agreed on: the blocks up to `end_block` stand.
struct Milestone {
  std::uint64_t start_block = 0;
  std::uint64_t end_block = 0;
  Hash256 hash;  ///< of `end_block`
};

/// Heimdall's answers from a file: an object of the arrays "spans", "events" and, if they are
/// there, "milestones", whose entries have the form of Heimdall's REST answers (64-bit numbers in
/// strings). For imports and replays. Not thread-safe.
class HeimdallFile final : public protocol::HeimdallFacts {
 public:
  /// Errors: another form, by its path; an id twice.
  static Result<HeimdallFile, JsonError> read(const JsonValue& document);
  /// The same from text of at most 1 GiB.
  static Result<HeimdallFile, JsonError> parse(std::string_view text);
  /// From facts at hand.
  HeimdallFile(std::vector<protocol::Span> spans, std::vector<protocol::StateSyncRecord> records,
               std::vector<Milestone> milestones);

  Result<protocol::Span, protocol::FactError> span(std::uint64_t id) override;
  Result<protocol::Span, protocol::FactError> span_of_block(std::uint64_t block_number) override;
  Result<std::vector<protocol::StateSyncRecord>, protocol::FactError> records(
      std::uint64_t from_id, std::uint64_t before_s) override;
  [[nodiscard]] const std::vector<Milestone>& milestones() const { return milestones_; }

 private:
  std::vector<protocol::Span> spans_;  ///< by ascending id, as all three
  std::vector<protocol::StateSyncRecord> records_;
  std::vector<Milestone> milestones_;
};

/// Unix seconds of a time such as "2026-11-25T16:49:51.068718910Z", the fraction cut; nothing for
/// another form.
std::optional<std::uint64_t> parse_rfc3339_utc(std::string_view text);

}  // namespace buri::execution::chain
