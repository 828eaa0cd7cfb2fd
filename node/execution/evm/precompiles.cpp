#include "node/execution/evm/precompiles.hpp"

#include "node/execution/evm/precompiles/contracts.hpp"

namespace buri::execution::evm {
namespace {

struct Row {
  std::uint16_t number;  ///< the address as a number
  const Precompile* contract;
  std::optional<Proposal> since;  ///< nothing if always there
};

/// Ascending.
const std::array kRows{
    Row{0x01, &precompiles::kRecover, {}},
    Row{0x02, &precompiles::kSha256, {}},
    Row{0x03, &precompiles::kRipemd160, {}},
    Row{0x04, &precompiles::kIdentity, {}},
    Row{0x05, &precompiles::kModexp, {}},
    Row{0x06, &precompiles::kBn254Add, {}},
    Row{0x07, &precompiles::kBn254Multiply, {}},
    Row{0x08, &precompiles::kBn254Pairing, {}},
    Row{0x09, &precompiles::kBlake2f, Proposal::kEip152},
    Row{0x0a, &precompiles::kPointEvaluation, Proposal::kPointEvaluation},
    Row{0x0b, &precompiles::kBlsG1Add, Proposal::kEip2537},
    Row{0x0c, &precompiles::kBlsG1Sum, Proposal::kEip2537},
    Row{0x0d, &precompiles::kBlsG2Add, Proposal::kEip2537},
    Row{0x0e, &precompiles::kBlsG2Sum, Proposal::kEip2537},
    Row{0x0f, &precompiles::kBlsPairing, Proposal::kEip2537},
    Row{0x10, &precompiles::kBlsMapToG1, Proposal::kEip2537},
    Row{0x11, &precompiles::kBlsMapToG2, Proposal::kEip2537},
    Row{0x100, &precompiles::kP256Verify, Proposal::kPip27},
};
constexpr std::size_t kNumbers = 0x101;

Address address_of(std::uint16_t number) {
  Address address;
  address.bytes[18] = static_cast<std::uint8_t>(number >> 8);
  address.bytes[19] = static_cast<std::uint8_t>(number);
  return address;
}

}  // namespace

PrecompileSet::PrecompileSet(const Rules& rules) : by_number_(kNumbers, nullptr) {
  for (const Row& row : kRows) {
    if (row.since && !rules.has(*row.since)) continue;
    addresses_.push_back(address_of(row.number));
    by_number_[row.number] = row.contract;
  }
}

const Precompile* PrecompileSet::find(const Address& address) const {
  constexpr std::array<std::uint8_t, 18> kZeros{};
  if (std::memcmp(address.data(), kZeros.data(), kZeros.size()) != 0) return nullptr;
  const std::size_t number = std::size_t{address.bytes[18]} << 8 | address.bytes[19];
  return number < by_number_.size() ? by_number_[number] : nullptr;
}

}  // namespace buri::execution::evm
