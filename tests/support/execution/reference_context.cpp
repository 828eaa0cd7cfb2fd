#include "node/execution/evm/keccak.hpp"
#include "tests/support/execution/reference_run.hpp"

/// Appendix H.2, 30s and 40s: what code reads of its message, its block and other accounts.

namespace buri::testing::reference {
namespace {

using execution::evm::keccak256;
using enum execution::evm::Proposal;

Word number(std::uint64_t value) { return Word(static_cast<unsigned long>(value)); }

/// Thirty-two bytes of the input, zeros beyond its end.
Word input_word(const Bytes& input, const Word& offset) {
  Word value = 0;
  for (unsigned long i = 0; i < 32; ++i) {
    const Word at = offset + i;
    value = value * 256 + (at < number(input.size()) ? input[at.get_ui()] : 0);
  }
  return value;
}

/// BLOCKHASH: of the 256 blocks before this one.
Word hash_of_block(const execution::evm::BlockContext& block, const Word& asked) {
  const Word now = number(block.number);
  if (asked >= now || asked + 256 < now) return 0;
  return to_word(ByteView(block.hash_of_block(asked.get_ui())));
}

}  // namespace

void Run::context(std::uint8_t opcode) {
  switch (opcode) {
    case 0x30:
      return put(to_word(self()));
    case 0x32:
      return put(to_word(machine_.environment.origin));
    case 0x33:
      return put(to_word(message_.caller));
    case 0x34:
      return put(message_.value);
    case 0x35:
      return put(input_word(message_.input, pop()));
    case 0x36:
      return put(message_.input.size());
    case 0x38:
      return put(code_.size());
    case 0x3a:
      return put(machine_.environment.gas_price);
    default:  // RETURNDATASIZE
      return put(return_data_.size());
  }
}

void Run::block(std::uint8_t opcode) {
  const auto& block = machine_.environment.block;
  switch (opcode) {
    case 0x40:
      return put(hash_of_block(block, pop()));
    case 0x41:
      return put(to_word(block.coinbase));
    case 0x42:
      return put(block.timestamp);
    case 0x43:
      return put(block.number);
    case 0x44:
      return put(to_word(has(kEip4399) ? block.random : block.difficulty));
    case 0x45:
      return put(block.gas_limit);
    case 0x46:
      return put(to_word(block.chain_id));
    case 0x47:
      return put(machine_.world.read(self()).balance);
    case 0x48:
      return put(to_word(block.base_fee));
    case 0x49:  // BLOBHASH: no transaction here has blobs
      pop();
      return put(std::uint64_t{0});
    default:
      return put(to_word(block.blob_base_fee));
  }
}

Word Run::access_price(const Address& address, int before_eip2929) {
  if (!has(kEip2929)) return before_eip2929;
  return machine_.warm_up(address) ? 2600 : 100;
}

void Run::account(std::uint8_t opcode) {
  const Address address = to_address(pop());
  const int balance_price = has(kEip1884) ? 700 : 400;
  const bool is_code = opcode == 0x3b || opcode == 0x3c;
  const Word price = access_price(address, is_code ? 700 : balance_price);
  const Account found = machine_.world.read(address);
  if (opcode == 0x3c) {  // EXTCODECOPY
    const Word to = pop();
    const Word from = pop();
    const Word length = pop();
    if (pay(price + 3 * ((length + 31) / 32), {to, length})) {
      write_memory(to, found.code, from, length);
    }
    return;
  }
  if (!pay(price)) return;
  if (opcode == 0x31) return put(found.balance);
  if (opcode == 0x3b) return put(found.code.size());
  put(found.is_empty() ? Word(0) : to_word(ByteView(keccak256(found.code))));
}

}  // namespace buri::testing::reference
