#include "node/execution/evm/tracers/fault_text.hpp"

#include <map>

#include "base/hex.hpp"
#include "base/u256_words.hpp"
#include "node/execution/evm/opcode.hpp"
#include "node/execution/evm/tracers/json_text.hpp"

namespace buri::execution::evm::tracers {
namespace {

constexpr std::uint8_t kInvalidByte = static_cast<std::uint8_t>(Opcode::kInvalid);
constexpr std::uint8_t kSstoreByte = static_cast<std::uint8_t>(Opcode::kSstore);

/// The number that a precompiled contract's address is; 0 for other addresses.
unsigned contract_number(const Address& address) {
  const ByteView bytes(address);
  for (const std::uint8_t byte : bytes.first(18)) {
    if (byte != 0) return 0;
  }
  return unsigned{bytes[18]} << 8 | bytes[19];
}

/// Whether a contract takes an input of this length at all.
bool takes_length(unsigned contract, std::size_t bytes) {
  const auto pairs_of = [&](std::size_t item) { return bytes != 0 && bytes % item == 0; };
  switch (contract) {
    case 0x08:
      return bytes % 192 == 0;
    case 0x09:
      return bytes == 213;
    case 0x0a:
      return bytes == 192;
    case 0x0b:
      return bytes == 256;
    case 0x0c:
      return pairs_of(160);
    case 0x0d:
      return bytes == 512;
    case 0x0e:
      return pairs_of(288);
    case 0x0f:
      return pairs_of(384);
    case 0x10:
      return bytes == 64;
    case 0x11:
      return bytes == 128;
    default:
      return true;
  }
}

std::string panic_text(const U256& code) {
  static const std::map<std::uint64_t, std::string> texts{
      {0x00, "generic panic"},
      {0x01, "assert(false)"},
      {0x11, "arithmetic underflow or overflow"},
      {0x12, "division or modulo by zero"},
      {0x21, "enum overflow"},
      {0x22, "invalid encoded storage byte array accessed"},
      {0x31, "out-of-bounds array access; popping on an empty array"},
      {0x32, "out-of-bounds access of an array or bytesN"},
      {0x41, "out of memory"},
      {0x51, "uninitialized function"}};
  const auto found = fits_uint64(code) ? texts.find(code.limbs[0]) : texts.end();
  return found == texts.end() ? "unknown panic code: " + quantity_text(code) : found->second;
}

/// The one string of an ABI-encoded answer; nothing if it is not whole.
std::string abi_string(ByteView words) {
  constexpr std::size_t kWord = 32;
  if (words.size() < 2 * kWord || load_word(words.data()) != U256::from_uint64(kWord)) return {};
  const U256 length = load_word(words.data() + kWord);
  const ByteView rest = words.subspan(2 * kWord);
  if (!fits_uint64(length) || length.limbs[0] > rest.size()) return {};
  return std::string(as_text(rest.first(length.limbs[0])));
}

}  // namespace

std::string opcode_name(std::uint8_t opcode) {
  if (opcode == kInvalidByte) return "INVALID";
  const std::string_view name = opcode_rows()[opcode].name;
  if (!name.empty()) return std::string(name);
  return "opcode " + quantity_text(U256::from_uint64(opcode)) + " not defined";
}

std::string revert_reason(ByteView output) {
  constexpr std::array<std::uint8_t, 4> kError{0x08, 0xc3, 0x79, 0xa0};
  constexpr std::array<std::uint8_t, 4> kPanic{0x4e, 0x48, 0x7b, 0x71};
  if (output.size() < kError.size()) return {};
  const ByteView selector = output.first(kError.size());
  const ByteView words = output.subspan(kError.size());
  if (equal(selector, kError)) return abi_string(words);
  if (equal(selector, kPanic) && words.size() >= 32) return panic_text(load_word(words.data()));
  return {};
}

void FaultText::on_enter(const EnterEvent& event) {
  if (event.kind == CallKind::kSelfdestruct) return;
  const auto depth = static_cast<std::size_t>(event.depth);
  if (frames_.size() <= depth) frames_.resize(depth + 1);
  frames_[depth] = {};
  frames_[depth].code_address = event.to;
  frames_[depth].input_bytes = event.input.size();
}

void FaultText::on_step(const StepEvent& event) {
  Last& last = frames_[static_cast<std::size_t>(event.frame.depth)];
  last.has_step = true;
  last.opcode = event.opcode;
  last.gas = event.gas;
  last.height = static_cast<std::size_t>(event.top - event.frame.stack);
}

std::string FaultText::out_of_gas(const Last& last) {
  constexpr std::int64_t kReserved = 2300;
  const bool is_sentry = last.has_step && last.opcode == kSstoreByte && last.gas <= kReserved;
  return is_sentry ? "out of gas: not enough gas for reentrancy sentry" : "out of gas";
}

std::string FaultText::precompile_failure(const Last& last) {
  const unsigned contract = contract_number(last.code_address);
  if (contract == 0x08 && !takes_length(contract, last.input_bytes)) {
    return "bad elliptic curve pairing size";
  }
  if (!takes_length(contract, last.input_bytes)) return "invalid input length";
  if (contract == 0x09) return "invalid final flag";
  return std::string(evm::describe(Status::kPrecompileFailure));
}

std::string FaultText::describe(const ExitEvent& event) const {
  const Last& last = frames_[static_cast<std::size_t>(event.depth)];
  const OpcodeRow& row = opcode_rows()[last.opcode];
  switch (event.status) {
    case Status::kOutOfGas:
      return out_of_gas(last);
    case Status::kStackUnderflow:
      return "stack underflow (" + std::to_string(last.height) + " <=> " +
             std::to_string(row.inputs) + ")";
    case Status::kStackOverflow:
      return "stack limit reached " + std::to_string(last.height) + " (" +
             std::to_string(kStackLimit + row.inputs - row.outputs) + ")";
    case Status::kInvalidOpcode:
      return "invalid opcode: " + opcode_name(last.opcode);
    case Status::kPrecompileFailure:
      return precompile_failure(last);
    default:
      return std::string(evm::describe(event.status));
  }
}

}  // namespace buri::execution::evm::tracers
