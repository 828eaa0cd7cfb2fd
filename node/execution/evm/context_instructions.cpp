#include "node/execution/evm/analysed_code.hpp"
#include "node/execution/evm/context.hpp"
#include "node/execution/evm/dispatch.hpp"
#include "node/execution/evm/evm.hpp"
#include "node/execution/evm/handlers.hpp"
#include "node/execution/evm/opcode.hpp"
#include "node/execution/evm/prices.hpp"

/// What code reads of its call, its transaction, its block and other accounts.

namespace buri::execution::evm {
namespace {

U256 address(const Frame& frame) { return to_word(frame.self.address); }
U256 origin(const Frame& frame) { return to_word(frame.transaction.origin); }
U256 caller(const Frame& frame) { return to_word(frame.caller); }
U256 call_value(const Frame& frame) { return frame.value; }
U256 input_size(const Frame& frame) { return U256::from_uint64(frame.input.size()); }
U256 code_size(const Frame& frame) { return U256::from_uint64(frame.code.bytes().size()); }
U256 gas_price(const Frame& frame) { return frame.transaction.gas_price; }
U256 return_data_size(const Frame& frame) { return U256::from_uint64(frame.return_data.size()); }
U256 coinbase(const Frame& frame) { return to_word(frame.block.coinbase); }
U256 timestamp(const Frame& frame) { return U256::from_uint64(frame.block.timestamp); }
U256 number(const Frame& frame) { return U256::from_uint64(frame.block.number); }
U256 gas_limit(const Frame& frame) { return U256::from_uint64(frame.block.gas_limit); }
U256 chain_id(const Frame& frame) { return frame.block.chain_id; }
U256 self_balance(const Frame& frame) { return frame.self.balance; }
U256 base_fee(const Frame& frame) { return frame.block.base_fee; }
U256 blob_base_fee(const Frame& frame) { return frame.block.blob_base_fee; }
U256 difficulty(const Frame& frame) {
  return frame.evm.rules().has(Proposal::kEip4399) ? frame.block.random : frame.block.difficulty;
}

U256 input_word(const Frame& frame, const U256& offset) {
  const std::size_t size = frame.input.size();
  if (!fits_uint64(offset) || offset.limbs[0] >= size) return {};
  const std::size_t from = offset.limbs[0];
  if (size - from >= 32) return load_word(frame.input.data() + from);
  std::array<std::uint8_t, 32> word{};
  std::memcpy(word.data(), frame.input.data() + from, size - from);
  return load_word(word.data());
}

U256 block_hash(const Frame& frame, const U256& asked) {
  constexpr std::uint64_t kReach = 256;
  const std::uint64_t now = frame.block.number;
  if (!fits_uint64(asked) || asked.limbs[0] >= now || now - asked.limbs[0] > kReach) return {};
  return load_word(frame.block.hash_of_block(asked.limbs[0]).data());
}

U256 blob_hash(const Frame& frame, const U256& index) {
  const auto hashes = frame.transaction.blob_hashes;
  if (!fits_uint64(index) || index.limbs[0] >= hashes.size()) return {};
  return load_word(hashes[index.limbs[0]].data());
}

Status balance(const Instruction*, U256* top, std::int64_t& gas, Frame& frame) {
  const Account& account = use_account(frame, top[0], gas);
  top[0] = account.balance;
  return gas < 0 ? Status::kOutOfGas : Status::kRunning;
}

Status external_code_size(const Instruction*, U256* top, std::int64_t& gas, Frame& frame) {
  Account& account = use_account(frame, top[0], gas);
  if (gas < 0) return Status::kOutOfGas;
  top[0] = U256::from_uint64(frame.state.code(account).size());
  return Status::kRunning;
}

Status external_code_hash(const Instruction*, U256* top, std::int64_t& gas, Frame& frame) {
  const Account& account = use_account(frame, top[0], gas);
  top[0] = account.is_empty() ? U256{} : load_word(account.code_hash.data());
  return gas < 0 ? Status::kOutOfGas : Status::kRunning;
}

}  // namespace

void add_context(HandlerTable& opcodes) {
  using enum Opcode;
  const auto set = [&](Opcode opcode, Handler handler) {
    opcodes[static_cast<std::uint8_t>(opcode)] = handler;
  };
  set(kAddress, push_read<address>);
  set(kBalance, fallible<balance, 0>);
  set(kOrigin, push_read<origin>);
  set(kCaller, push_read<caller>);
  set(kCallvalue, push_read<call_value>);
  set(kCalldataload, replace_read<input_word>);
  set(kCalldatasize, push_read<input_size>);
  set(kCodesize, push_read<code_size>);
  set(kGasprice, push_read<gas_price>);
  set(kExtcodesize, fallible<external_code_size, 0>);
  set(kReturndatasize, push_read<return_data_size>);
  set(kExtcodehash, fallible<external_code_hash, 0>);
  set(kBlockhash, replace_read<block_hash>);
  set(kCoinbase, push_read<coinbase>);
  set(kTimestamp, push_read<timestamp>);
  set(kNumber, push_read<number>);
  set(kDifficulty, push_read<difficulty>);
  set(kGaslimit, push_read<gas_limit>);
  set(kChainid, push_read<chain_id>);
  set(kSelfbalance, push_read<self_balance>);
  set(kBasefee, push_read<base_fee>);
  set(kBlobhash, replace_read<blob_hash>);
  set(kBlobbasefee, push_read<blob_base_fee>);
}

}  // namespace buri::execution::evm
