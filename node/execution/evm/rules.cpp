#include "node/execution/evm/rules.hpp"

#include <array>

namespace buri::execution::evm {
namespace {

using enum Proposal;
using protocol::BorFork;

constexpr Rules set_of(auto... proposals) {
  Rules rules;
  ((rules = rules.with(proposals)), ...);
  return rules;
}

/// What a fork brings and what it takes away.
struct Change {
  Rules adds;
  Rules removes;
};

constexpr Rules changed(const Rules& rules, const Change& change) {
  return rules.united(change.adds).without(change.removes);
}

struct BorRow {
  BorFork fork;
  Change change;
};

/// Forks that leave the EVM alone have no row.
const std::array kBorRows{
    BorRow{BorFork::kIstanbul,
           {set_of(kEip152, kEip1108, kEip1344, kEip1884, kEip2028, kEip2200), set_of()}},
    BorRow{BorFork::kBerlin, {set_of(kEip2565, kEip2929, kEip2930), set_of()}},
    BorRow{BorFork::kLondon, {set_of(kEip1559, kEip3198, kEip3529, kEip3541), set_of()}},
    BorRow{BorFork::kShanghai, {set_of(kEip3651, kEip3855, kEip3860), set_of()}},
    BorRow{BorFork::kCancun, {set_of(kEip1153, kEip5656, kEip6780, kPip27), set_of()}},
    BorRow{BorFork::kAhmedabad, {set_of(kPip30), set_of()}},
    BorRow{BorFork::kPrague, {set_of(kEip2537, kEip2935, kEip7623, kEip7702), set_of()}},
    BorRow{BorFork::kMadhugiri,
           {set_of(kEip7823, kEip7883, kTransactionGasCap, kPointEvaluation), set_of(kPip27)}},
    BorRow{BorFork::kMadhugiriPro, {set_of(kPip27), set_of()}},
    BorRow{BorFork::kLisovo, {set_of(kEip7939, kEip7951), set_of()}},
    BorRow{BorFork::kLisovoPro, {set_of(), set_of(kPointEvaluation)}},
    BorRow{BorFork::kChicago, {set_of(kPip88), set_of()}},
};

struct EthereumRow {
  std::string_view fork;
  Change change;
};

/// In order of activation: a fork's rules are all rows up to its own.
const std::array kEthereumRows{
    EthereumRow{"ConstantinopleFix", {set_of(), set_of()}},
    EthereumRow{"Istanbul",
                {set_of(kEip152, kEip1108, kEip1344, kEip1884, kEip2028, kEip2200), set_of()}},
    EthereumRow{"Berlin", {set_of(kEip2565, kEip2929, kEip2930), set_of()}},
    EthereumRow{"London", {set_of(kEip1559, kEip3198, kEip3529, kEip3541), set_of()}},
    EthereumRow{"Paris", {set_of(kEip4399), set_of()}},
    EthereumRow{"Shanghai", {set_of(kEip3651, kEip3855, kEip3860), set_of()}},
    EthereumRow{
        "Cancun",
        {set_of(kEip1153, kEip4844, kEip5656, kEip6780, kEip7516, kPointEvaluation), set_of()}},
    EthereumRow{"Prague", {set_of(kEip2537, kEip2935, kEip7623, kEip7702), set_of()}},
};

}  // namespace

Rules bor_rules(const protocol::BorForks& forks, std::uint64_t block_number) {
  Rules rules;
  for (const BorRow& row : kBorRows) {
    if (forks.is_active(row.fork, block_number)) rules = changed(rules, row.change);
  }
  return rules;
}

std::optional<Rules> ethereum_rules(std::string_view fork) {
  Rules rules;
  for (const EthereumRow& row : kEthereumRows) {
    rules = changed(rules, row.change);
    if (row.fork == fork) return rules;
  }
  return std::nullopt;
}

}  // namespace buri::execution::evm
