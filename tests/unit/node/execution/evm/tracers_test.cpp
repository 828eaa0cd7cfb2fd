#include <gtest/gtest.h>

#include "node/execution/evm/tracers/call_tracer.hpp"
#include "node/execution/evm/tracers/fault_text.hpp"
#include "node/execution/evm/tracers/json_text.hpp"
#include "node/execution/evm/tracers/prestate_tracer.hpp"
#include "node/execution/evm/tracers/struct_log.hpp"
#include "tests/unit/node/execution/evm/program.hpp"

/// Shapes and corner cases; what the stock client answers about whole chains is held against the
/// recordings in tests/conformance.

namespace buri::execution::evm::tracers {
namespace {

using testing::kCallerAddress;
using testing::kProgramAddress;

constexpr Address kMiner{{0xfe}};

/// Traces a transaction to a program.
class TracedProgram {
 public:
  explicit TracedProgram(std::string_view code, std::uint64_t gas = 100'000) {
    source_.accounts[kProgramAddress].code = *from_hex(code);
    source_.accounts[kCallerAddress].balance = U256::from_uint64(1'000'000);
    source_.accounts[kMiner].balance = U256::from_uint64(1);
    transaction_.sender = kCallerAddress;
    transaction_.to = kProgramAddress;
    transaction_.gas_limit = gas;
  }
  testing::MemoryState& source() { return source_; }
  JournaledState& state() { return state_; }

  std::string trace(TransactionTracer& tracer) {
    BlockContext block;
    block.coinbase = kMiner;
    block.gas_limit = 1'000'000;
    CodeCache codes;
    Evm evm({.rules = *ethereum_rules("Cancun"), .block = block, .codes = codes, .tracer = &tracer},
            state_);
    tracer.begin(transaction_, kMiner);
    const auto outcome =
        execute_transaction(evm, transaction_, {.block_gas_left = 1'000'000, .burn_contract = {}});
    return outcome.ok() ? tracer.finish(*outcome) : std::string(describe(outcome.error().rule));
  }

 private:
  testing::MemoryState source_;
  JournaledState state_{source_};
  Transaction transaction_;
};

TEST(JsonText, EscapesAndSeparates) {
  JsonText json;
  json.open('{').key("a").text("\"\\\n\x01").key("b").open('[').number(1).boolean(true).close(']');
  json.key("c").quantity(0).key("d").hex({}).key("e").text("caf\xc3\xa9 \xff").close('}');
  EXPECT_EQ(json.take(),
            "{\"a\":\"\\\"\\\\\\u000a\\u0001\",\"b\":[1,true],\"c\":\"0x0\",\"d\":\"0x\","
            "\"e\":\"caf\xc3\xa9 \xef\xbf\xbd\"}");
}

TEST(RevertReason, ReadsStringsAndPanics) {
  const Bytes text = *from_hex("08c379a0" + std::string(62, '0') + "20" + std::string(63, '0') +
                               "2" + "6f6b" + std::string(60, '0'));
  EXPECT_EQ(revert_reason(text), "ok");
  const Bytes panic = *from_hex("4e487b71" + std::string(62, '0') + "11");
  EXPECT_EQ(revert_reason(panic), "arithmetic underflow or overflow");
  const Bytes unknown = *from_hex("4e487b71" + std::string(62, '0') + "99");
  EXPECT_EQ(revert_reason(unknown), "unknown panic code: 0x99");
  EXPECT_EQ(revert_reason(*from_hex("08c379a0ff")), "");
  EXPECT_EQ(revert_reason({}), "");
}

TEST(StructLog, ShowsEveryInstructionWithItsCost) {
  StructLogTracer tracer({});
  EXPECT_EQ(
      TracedProgram("60015f5500").trace(tracer),
      "{\"gas\":43105,\"failed\":false,\"returnValue\":\"0x\",\"structLogs\":["
      "{\"pc\":0,\"op\":\"PUSH1\",\"gas\":79000,\"gasCost\":3,\"depth\":1,\"stack\":[]},"
      "{\"pc\":2,\"op\":\"PUSH0\",\"gas\":78997,\"gasCost\":2,\"depth\":1,\"stack\":[\"0x1\"]},"
      "{\"pc\":3,\"op\":\"SSTORE\",\"gas\":78995,\"gasCost\":22100,\"depth\":1,"
      "\"stack\":[\"0x1\",\"0x0\"],\"storage\":{\"" +
          std::string(64, '0') + "\":\"" + std::string(63, '0') +
          "1\"}},"
          "{\"pc\":4,\"op\":\"STOP\",\"gas\":56895,\"gasCost\":0,\"depth\":1,\"stack\":[]}]}");
}

TEST(StructLog, NamesWhatStopsAnInstruction) {
  StructLogTracer tracer({.stack = false});
  EXPECT_EQ(TracedProgram("01").trace(tracer),
            "{\"gas\":100000,\"failed\":true,\"returnValue\":\"0x\",\"structLogs\":[{\"pc\":0,"
            "\"op\":\"ADD\",\"gas\":79000,\"gasCost\":3,\"depth\":1,"
            "\"error\":\"stack underflow (0 <=> 2)\"}]}");
}

TEST(StructLog, StopsAtItsLimit) {
  StructLogTracer tracer({.limit_bytes = 20});
  const std::string text = TracedProgram("5f5f5f00").trace(tracer);
  EXPECT_NE(text.find("\"pc\":0"), std::string::npos);
  EXPECT_EQ(text.find("\"pc\":1"), std::string::npos);
}

TEST(CallTracer, ShowsFailuresOfTheirFrames) {
  // An undefined opcode below, then a revert.
  TracedProgram program("5f5f5f5f5f60cc5af15f5ffd");
  Address callee;
  callee.bytes.back() = 0xcc;
  program.source().accounts[callee].code = {0x0c};
  CallTracer tracer(program.state(), {});
  const std::string text = program.trace(tracer);
  EXPECT_NE(text.find("\"error\":\"invalid opcode: opcode 0xc not defined\""), std::string::npos);
  EXPECT_NE(text.find("\"error\":\"execution reverted\""), std::string::npos);
}

TEST(CallTracer, ShowsCallsThatTheBalanceForbids) {
  TracedProgram program("5f5f5f5f600160cc5af100");
  CallTracer tracer(program.state(), {});
  EXPECT_NE(program.trace(tracer).find("insufficient balance for transfer"), std::string::npos);
}

TEST(CallTracer, LeavesOutWhatIsBelowTheTopOnRequest) {
  TracedProgram program("5f5f5f5f5f60cc5af15f5ffd");
  CallTracer tracer(program.state(), {.only_top_call = true});
  EXPECT_EQ(program.trace(tracer).find("\"calls\""), std::string::npos);
}

TEST(PrestateTracer, ShowsWhatWasReadAndNotWhatGasForbade) {
  TracedProgram program("60cc315f54");
  Address seen;
  seen.bytes.back() = 0xcc;
  program.source().accounts[seen].balance = U256::from_uint64(5);
  PrestateTracer tracer(program.state(), {});
  const std::string text = program.trace(tracer);
  EXPECT_NE(text.find("00000000cc\":{\"balance\":\"0x5\"}"), std::string::npos);

  TracedProgram poor("60cc31", 21'010);
  poor.source().accounts[seen].balance = U256::from_uint64(5);
  PrestateTracer other(poor.state(), {});
  EXPECT_EQ(poor.trace(other).find("00000000cc\""), std::string::npos);
}

TEST(PrestateTracer, ShowsBeforeAndAfterOfWhatChanged) {
  TracedProgram program("60025f5560075f60015560cc31");
  program.source().accounts[kProgramAddress].storage[U256{}] = U256::from_uint64(1);
  PrestateTracer tracer(program.state(), {.diff_mode = true});
  const std::string text = program.trace(tracer);
  const std::string zeros(64, '0');
  const std::string slot = "\"0x" + zeros + "\":\"0x" + zeros.substr(1);
  EXPECT_NE(text.find("\"storage\":{" + slot + "2\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"storage\":{" + slot + "1\""), std::string::npos) << text;
  EXPECT_EQ(text.find("fe00"), std::string::npos) << "nothing was paid to the miner";
}

}  // namespace
}  // namespace buri::execution::evm::tracers
