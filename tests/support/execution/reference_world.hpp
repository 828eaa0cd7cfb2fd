#pragma once

#include <gmpxx.h>

#include <map>
#include <set>
#include <vector>

#include "node/execution/evm/context.hpp"
#include "node/execution/evm/log.hpp"
#include "node/execution/evm/rules.hpp"
#include "tests/support/execution/memory_state.hpp"

/// The world state and what accrues beside it, as the yellow paper has them: plain maps, copied
/// whole where a call might be undone. Everything named reference_* is one slow interpreter,
/// written from the paper and the proposals with nothing of node/execution/evm but the precompiled
/// contracts, which have vectors of their own, so that what both agree on is no shared mistake.

namespace buri::testing::reference {

/// A word of the machine, or any number on the way to one: integers without bounds.
using Word = mpz_class;

Word to_word(const U256& value);
Word to_word(ByteView big_endian);
Word to_word(const Address& address);
/// REQUIRES: 0 <= value < 2^256.
U256 to_u256(const Word& value);
/// The lower 20 bytes.
Address to_address(const Word& value);
/// The value modulo 2^256, of negative ones too.
Word wrapped(const Word& value);
/// The value in two's complement.
Word as_signed(const Word& value);

/// sigma[a], section 4.1.
struct Account {
  Word nonce = 0;
  Word balance = 0;
  Bytes code;
  std::map<Word, Word> storage;  ///< without zeros

  [[nodiscard]] bool is_empty() const { return nonce == 0 && balance == 0 && code.empty(); }
};

/// sigma: accounts that do not exist are not in it.
class World {
 public:
  std::map<Address, Account> accounts;

  /// The account, an empty one if it does not exist.
  [[nodiscard]] Account read(const Address& address) const;
  [[nodiscard]] Word storage(const Address& address, const Word& key) const;
  void set_storage(const Address& address, const Word& key, const Word& value);
  /// DEAD(sigma, a): not there or empty.
  [[nodiscard]] bool is_dead(const Address& address) const { return read(address).is_empty(); }
};

/// A, section 6.1, with what later proposals put beside it.
struct Substate {
  std::set<Address> destroyed;
  std::set<Address> touched;
  std::set<Address> created;
  std::set<Address> warm_accounts;                     ///< EIP-2929
  std::set<std::pair<Address, Word>> warm_slots;       ///< EIP-2929
  std::map<std::pair<Address, Word>, Word> transient;  ///< EIP-1153
  std::vector<execution::evm::Log> logs;
  Word refund = 0;
};

/// The world of a state in memory.
World world_of(const MemoryState& state);
/// The other way.
std::map<Address, MemoryAccount> accounts_of(const World& world);

/// What the end of a transaction deletes: section 6.2, the last state.
void finalize(World& world, const Substate& substate);

}  // namespace buri::testing::reference
