#include "node/execution/evm/opcode.hpp"

namespace buri::execution::evm {
namespace {

using enum Opcode;
using enum Proposal;
using Rows = std::array<OpcodeRow, 256>;

constexpr std::array<std::string_view, 33> kPushNames{
    "PUSH0",  "PUSH1",  "PUSH2",  "PUSH3",  "PUSH4",  "PUSH5",  "PUSH6",  "PUSH7",  "PUSH8",
    "PUSH9",  "PUSH10", "PUSH11", "PUSH12", "PUSH13", "PUSH14", "PUSH15", "PUSH16", "PUSH17",
    "PUSH18", "PUSH19", "PUSH20", "PUSH21", "PUSH22", "PUSH23", "PUSH24", "PUSH25", "PUSH26",
    "PUSH27", "PUSH28", "PUSH29", "PUSH30", "PUSH31", "PUSH32"};
constexpr std::array<std::string_view, 16> kDupNames{
    "DUP1", "DUP2",  "DUP3",  "DUP4",  "DUP5",  "DUP6",  "DUP7",  "DUP8",
    "DUP9", "DUP10", "DUP11", "DUP12", "DUP13", "DUP14", "DUP15", "DUP16"};
constexpr std::array<std::string_view, 16> kSwapNames{
    "SWAP1", "SWAP2",  "SWAP3",  "SWAP4",  "SWAP5",  "SWAP6",  "SWAP7",  "SWAP8",
    "SWAP9", "SWAP10", "SWAP11", "SWAP12", "SWAP13", "SWAP14", "SWAP15", "SWAP16"};
constexpr std::array<std::string_view, 5> kLogNames{"LOG0", "LOG1", "LOG2", "LOG3", "LOG4"};

constexpr OpcodeRow& row(Rows& rows, Opcode opcode) {
  return rows[static_cast<std::uint8_t>(opcode)];
}

constexpr void add_arithmetic(Rows& rows) {
  row(rows, kStop) = {"STOP", 0, 0, 0};
  row(rows, kAdd) = {"ADD", 2, 1, 3};
  row(rows, kMul) = {"MUL", 2, 1, 5};
  row(rows, kSub) = {"SUB", 2, 1, 3};
  row(rows, kDiv) = {"DIV", 2, 1, 5};
  row(rows, kSdiv) = {"SDIV", 2, 1, 5};
  row(rows, kMod) = {"MOD", 2, 1, 5};
  row(rows, kSmod) = {"SMOD", 2, 1, 5};
  row(rows, kAddmod) = {"ADDMOD", 3, 1, 8};
  row(rows, kMulmod) = {"MULMOD", 3, 1, 8};
  row(rows, kExp) = {"EXP", 2, 1, 10};
  row(rows, kSignextend) = {"SIGNEXTEND", 2, 1, 5};
  row(rows, kLt) = {"LT", 2, 1, 3};
  row(rows, kGt) = {"GT", 2, 1, 3};
  row(rows, kSlt) = {"SLT", 2, 1, 3};
  row(rows, kSgt) = {"SGT", 2, 1, 3};
  row(rows, kEq) = {"EQ", 2, 1, 3};
  row(rows, kIszero) = {"ISZERO", 1, 1, 3};
  row(rows, kAnd) = {"AND", 2, 1, 3};
  row(rows, kOr) = {"OR", 2, 1, 3};
  row(rows, kXor) = {"XOR", 2, 1, 3};
  row(rows, kNot) = {"NOT", 1, 1, 3};
  row(rows, kByte) = {"BYTE", 2, 1, 3};
  row(rows, kShl) = {"SHL", 2, 1, 3};
  row(rows, kShr) = {"SHR", 2, 1, 3};
  row(rows, kSar) = {"SAR", 2, 1, 3};
  row(rows, kClz) = {"CLZ", 1, 1, 5, kEip7939};
  row(rows, kKeccak256) = {"KECCAK256", 2, 1, 30};
}

constexpr void add_context(Rows& rows) {
  row(rows, kAddress) = {"ADDRESS", 0, 1, 2};
  row(rows, kBalance) = {"BALANCE", 1, 1, 0};
  row(rows, kOrigin) = {"ORIGIN", 0, 1, 2};
  row(rows, kCaller) = {"CALLER", 0, 1, 2};
  row(rows, kCallvalue) = {"CALLVALUE", 0, 1, 2};
  row(rows, kCalldataload) = {"CALLDATALOAD", 1, 1, 3};
  row(rows, kCalldatasize) = {"CALLDATASIZE", 0, 1, 2};
  row(rows, kCalldatacopy) = {"CALLDATACOPY", 3, 0, 3};
  row(rows, kCodesize) = {"CODESIZE", 0, 1, 2};
  row(rows, kCodecopy) = {"CODECOPY", 3, 0, 3};
  row(rows, kGasprice) = {"GASPRICE", 0, 1, 2};
  row(rows, kExtcodesize) = {"EXTCODESIZE", 1, 1, 0};
  row(rows, kExtcodecopy) = {"EXTCODECOPY", 4, 0, 0};
  row(rows, kReturndatasize) = {"RETURNDATASIZE", 0, 1, 2};
  row(rows, kReturndatacopy) = {"RETURNDATACOPY", 3, 0, 3};
  row(rows, kExtcodehash) = {"EXTCODEHASH", 1, 1, 0};
  row(rows, kBlockhash) = {"BLOCKHASH", 1, 1, 20};
  row(rows, kCoinbase) = {"COINBASE", 0, 1, 2};
  row(rows, kTimestamp) = {"TIMESTAMP", 0, 1, 2};
  row(rows, kNumber) = {"NUMBER", 0, 1, 2};
  row(rows, kDifficulty) = {"DIFFICULTY", 0, 1, 2};
  row(rows, kGaslimit) = {"GASLIMIT", 0, 1, 2};
  row(rows, kChainid) = {"CHAINID", 0, 1, 2, kEip1344};
  row(rows, kSelfbalance) = {"SELFBALANCE", 0, 1, 5, kEip1884};
  row(rows, kBasefee) = {"BASEFEE", 0, 1, 2, kEip3198};
  row(rows, kBlobhash) = {"BLOBHASH", 1, 1, 3, kEip4844};
  row(rows, kBlobbasefee) = {"BLOBBASEFEE", 0, 1, 2, kEip7516};
}

constexpr void add_memory_and_flow(Rows& rows) {
  row(rows, kPop) = {"POP", 1, 0, 2};
  row(rows, kMload) = {"MLOAD", 1, 1, 3};
  row(rows, kMstore) = {"MSTORE", 2, 0, 3};
  row(rows, kMstore8) = {"MSTORE8", 2, 0, 3};
  row(rows, kSload) = {"SLOAD", 1, 1, 0};
  row(rows, kSstore) = {"SSTORE", 2, 0, 0};
  row(rows, kJump) = {"JUMP", 1, 0, 8};
  row(rows, kJumpi) = {"JUMPI", 2, 0, 10};
  row(rows, kPc) = {"PC", 0, 1, 2};
  row(rows, kMsize) = {"MSIZE", 0, 1, 2};
  row(rows, kGas) = {"GAS", 0, 1, 2};
  row(rows, kJumpdest) = {"JUMPDEST", 0, 0, 1};
  row(rows, kTload) = {"TLOAD", 1, 1, 100, kEip1153};
  row(rows, kTstore) = {"TSTORE", 2, 0, 100, kEip1153};
  row(rows, kMcopy) = {"MCOPY", 3, 0, 3, kEip5656};
  row(rows, kPush0) = {kPushNames[0], 0, 1, 2, kEip3855};
}

constexpr void add_numbered(Rows& rows) {
  constexpr std::uint8_t kDup = static_cast<std::uint8_t>(kDup1);
  for (std::uint8_t i = 1; i <= 32; ++i) {
    rows[static_cast<std::uint8_t>(kPush0) + i] = {kPushNames[i], 0, 1, 3};
  }
  for (std::uint8_t i = 0; i < 16; ++i) {
    const auto inputs = static_cast<std::uint8_t>(i + 1);
    const auto outputs = static_cast<std::uint8_t>(i + 2);
    rows[kDup + i] = {kDupNames[i], inputs, outputs, 3};
    rows[static_cast<std::uint8_t>(kSwap1) + i] = {kSwapNames[i], outputs, outputs, 3};
  }
  for (std::size_t i = 0; i < kLogNames.size(); ++i) {
    const auto inputs = static_cast<std::uint8_t>(i + 2);
    const auto gas = static_cast<std::int16_t>(375 * (i + 1));
    rows[static_cast<std::uint8_t>(kLog0) + i] = {kLogNames[i], inputs, 0, gas};
  }
}

constexpr void add_calls(Rows& rows) {
  row(rows, kCreate) = {"CREATE", 3, 1, 32000};
  row(rows, kCall) = {"CALL", 7, 1, 0};
  row(rows, kCallcode) = {"CALLCODE", 7, 1, 0};
  row(rows, kReturn) = {"RETURN", 2, 0, 0};
  row(rows, kDelegatecall) = {"DELEGATECALL", 6, 1, 0};
  row(rows, kCreate2) = {"CREATE2", 4, 1, 32000};
  row(rows, kStaticcall) = {"STATICCALL", 6, 1, 0};
  row(rows, kRevert) = {"REVERT", 2, 0, 0};
  row(rows, kSelfdestruct) = {"SELFDESTRUCT", 1, 0, 5000};
}

constexpr Rows make_rows() {
  Rows rows{};
  add_arithmetic(rows);
  add_context(rows);
  add_memory_and_flow(rows);
  add_numbered(rows);
  add_calls(rows);
  return rows;
}
constexpr Rows kRows = make_rows();

}  // namespace

const std::array<OpcodeRow, 256>& opcode_rows() { return kRows; }

bool is_defined(std::uint8_t opcode, const Rules& rules) {
  const OpcodeRow& row = kRows[opcode];
  return !row.name.empty() && (!row.since || rules.has(*row.since));
}

std::int64_t constant_gas(std::uint8_t opcode, const GasSchedule& schedule) {
  switch (static_cast<Opcode>(opcode)) {
    case kSload:
      return schedule.sload;
    case kBalance:
      return schedule.balance;
    case kExtcodehash:
      return schedule.external_code_hash;
    case kExtcodesize:
    case kExtcodecopy:
    case kCall:
    case kCallcode:
    case kDelegatecall:
    case kStaticcall:
      return schedule.external_code;
    default:
      return kRows[opcode].gas;
  }
}

}  // namespace buri::execution::evm
