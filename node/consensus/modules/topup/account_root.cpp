#include <algorithm>
#include <array>

#include "accel/hasher.hpp"
#include "node/consensus/modules/topup/keeper.hpp"
#include "node/consensus/runtime/address.hpp"

/// The tree over dividend accounts: a leaf is keccak256(address, amount), a word each; an odd leaf
/// is doubled, and so is an odd node of any level above.

namespace buri::consensus::modules::topup {
namespace {

using runtime::Integer;
using runtime::Outcome;

struct Leaf {
  Address user;
  U256 fee;
};

/// Ascending by address.
Outcome<std::vector<Leaf>> leaves_of(std::span<const DividendAccount> accounts) {
  std::vector<Leaf> leaves;
  for (const DividendAccount& account : accounts) {
    ASSIGN_OR_RETURN(const Address user, runtime::parse_address(account.user));
    const auto fee = Integer::from_decimal(account.fee_amount);
    if (!fee) return Failure{runtime::nil_panic()};
    leaves.push_back({user, fee->magnitude()});
  }
  std::ranges::sort(leaves, {}, &Leaf::user);
  return leaves;
}

std::vector<Hash256> hashes_of(std::span<const Leaf> leaves) {
  std::vector<std::array<std::uint8_t, 64>> contents(leaves.size());
  std::vector<ByteView> messages;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    contents[i].fill(0);
    std::ranges::copy(leaves[i].user.bytes, contents[i].begin() + 12);
    std::ranges::copy(leaves[i].fee.to_word().bytes, contents[i].begin() + 32);
    messages.emplace_back(contents[i]);
  }
  std::vector<Hash256> hashes(leaves.size());
  accel::best_hasher().keccak256_batch(messages, hashes);
  return hashes;
}

}  // namespace

Outcome<Hash256> account_root(std::span<const DividendAccount> accounts) {
  ASSIGN_OR_RETURN(const std::vector<Leaf> leaves, leaves_of(accounts));
  if (leaves.empty()) {
    return Failure{runtime::plain_error("error: cannot construct tree with no content")};
  }
  std::vector<Hash256> level = hashes_of(leaves);
  do {
    if (level.size() % 2 == 1) level.push_back(level.back());
    std::vector<Hash256> parents(level.size() / 2);
    accel::best_hasher().keccak256_pairs(level, parents);
    level = std::move(parents);
  } while (level.size() > 1);
  return level.front();
}

}  // namespace buri::consensus::modules::topup
