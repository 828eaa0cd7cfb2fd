#include "node/devnet/root_chain_script.hpp"

#include <fmt/format.h>

#include <array>

#include "base/check.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/devnet/script_keys.hpp"

namespace buri::devnet {
namespace {

using enum EventKind;

constexpr std::uint64_t kFirstBlock = 1'000;
constexpr std::uint64_t kBlocksPerEvent = 4;
constexpr std::uint64_t kLogIndex = 2;
constexpr std::uint64_t kTopUpWei = 5'000'000'000'000'000'000;
constexpr std::uint64_t kToken = 1'000'000'000'000'000'000;  // in wei: one unit of voting power

/// What happens in turn. The joining validator does everything within its cycle.
constexpr std::array kCycle{kStateSynced, kTopUpFee,    kStakeUpdate,  kStaked,
                            kTopUpFee,    kStateSynced, kSignerChange, kTopUpFee,
                            kStakeUpdate, kStateSynced, kUnstakeInit,  kStakeUpdate};
constexpr std::size_t kJoinersUpdate = 8;  // the place in the cycle

/// How many events of a kind stand before a place.
std::uint64_t count_before(std::uint64_t place, EventKind kind) {
  const auto in = [kind](std::size_t places) {
    return static_cast<std::uint64_t>(std::count(kCycle.begin(), kCycle.begin() + places, kind));
  };
  return place / kCycle.size() * in(kCycle.size()) + in(place % kCycle.size());
}

U256 tokens(std::uint64_t count) {
  // Below 18 tokens a 64-bit number of wei would do; stakes are higher.
  const auto text = std::to_string(count) + std::to_string(kToken).substr(1);
  return U256::from_decimal(text).value();
}

Hash256 tx_hash_at(std::uint64_t place) {
  return keccak(as_bytes(fmt::format("buri devnet event {}", place)));
}

Address low_address(std::uint64_t number) {
  return Address::from(ByteView(U256::from_uint64(number).to_word()).last(Address::kSize));
}

void set_signer(ScriptedEvent& event, const FixedBytes<65>& key) {
  event.public_key = key;
  event.address = consensus::runtime::address_of_key(key);
}

/// The validator that joins in a cycle, with its first or second key.
FixedBytes<65> joiners_key(std::uint64_t cycle, int which) {
  return scripted_public_key(fmt::format("buri devnet joiner {} key {}", cycle, which));
}

/// An event of the validator that joins, grows and leaves within the cycle.
void fill_joiner(ScriptedEvent& event, std::uint64_t cycle, std::uint64_t validators) {
  event.id = validators + 1 + cycle;
  switch (event.kind) {
    case kStaked:
      event.nonce = 1;
      event.amount_wei = tokens(1);
      return set_signer(event, joiners_key(cycle, 1));
    case kSignerChange:
      event.nonce = 2;
      event.old_signer = consensus::runtime::address_of_key(joiners_key(cycle, 1));
      return set_signer(event, joiners_key(cycle, 2));
    case kStakeUpdate:
      event.nonce = 3;
      event.amount_wei = tokens(2);
      return;
    default:
      event.nonce = 4;
      event.amount_wei = tokens(2);
      event.epoch = cycle + 1;
      return set_signer(event, joiners_key(cycle, 2));
  }
}

/// The validators of the genesis in turn, each near to where it began, so that any three of four
/// still decide.
void fill_stake_update(ScriptedEvent& event, std::uint64_t cycle, std::uint64_t validators) {
  const std::uint64_t turn = 2 * cycle + (event.place % kCycle.size() > kJoinersUpdate ? 1 : 0);
  event.id = turn % validators + 1;
  event.nonce = turn / validators + 2;
  event.amount_wei = tokens(100 + turn * 3 % 11);
}

}  // namespace

std::string_view event_name(EventKind kind) {
  constexpr std::array<std::string_view, 6> kNames{"state_sync", "top_up",        "stake_update",
                                                   "join",       "signer_update", "exit"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::uint64_t root_chain_head(std::uint64_t seconds) { return kFirstBlock + seconds; }

ScriptedEvent event_at(std::uint64_t place, std::uint64_t validators) {
  CHECK(validators > 0, "a chain has validators");
  const std::uint64_t cycle = place / kCycle.size();
  ScriptedEvent event;
  event.place = place;
  event.kind = kCycle[place % kCycle.size()];
  event.block_number = kFirstBlock + (place + 1) * kBlocksPerEvent;
  event.log_index = kLogIndex;
  event.tx_hash = tx_hash_at(place);
  if (event.kind == kStateSynced) {
    event.id = count_before(place, kStateSynced) + 1;
    event.address = low_address(0xc0);
    const std::string content = fmt::format("message {}", event.id);
    event.data.assign(content.begin(), content.end());
  } else if (event.kind == kTopUpFee) {
    event.address = low_address(0xb001 + count_before(place, kTopUpFee));
    event.amount_wei = U256::from_uint64(kTopUpWei);
  } else if (event.kind == kStakeUpdate && place % kCycle.size() != kJoinersUpdate) {
    fill_stake_update(event, cycle, validators);
  } else {
    fill_joiner(event, cycle, validators);
  }
  return event;
}

std::uint64_t event_count(std::uint64_t block_number) {
  return block_number < kFirstBlock ? 0 : (block_number - kFirstBlock) / kBlocksPerEvent;
}

std::optional<ScriptedEvent> event_of(const Hash256& tx_hash, std::uint64_t block_number,
                                      std::uint64_t validators) {
  // The newest are asked for most.
  for (std::uint64_t place = event_count(block_number); place-- > 0;) {
    if (tx_hash_at(place) == tx_hash) return event_at(place, validators);
  }
  return std::nullopt;
}

std::uint64_t message_count(std::uint64_t block_number) {
  return count_before(event_count(block_number), kStateSynced);
}

}  // namespace buri::devnet
