#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "node/execution/evm/gas_schedule.hpp"
#include "node/execution/evm/rules.hpp"

/// The instruction set as a table. Source: Ethereum yellow paper, appendix H; the EIPs of
/// rules.hpp.

namespace buri::execution::evm {

/// The opcodes that code speaks of by name; PUSH, DUP, SWAP and LOG of any number are reckoned from
/// their first.
enum class Opcode : std::uint8_t {
  kStop = 0x00,
  kAdd,
  kMul,
  kSub,
  kDiv,
  kSdiv,
  kMod,
  kSmod,
  kAddmod,
  kMulmod,
  kExp,
  kSignextend,
  kLt = 0x10,
  kGt,
  kSlt,
  kSgt,
  kEq,
  kIszero,
  kAnd,
  kOr,
  kXor,
  kNot,
  kByte,
  kShl,
  kShr,
  kSar,
  kClz,
  kKeccak256 = 0x20,
  kAddress = 0x30,
  kBalance,
  kOrigin,
  kCaller,
  kCallvalue,
  kCalldataload,
  kCalldatasize,
  kCalldatacopy,
  kCodesize,
  kCodecopy,
  kGasprice,
  kExtcodesize,
  kExtcodecopy,
  kReturndatasize,
  kReturndatacopy,
  kExtcodehash,
  kBlockhash = 0x40,
  kCoinbase,
  kTimestamp,
  kNumber,
  kDifficulty,
  kGaslimit,
  kChainid,
  kSelfbalance,
  kBasefee,
  kBlobhash,
  kBlobbasefee,
  kPop = 0x50,
  kMload,
  kMstore,
  kMstore8,
  kSload,
  kSstore,
  kJump,
  kJumpi,
  kPc,
  kMsize,
  kGas,
  kJumpdest,
  kTload,
  kTstore,
  kMcopy,
  kPush0,
  kPush1 = 0x60,
  kPush32 = 0x7f,
  kDup1 = 0x80,
  kDup16 = 0x8f,
  kSwap1 = 0x90,
  kSwap16 = 0x9f,
  kLog0 = 0xa0,
  kLog4 = 0xa4,
  kCreate = 0xf0,
  kCall,
  kCallcode,
  kReturn,
  kDelegatecall,
  kCreate2,
  kStaticcall = 0xfa,
  kRevert = 0xfd,
  kInvalid,
  kSelfdestruct,
};

/// What holds of an opcode under every set of rules.
struct OpcodeRow {
  std::string_view name;               ///< "ADD"; empty if no rules define the opcode
  std::uint8_t inputs = 0;             ///< words taken from the stack
  std::uint8_t outputs = 0;            ///< words put on it
  std::int16_t gas = 0;                ///< the part of the price that is paid in every case
  std::optional<Proposal> since = {};  ///< the proposal that brings it; nothing if always there
};

/// All 256 opcodes.
const std::array<OpcodeRow, 256>& opcode_rows();

/// Whether these rules define the opcode. INVALID (0xfe) counts as undefined.
bool is_defined(std::uint8_t opcode, const Rules& rules);
/// The part of an opcode's price that every use pays. REQUIRES: the opcode is defined.
std::int64_t constant_gas(std::uint8_t opcode, const GasSchedule& schedule);

/// Bytes after the opcode that belong to it: 1 to 32 for PUSH1 to PUSH32, else 0.
constexpr std::size_t immediate_bytes(std::uint8_t opcode) {
  constexpr auto kFirst = static_cast<std::uint8_t>(Opcode::kPush1);
  constexpr auto kLast = static_cast<std::uint8_t>(Opcode::kPush32);
  return opcode >= kFirst && opcode <= kLast ? std::size_t{opcode} - kFirst + 1 : 0;
}

}  // namespace buri::execution::evm
