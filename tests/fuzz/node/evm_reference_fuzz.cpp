#include <cstdio>

#include "node/execution/evm/delegation.hpp"
#include "tests/support/execution/reference_compare.hpp"

/// Any bytes as code against the reference: the first byte picks the rules, the next two are the
/// gas, the rest is the code of a contract that may call itself and a neighbour that designates it.

namespace {

using namespace buri;
using namespace buri::testing;
using enum execution::evm::Proposal;

constexpr Address kContract{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc0}};
constexpr Address kNeighbour{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc1}};
constexpr Address kCaller{{0xbb}};

execution::evm::Rules rules_of(std::uint8_t choice) {
  constexpr std::array<std::string_view, 4> kForks{"Istanbul", "London", "Cancun", "Prague"};
  const execution::evm::Rules rules = *execution::evm::ethereum_rules(kForks[choice % 4]);
  // Bor's prices presuppose those of Berlin.
  const bool is_bors = choice >= 128 && rules.has(kEip2929);
  return is_bors ? rules.with(kPip88).with(kEip7939).with(kPip30) : rules;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  Scenario scenario;
  scenario.rules = rules_of(data[0]);
  scenario.gas = 2 * (data[1] << 8 | data[2]);
  scenario.caller = kCaller;
  scenario.to = kContract;
  scenario.block.number = 300;
  scenario.block.hash_of_block = [](std::uint64_t number) {
    return U256::from_uint64(number).to_word();
  };
  scenario.state.accounts[kCaller].balance = U256::from_uint64(100);
  scenario.state.accounts[kContract] = {.nonce = 1,
                                        .balance = U256::from_uint64(5),
                                        .code = Bytes(data + 3, data + size),
                                        .storage = {{U256{}, U256::from_uint64(1)}}};
  scenario.state.accounts[kNeighbour] = {
      .nonce = 1, .balance = {}, .code = execution::evm::delegation_code(kContract), .storage = {}};
  const Comparison comparison = compare_with_reference(scenario);
  if (comparison.difference) std::fprintf(stderr, "%s\n", comparison.difference->c_str());
  CHECK(!comparison.difference, "the EVM and the reference differ");
  return 0;
}
