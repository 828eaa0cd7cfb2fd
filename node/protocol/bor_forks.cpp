#include "node/protocol/bor_forks.hpp"

#include <limits>

#include "base/json_cursor.hpp"

namespace buri::protocol {
namespace {

using enum BorFork;
using enum GenesisSection;

constexpr std::array<BorForkRow, kBorForkCount> kRows{{
    {kIstanbul, "istanbul", "istanbulBlock", kTop, 3'395'000, 0},
    {kMuirGlacier, "muir_glacier", "muirGlacierBlock", kTop, 3'395'000, 0},
    {kBerlin, "berlin", "berlinBlock", kTop, 14'750'000, 0},
    {kLondon, "london", "londonBlock", kTop, 23'850'000, 73'100},
    {kJaipur, "jaipur", "jaipurBlock", kBor, 23'850'000, 73'100},
    {kDelhi, "delhi", "delhiBlock", kBor, 38'189'056, 73'100},
    {kIndore, "indore", "indoreBlock", kBor, 44'934'656, 73'100},
    {kShanghai, "shanghai", "shanghaiBlock", kTop, 50'523'000, 73'100},
    {kCancun, "cancun", "cancunBlock", kTop, 54'876'000, 5'423'600},
    {kAhmedabad, "ahmedabad", "ahmedabadBlock", kBor, 62'278'656, 11'865'856},
    {kPrague, "prague", "pragueBlock", kTop, 73'440'256, 22'765'056},
    {kBhilai, "bhilai", "bhilaiBlock", kBor, 73'440'256, 22'765'056},
    {kRio, "rio", "rioBlock", kBor, 77'414'656, 26'272'256},
    {kMadhugiri, "madhugiri", "madhugiriBlock", kBor, 80'084'800, 28'899'616},
    {kMadhugiriPro, "madhugiri_pro", "madhugiriProBlock", kBor, 80'084'800, 29'287'400},
    {kDandeli, "dandeli", "dandeliBlock", kBor, 81'424'000, 31'890'000},
    {kLisovo, "lisovo", "lisovoBlock", kBor, 83'756'500, 33'634'700},
    {kLisovoPro, "lisovo_pro", "lisovoProBlock", kBor, 83'756'500, 34'062'000},
    {kGiugliano, "giugliano", "giuglianoBlock", kBor, 85'268'500, 35'573'500},
    {kChicago, "chicago", "chicagoBlock", kBor, 87'218'600, 38'358'000},
    {kValencia, "valencia", "valenciaBlock", kBor, 89'531'000, 40'776'000},
    {kAustin, "austin", "austinBlock", kBor, 91'949'700, 44'120'000},
}};
static_assert(
    [] {
      for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (static_cast<std::size_t>(kRows[i].fork) != i) return false;
      }
      return true;
    }(),
    "the rows stand in enumerator order");

}  // namespace

const std::array<BorForkRow, kBorForkCount>& bor_fork_rows() { return kRows; }

std::optional<BorForks> BorForks::for_chain(std::uint64_t chain_id) {
  const bool is_mainnet = chain_id == 137;
  if (!is_mainnet && chain_id != 80002) return std::nullopt;
  BorForks forks;
  for (const BorForkRow& row : kRows) forks.set(row.fork, is_mainnet ? row.mainnet : row.amoy);
  return forks;
}

Result<BorForks, JsonError> BorForks::from_genesis_config(const JsonValue& config) {
  const JsonCursor top(config);
  if (config.kind != JsonValue::Kind::kObject) return Failure{top.error("an object")};
  std::optional<JsonCursor> bor;
  if (top.has("bor")) {
    ASSIGN_OR_RETURN(bor, top.member("bor"));
  }
  BorForks forks;
  for (const BorForkRow& row : kRows) {
    const JsonCursor* section = row.section == kTop ? &top : (bor ? &*bor : nullptr);
    if (section == nullptr || !section->has(row.genesis_key)) continue;
    ASSIGN_OR_RETURN(const JsonCursor value, section->member(row.genesis_key));
    if (value.is_null()) continue;
    ASSIGN_OR_RETURN(const std::uint64_t block_number,
                     value.unsigned_number(std::numeric_limits<std::uint64_t>::max()));
    forks.set(row.fork, block_number);
  }
  return forks;
}

BorForks& BorForks::set(BorFork fork, std::optional<std::uint64_t> block_number) {
  blocks_[static_cast<std::size_t>(fork)] = block_number;
  return *this;
}

}  // namespace buri::protocol
