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

/// The tree's levels from the leaves up, each made even but the root's.
Outcome<std::vector<std::vector<Hash256>>> levels_of(std::span<const Leaf> leaves) {
  if (leaves.empty()) {
    return Failure{runtime::plain_error("error: cannot construct tree with no content")};
  }
  std::vector<std::vector<Hash256>> levels{hashes_of(leaves)};
  do {
    std::vector<Hash256>& level = levels.back();
    if (level.size() % 2 == 1) level.push_back(level.back());
    std::vector<Hash256> parents(level.size() / 2);
    accel::best_hasher().keccak256_pairs(level, parents);
    levels.push_back(std::move(parents));
  } while (levels.back().size() > 1);
  return levels;
}

}  // namespace

Outcome<Hash256> account_root(std::span<const DividendAccount> accounts) {
  ASSIGN_OR_RETURN(const std::vector<Leaf> leaves, leaves_of(accounts));
  ASSIGN_OR_RETURN(const auto levels, levels_of(leaves));
  return levels.back().front();
}

Outcome<AccountPath> account_path(std::span<const DividendAccount> accounts,
                                  std::string_view user) {
  ASSIGN_OR_RETURN(const std::vector<Leaf> leaves, leaves_of(accounts));
  ASSIGN_OR_RETURN(const auto levels, levels_of(leaves));
  const auto address = runtime::parse_address(user);
  const auto leaf = address.ok() ? std::ranges::find(leaves, *address, &Leaf::user) : leaves.end();
  AccountPath path;
  if (leaf == leaves.end()) return path;
  path.index = static_cast<std::uint64_t>(leaf - leaves.begin());
  std::size_t place = path.index;
  for (std::size_t i = 0; i + 1 < levels.size(); ++i, place /= 2) {
    append(path.siblings, levels[i][place ^ 1]);
  }
  return path;
}

}  // namespace buri::consensus::modules::topup
