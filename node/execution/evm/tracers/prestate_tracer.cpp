#include "node/execution/evm/tracers/prestate_tracer.hpp"

#include "base/codec/rlp.hpp"
#include "base/hex.hpp"
#include "node/execution/evm/delegation.hpp"
#include "node/execution/evm/evm.hpp"
#include "node/execution/evm/keccak.hpp"
#include "node/execution/evm/opcode.hpp"
#include "node/execution/evm/prices.hpp"
#include "node/execution/evm/tracers/json_text.hpp"

namespace buri::execution::evm::tracers {
namespace {

using enum Opcode;

std::size_t height_of(const StepEvent& event) {
  return static_cast<std::size_t>(event.top - event.frame.stack);
}

}  // namespace

Address creation_address(const Address& creator, std::uint64_t nonce) {
  const Bytes preimage = RlpWriter().bytes(creator).integer(nonce).as_list();
  return Address::from(ByteView(keccak256(preimage)).subspan(12));
}

PrestateTracer::Image PrestateTracer::read(const Address& address) {
  Account& account = state_.account(address);
  const ByteView code = state_.code(account);
  return {.nonce = account.nonce,
          .balance = account.balance,
          .code = {code.begin(), code.end()},
          .code_hash = account.code_hash,
          .storage = {}};
}

void PrestateTracer::see(const Address& address) {
  if (before_.contains(address)) return;
  if (state_.account(address).is_empty()) absent_.insert(address);
  before_[address] = read(address);
}

void PrestateTracer::begin(const Transaction& transaction, const Address& fee_receiver) {
  see(transaction.sender);
  const std::uint64_t nonce = state_.account(transaction.sender).nonce;
  const Address to = transaction.to ? *transaction.to : creation_address(transaction.sender, nonce);
  if (!transaction.to) created_.insert(to);
  see(to);
  if (const auto target = delegation_target(state_.code(state_.account(to)))) see(*target);
  see(fee_receiver);
  for (const Authorization& authorization : transaction.authorizations) {
    if (authorization.authority) see(*authorization.authority);
  }
}

void PrestateTracer::sight_account(const Address& address) {
  sightings_.push_back({.address = address, .account = read(address), .slot = std::nullopt});
}

void PrestateTracer::sight_slot(Account& account, const U256& key) {
  if (options_.disable_storage) return;
  sightings_.push_back({.address = account.address,
                        .account = std::nullopt,
                        .slot = std::pair(key, state_.slot(account, key).current)});
}

void PrestateTracer::sight_instruction(const StepEvent& event) {
  const std::size_t height = height_of(event);
  Account& self = event.frame.self;
  switch (static_cast<Opcode>(event.opcode)) {
    case kSload:
    case kSstore:
      if (height >= 1) sight_slot(self, event.top[0]);
      return;
    case kSelfdestruct:
    case kBalance:
    case kExtcodesize:
    case kExtcodecopy:
    case kExtcodehash:
      if (height >= 1) sight_account(to_address(event.top[0]));
      break;
    case kCall:
    case kCallcode:
    case kDelegatecall:
    case kStaticcall: {
      if (height < 5) return;
      const Address target = to_address(event.top[-1]);
      sight_account(target);
      const auto delegate = delegation_target(state_.code(state_.account(target)));
      if (delegate) sight_account(*delegate);
      return;
    }
    default:
      return;
  }
  const bool ends = static_cast<Opcode>(event.opcode) == kSelfdestruct;
  const bool keeps = event.frame.evm.rules().has(Proposal::kEip6780);
  if (ends && (!keeps || created_.contains(self.address))) deleted_.insert(self.address);
}

void PrestateTracer::take_sightings() {
  for (Sighting& sighting : sightings_) {
    if (sighting.slot) {
      Image& image = before_[sighting.address];
      image.storage.try_emplace(sighting.slot->first, sighting.slot->second);
    } else {
      const Image& seen = *sighting.account;
      const bool is_absent = seen.nonce == 0 && seen.balance == U256{} && seen.code.empty();
      const bool is_new =
          before_.try_emplace(sighting.address, *std::move(sighting.account)).second;
      if (is_new && is_absent) absent_.insert(sighting.address);
    }
  }
  sightings_.clear();
}

void PrestateTracer::on_step(const StepEvent& event) {
  take_sightings();
  sight_instruction(event);
}

void PrestateTracer::on_enter(const EnterEvent& event) {
  take_sightings();
  const bool creates = event.kind == CallKind::kCreate || event.kind == CallKind::kCreate2;
  if (!creates || event.depth == 0) return;
  created_.insert(event.to);
  see(event.to);
}

void PrestateTracer::on_exit(const ExitEvent& event) {
  const bool is_refused = event.status == Status::kOutOfGas ||
                          event.status == Status::kStackUnderflow ||
                          event.status == Status::kStackOverflow;
  if (is_refused) {
    sightings_.clear();
  } else {
    take_sightings();
  }
}

void PrestateTracer::prune() {
  if (options_.include_empty) return;
  for (const Address& address : absent_) before_.erase(address);
}

/// Takes out of `before` the slots that say nothing: zero, or unchanged.
std::optional<PrestateTracer::Change> PrestateTracer::change_of(const Address& address,
                                                                Image& before) {
  Account& account = state_.account(address);
  Change change;
  bool is_changed = false;
  if (account.balance != before.balance) change.balance = account.balance;
  if (account.nonce != before.nonce) change.nonce = account.nonce;
  if (account.code_hash != before.code_hash) {
    const ByteView code = state_.code(account);
    change.code = Bytes(code.begin(), code.end());
  }
  is_changed = change.balance || change.nonce || change.code;
  for (auto slot = before.storage.begin(); slot != before.storage.end();) {
    const auto& [key, value] = *slot;
    const U256 now = state_.slot(account, key).current;
    if (now != value) is_changed = true;
    if (now != value && !is_zero(now)) change.storage[key] = now;
    const bool says_nothing = is_zero(value) || now == value;
    slot = says_nothing ? before.storage.erase(slot) : std::next(slot);
  }
  if (!is_changed) return std::nullopt;
  return change;
}

void PrestateTracer::write_storage(const std::map<U256, U256>& storage, JsonText& json) {
  if (storage.empty()) return;
  json.key("storage").open('{');
  for (const auto& [key, value] : storage) {
    json.key("0x" + to_hex(key.to_word())).hex(value.to_word());
  }
  json.close('}');
}

void PrestateTracer::write(const Image& image, JsonText& json) const {
  json.open('{').key("balance").quantity(image.balance);
  if (!image.code.empty() && !options_.disable_code) {
    json.key("code").hex(image.code).key("codeHash").hex(image.code_hash);
  }
  if (image.nonce != 0) json.key("nonce").number(image.nonce);
  write_storage(image.storage, json);
  json.close('}');
}

void PrestateTracer::write(const Change& change, JsonText& json) const {
  json.open('{');
  if (change.balance) json.key("balance").quantity(*change.balance);
  if (change.code && !options_.disable_code) {
    // Code that was taken away has the hash zero in Bor's answers.
    const bool is_gone = change.code->empty();
    if (!is_gone) json.key("code").hex(*change.code);
    json.key("codeHash").hex(is_gone ? Hash256{} : keccak256(*change.code));
  }
  if (change.nonce.value_or(0) != 0) json.key("nonce").number(*change.nonce);
  write_storage(change.storage, json);
  json.close('}');
}

std::string PrestateTracer::write_diff() {
  std::map<Address, Change> after;
  for (auto entry = before_.begin(); entry != before_.end();) {
    auto& [address, image] = *entry;
    if (deleted_.contains(address)) {
      ++entry;
      continue;
    }
    auto change = change_of(address, image);
    const bool is_changed = change.has_value();
    if (is_changed) after.emplace(address, *std::move(change));
    entry = is_changed ? std::next(entry) : before_.erase(entry);
  }
  prune();
  JsonText json;
  json.open('{').key("post").open('{');
  for (const auto& [address, change] : after) {
    json.key("0x" + to_hex(address));
    write(change, json);
  }
  json.close('}').key("pre").open('{');
  for (const auto& [address, image] : before_) {
    json.key("0x" + to_hex(address));
    write(image, json);
  }
  return json.close('}').close('}').take();
}

std::string PrestateTracer::finish(const TransactionOutcome&) {
  if (options_.diff_mode) return write_diff();
  prune();
  JsonText json;
  json.open('{');
  for (const auto& [address, image] : before_) {
    json.key("0x" + to_hex(address));
    write(image, json);
  }
  return json.close('}').take();
}

}  // namespace buri::execution::evm::tracers
