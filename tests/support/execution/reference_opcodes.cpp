#include "tests/support/execution/reference_opcodes.hpp"

#include <map>

namespace buri::testing::reference {
namespace {

using execution::evm::Proposal;
using execution::evm::Rules;
using enum Proposal;

// Appendix G: the sets of instructions of one price.
constexpr int kZero = 0;
constexpr int kBase = 2;
constexpr int kVeryLow = 3;
constexpr int kLow = 5;
constexpr int kMid = 8;
constexpr int kHigh = 10;

struct Row {
  Operation operation;
  std::optional<Proposal> since;
};

/// Everything but PUSH, DUP, SWAP and LOG, which come in series.
const std::map<int, Row>& rows() {
  static const std::map<int, Row> table{
      {0x00, {{0, 0, kZero}, {}}},       {0x01, {{2, 1, kVeryLow}, {}}},
      {0x02, {{2, 1, kLow}, {}}},        {0x03, {{2, 1, kVeryLow}, {}}},
      {0x04, {{2, 1, kLow}, {}}},        {0x05, {{2, 1, kLow}, {}}},
      {0x06, {{2, 1, kLow}, {}}},        {0x07, {{2, 1, kLow}, {}}},
      {0x08, {{3, 1, kMid}, {}}},        {0x09, {{3, 1, kMid}, {}}},
      {0x0a, {{2, 1, kHigh}, {}}},       {0x0b, {{2, 1, kLow}, {}}},
      {0x10, {{2, 1, kVeryLow}, {}}},    {0x11, {{2, 1, kVeryLow}, {}}},
      {0x12, {{2, 1, kVeryLow}, {}}},    {0x13, {{2, 1, kVeryLow}, {}}},
      {0x14, {{2, 1, kVeryLow}, {}}},    {0x15, {{1, 1, kVeryLow}, {}}},
      {0x16, {{2, 1, kVeryLow}, {}}},    {0x17, {{2, 1, kVeryLow}, {}}},
      {0x18, {{2, 1, kVeryLow}, {}}},    {0x19, {{1, 1, kVeryLow}, {}}},
      {0x1a, {{2, 1, kVeryLow}, {}}},    {0x1b, {{2, 1, kVeryLow}, {}}},
      {0x1c, {{2, 1, kVeryLow}, {}}},    {0x1d, {{2, 1, kVeryLow}, {}}},
      {0x1e, {{1, 1, kLow}, kEip7939}},  {0x20, {{2, 1, 30}, {}}},
      {0x30, {{0, 1, kBase}, {}}},       {0x31, {{1, 1, 0}, {}}},
      {0x32, {{0, 1, kBase}, {}}},       {0x33, {{0, 1, kBase}, {}}},
      {0x34, {{0, 1, kBase}, {}}},       {0x35, {{1, 1, kVeryLow}, {}}},
      {0x36, {{0, 1, kBase}, {}}},       {0x37, {{3, 0, kVeryLow}, {}}},
      {0x38, {{0, 1, kBase}, {}}},       {0x39, {{3, 0, kVeryLow}, {}}},
      {0x3a, {{0, 1, kBase}, {}}},       {0x3b, {{1, 1, 0}, {}}},
      {0x3c, {{4, 0, 0}, {}}},           {0x3d, {{0, 1, kBase}, {}}},
      {0x3e, {{3, 0, kVeryLow}, {}}},    {0x3f, {{1, 1, 0}, {}}},
      {0x40, {{1, 1, 20}, {}}},          {0x41, {{0, 1, kBase}, {}}},
      {0x42, {{0, 1, kBase}, {}}},       {0x43, {{0, 1, kBase}, {}}},
      {0x44, {{0, 1, kBase}, {}}},       {0x45, {{0, 1, kBase}, {}}},
      {0x46, {{0, 1, kBase}, kEip1344}}, {0x47, {{0, 1, kLow}, kEip1884}},
      {0x48, {{0, 1, kBase}, kEip3198}}, {0x49, {{1, 1, kVeryLow}, kEip4844}},
      {0x4a, {{0, 1, kBase}, kEip7516}}, {0x50, {{1, 0, kBase}, {}}},
      {0x51, {{1, 1, kVeryLow}, {}}},    {0x52, {{2, 0, kVeryLow}, {}}},
      {0x53, {{2, 0, kVeryLow}, {}}},    {0x54, {{1, 1, 0}, {}}},
      {0x55, {{2, 0, 0}, {}}},           {0x56, {{1, 0, kMid}, {}}},
      {0x57, {{2, 0, kHigh}, {}}},       {0x58, {{0, 1, kBase}, {}}},
      {0x59, {{0, 1, kBase}, {}}},       {0x5a, {{0, 1, kBase}, {}}},
      {0x5b, {{0, 0, 1}, {}}},           {0x5c, {{1, 1, 100}, kEip1153}},
      {0x5d, {{2, 0, 100}, kEip1153}},   {0x5e, {{3, 0, kVeryLow}, kEip5656}},
      {0x5f, {{0, 1, kBase}, kEip3855}}, {0xf0, {{3, 1, 32000}, {}}},
      {0xf1, {{7, 1, 0}, {}}},           {0xf2, {{7, 1, 0}, {}}},
      {0xf3, {{2, 0, kZero}, {}}},       {0xf4, {{6, 1, 0}, {}}},
      {0xf5, {{4, 1, 32000}, {}}},       {0xfa, {{6, 1, 0}, {}}},
      {0xfd, {{2, 0, kZero}, {}}},       {0xff, {{1, 0, 5000}, {}}},
  };
  return table;
}

}  // namespace

std::optional<Operation> operation(std::uint8_t opcode, const Rules& rules) {
  if (opcode >= 0x60 && opcode <= 0x7f) return Operation{0, 1, kVeryLow};
  if (opcode >= 0x80 && opcode <= 0x8f) {
    return Operation{opcode - 0x80 + 1, opcode - 0x80 + 2, kVeryLow};
  }
  if (opcode >= 0x90 && opcode <= 0x9f) {
    return Operation{opcode - 0x90 + 2, opcode - 0x90 + 2, kVeryLow};
  }
  if (opcode >= 0xa0 && opcode <= 0xa4) {
    return Operation{opcode - 0xa0 + 2, 0, 375 + 375 * (opcode - 0xa0)};
  }
  const auto found = rows().find(opcode);
  if (found == rows().end()) return std::nullopt;
  if (found->second.since && !rules.has(*found->second.since)) return std::nullopt;
  return found->second.operation;
}

}  // namespace buri::testing::reference
