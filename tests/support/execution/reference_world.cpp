#include "tests/support/execution/reference_world.hpp"

namespace buri::testing::reference {
namespace {

const Word kModulus = Word(1) << 256;

}  // namespace

Word to_word(ByteView big_endian) {
  Word value;
  mpz_import(value.get_mpz_t(), big_endian.size(), 1, 1, 1, 0, big_endian.data());
  return value;
}
Word to_word(const U256& value) { return to_word(ByteView(value.to_word())); }
Word to_word(const Address& address) { return to_word(ByteView(address)); }

U256 to_u256(const Word& value) {
  CHECK(value >= 0 && value < kModulus, "a word of the reference is out of range");
  std::array<std::uint8_t, 32> bytes{};
  const std::size_t size = (mpz_sizeinbase(value.get_mpz_t(), 2) + 7) / 8;
  mpz_export(bytes.data() + 32 - size, nullptr, 1, 1, 1, 0, value.get_mpz_t());
  return *U256::from_big_endian(bytes);
}

Address to_address(const Word& value) {
  const Hash256 word = to_u256(value).to_word();
  return Address::from(ByteView(word).subspan(12));
}

Word wrapped(const Word& value) {
  Word result;
  mpz_fdiv_r_2exp(result.get_mpz_t(), value.get_mpz_t(), 256);
  return result;
}

Word as_signed(const Word& value) { return value < kModulus / 2 ? value : Word(value - kModulus); }

Account World::read(const Address& address) const {
  const auto found = accounts.find(address);
  return found == accounts.end() ? Account{} : found->second;
}

Word World::storage(const Address& address, const Word& key) const {
  const auto account = accounts.find(address);
  if (account == accounts.end()) return 0;
  const auto slot = account->second.storage.find(key);
  return slot == account->second.storage.end() ? Word(0) : slot->second;
}

void World::set_storage(const Address& address, const Word& key, const Word& value) {
  auto& storage = accounts[address].storage;
  if (value == 0) {
    storage.erase(key);
  } else {
    storage[key] = value;
  }
}

World world_of(const MemoryState& state) {
  World world;
  for (const auto& [address, from] : state.accounts) {
    Account& to = world.accounts[address];
    to.nonce = Word(static_cast<unsigned long>(from.nonce));
    to.balance = to_word(from.balance);
    to.code = from.code;
    for (const auto& [key, value] : from.storage) to.storage[to_word(key)] = to_word(value);
  }
  return world;
}

std::map<Address, MemoryAccount> accounts_of(const World& world) {
  std::map<Address, MemoryAccount> accounts;
  for (const auto& [address, from] : world.accounts) {
    MemoryAccount& to = accounts[address];
    to.nonce = from.nonce.get_ui();
    to.balance = to_u256(from.balance);
    to.code = from.code;
    for (const auto& [key, value] : from.storage) to.storage[to_u256(key)] = to_u256(value);
  }
  return accounts;
}

void finalize(World& world, const Substate& substate) {
  for (const Address& address : substate.destroyed) world.accounts.erase(address);
  for (const Address& address : substate.touched) {
    if (world.is_dead(address)) world.accounts.erase(address);
  }
}

}  // namespace buri::testing::reference
