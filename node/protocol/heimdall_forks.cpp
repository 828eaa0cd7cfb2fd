#include "node/protocol/heimdall_forks.hpp"

#include <algorithm>
#include <limits>

#include "base/json_cursor.hpp"

namespace buri::protocol {
namespace {

using enum HeimdallFork;

constexpr std::nullopt_t kNever = std::nullopt;
constexpr std::array<HeimdallForkRow, kHeimdallForkCount> kRows{{
    {kInitial, "initial", 24'404'501, 8'788'501},
    {kDisableVpCheck, "disable_vp_check", 25'723'000, 10'618'199},
    {kDisableValSetCheck, "disable_val_set_check", 25'723'063, 10'618'299},
    {kMilestoneDeletion, "milestone_deletion", 28'525'000, kNever},
    {kTallyFix, "tally_fix", 28'913'694, 13'143'851},
    {kRio, "rio", 77'414'656, 26'272'256},
    {kProducerDowntime, "producer_downtime", 34'966'593, 20'457'139},
    {kPhuket, "phuket", 44'070'000, 32'276'400},
    {kFeeWithdrawGate, "fee_withdraw_gate", 46'361'000, 35'914'000},
    {kZurich, "zurich", 47'880'000, 37'750'000},
    {kIthaca, "ithaca", 50'185'000, 40'776'000},
    {kKyoto, "kyoto", 51'533'000, 42'252'000},
    {kLugano, "lugano", 54'627'000, 47'105'000},
    {kCompactVoteExtension, "compact_vote_extension", kNever, kNever},
}};
static_assert(
    [] {
      for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (static_cast<std::size_t>(kRows[i].fork) != i) return false;
      }
      return true;
    }(),
    "the rows stand in enumerator order");

std::string known_names() {
  std::string names;
  for (const HeimdallForkRow& row : kRows) {
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  }
  return names;
}

}  // namespace

const std::array<HeimdallForkRow, kHeimdallForkCount>& heimdall_fork_rows() { return kRows; }

std::optional<HeimdallForks> HeimdallForks::for_chain(std::string_view chain_id) {
  const bool is_mainnet = chain_id == "heimdallv2-137";
  if (!is_mainnet && chain_id != "heimdallv2-80002") return std::nullopt;
  HeimdallForks forks;
  for (const HeimdallForkRow& row : kRows) forks.set(row.fork, is_mainnet ? row.mainnet : row.amoy);
  return forks;
}

Result<HeimdallForks, JsonError> HeimdallForks::from_json(const JsonValue& object) {
  const JsonCursor root(object);
  if (object.kind != JsonValue::Kind::kObject) return Failure{root.error("an object of heights")};
  HeimdallForks forks;
  for (const JsonValue& child : object.children) {
    const auto row = std::ranges::find(kRows, child.key, &HeimdallForkRow::name);
    if (row == kRows.end()) {
      return Failure{JsonError{child.key, "one of " + known_names(), "\"" + child.key + "\""}};
    }
    ASSIGN_OR_RETURN(const JsonCursor value, root.member(child.key));
    ASSIGN_OR_RETURN(const std::uint64_t height,
                     value.unsigned_number(std::numeric_limits<std::int64_t>::max()));
    forks.set(row->fork, static_cast<std::int64_t>(height));
  }
  return forks;
}

HeimdallForks& HeimdallForks::set(HeimdallFork fork, std::optional<std::int64_t> height) {
  heights_[static_cast<std::size_t>(fork)] = height;
  return *this;
}

std::optional<std::int64_t> HeimdallForks::height_of(HeimdallFork fork) const {
  return heights_[static_cast<std::size_t>(fork)];
}

bool HeimdallForks::is_active(HeimdallFork fork, std::int64_t height) const {
  const auto from = height_of(fork);
  return from.has_value() && height >= *from;
}

std::int64_t HeimdallForks::initial_height() const { return height_of(kInitial).value_or(0); }

bool HeimdallForks::is_rio(std::uint64_t bor_block_number) const {
  const auto from = height_of(kRio);
  return from.has_value() && bor_block_number >= static_cast<std::uint64_t>(*from);
}

bool HeimdallForks::deletes_faulty_milestone(std::int64_t height) const {
  return height_of(kMilestoneDeletion) == height;
}

bool HeimdallForks::uses_penultimate_set(std::int64_t height) const {
  return is_active(kTallyFix, height) && height >= initial_height() + 2;
}

bool HeimdallForks::keeps_penultimate_set(std::int64_t height) const {
  return is_active(kTallyFix, height + 1);
}

bool HeimdallForks::unknown_validator_is_fatal(std::int64_t height) const {
  return is_active(kTallyFix, height) || height < height_of(kDisableValSetCheck).value_or(0);
}

bool HeimdallForks::power_overflow_is_fatal(std::int64_t height) const {
  return is_active(kTallyFix, height) || height < height_of(kDisableVpCheck).value_or(0);
}

}  // namespace buri::protocol
