#include <gtest/gtest.h>

#include <sstream>

#include "node/execution/chain/ancestor_headers.hpp"
#include "node/execution/evm/tracers/call_tracer.hpp"
#include "node/execution/evm/tracers/prestate_tracer.hpp"
#include "node/execution/evm/tracers/struct_log.hpp"
#include "tests/conformance/execution/archive.hpp"
#include "tests/conformance/execution/recorded_chain.hpp"
#include "tests/conformance/execution/suite_json.hpp"
#include "tests/support/long_run.hpp"

/// Traces of the recorded chains as the stock client answered them: debug_traceTransaction and
/// debug_traceBlock of the RPC recording, and the pre- and poststate of every transaction.

namespace buri::testing {
namespace {

using namespace execution::evm;
using namespace execution::evm::tracers;

/// What differs between two documents first, with its path; empty if nothing does. Keys of an
/// object may stand in any order.
std::string difference(const JsonValue& found, const JsonValue& expected, const std::string& path) {
  if (found.kind != expected.kind) return path + " has another kind";
  if (found.text != expected.text || found.boolean != expected.boolean) {
    return path + ": expected " + expected.text + ", found " + found.text;
  }
  const bool is_object = expected.kind == JsonValue::Kind::kObject;
  for (std::size_t i = 0; i < expected.children.size(); ++i) {
    const JsonValue& child = expected.children[i];
    const JsonValue* other = is_object                   ? find(found, child.key)
                             : i < found.children.size() ? &found.children[i]
                                                         : nullptr;
    const std::string name = path + "/" + (is_object ? child.key : std::to_string(i));
    if (other == nullptr) return name + " is missing";
    if (auto text = difference(*other, child, name); !text.empty()) return text;
  }
  if (found.children.size() == expected.children.size()) return {};
  for (const JsonValue& child : found.children) {
    if (is_object && find(expected, child.key) == nullptr)
      return path + "/" + child.key + " is new";
  }
  return path + " is longer";
}

/// An answer to compare with, and the tracer that is to give it.
struct Question {
  std::string name;
  const JsonValue* options = nullptr;  ///< null: none were given
  const JsonValue* expected = nullptr;
};

bool flag(const JsonValue* object, std::string_view key) {
  const JsonValue* value = object == nullptr ? nullptr : find(*object, key);
  return value != nullptr && value->boolean;
}

/// The tracer that the options of a request ask for; null if it is none of ours.
std::unique_ptr<TransactionTracer> make_tracer(const JsonValue* options, JournaledState& state) {
  const JsonValue* name = options == nullptr ? nullptr : find(*options, "tracer");
  const JsonValue* config = options == nullptr ? nullptr : find(*options, "tracerConfig");
  if (name == nullptr) {
    StructLogOptions chosen{.memory = flag(options, "enableMemory"),
                            .stack = !flag(options, "disableStack"),
                            .storage = !flag(options, "disableStorage"),
                            .return_data = flag(options, "enableReturnData")};
    const JsonValue* limit = options == nullptr ? nullptr : find(*options, "limit");
    if (limit != nullptr) chosen.limit_bytes = std::stoull(limit->text);
    return std::make_unique<StructLogTracer>(chosen);
  }
  if (name->text == "callTracer") {
    return std::make_unique<CallTracer>(
        state, CallTracerOptions{.only_top_call = flag(config, "onlyTopCall"),
                                 .with_log = flag(config, "withLog")});
  }
  if (name->text == "prestateTracer") {
    return std::make_unique<PrestateTracer>(state,
                                            PrestateOptions{.diff_mode = flag(config, "diffMode")});
  }
  return nullptr;
}

/// Several tracers of one transaction.
class Several final : public Tracer {
 public:
  std::vector<std::unique_ptr<TransactionTracer>> tracers;

  void on_step(const StepEvent& event) override {
    for (const auto& tracer : tracers) tracer->on_step(event);
  }
  void on_enter(const EnterEvent& event) override {
    for (const auto& tracer : tracers) tracer->on_enter(event);
  }
  void on_exit(const ExitEvent& event) override {
    for (const auto& tracer : tracers) tracer->on_exit(event);
  }
};

/// Asks the questions about the transactions of a block, by their index.
class Asker final : public execution::chain::TransactionWatcher {
 public:
  explicit Asker(const std::vector<std::vector<Question>>& questions) : questions_(questions) {}

  Tracer* begin(JournaledState& state, const Transaction& transaction, const BlockContext& block,
                std::size_t index) override {
    index_ = index;
    tracers_.tracers.clear();
    if (index >= questions_.size()) return nullptr;
    for (const Question& question : questions_[index]) {
      tracers_.tracers.push_back(make_tracer(question.options, state));
      tracers_.tracers.back()->begin(transaction, block.coinbase);
    }
    return &tracers_;
  }
  void finish(const TransactionOutcome& outcome) override {
    for (std::size_t i = 0; i < tracers_.tracers.size(); ++i) {
      const Question& question = questions_[index_][i];
      const JsonValue found = parse_suite(tracers_.tracers[i]->finish(outcome));
      const std::string text = difference(found, *question.expected, "");
      if (!text.empty()) ADD_FAILURE() << question.name << ": " << text;
      ++asked;
    }
  }
  std::size_t asked = 0;

 private:
  const std::vector<std::vector<Question>>& questions_;
  std::size_t index_ = 0;
  Several tracers_;
};

/// Replays a recorded chain and asks; questions by block and index.
class TracedChain {
 public:
  explicit TracedChain(const std::string& folder) : folder_(folder) {}

  std::map<std::uint64_t, std::vector<std::vector<Question>>> questions;

  std::size_t replay() {
    std::size_t asked = 0;
    RecordedChain recorded(folder_);
    for (const auto& [number, wanted] : questions) {
      const auto imported = recorded.import_to(number - 1);
      CHECK(imported.ok(), "a recorded chain can be imported");
      Asker asker(wanted);
      execute(recorded, number, asker);
      asked += asker.asked;
    }
    return asked;
  }

 private:
  /// Executes the block behind the head, which stays where it is.
  void execute(RecordedChain& recorded, std::uint64_t number, Asker& asker) {
    const execution::chain::Block& block = recorded.blocks()[number - 1];
    const auto signers = execution::chain::recover_signers(
        std::span(&block, 1), recorded.genesis().config, recorded.engine());
    const auto parent = recorded.states().view(number - 1);
    CHECK(parent != nullptr, "the state of the head is readable");
    execution::chain::AncestorHeaders ancestors(recorded.block_store());
    const auto executed =
        execute_block({recorded.genesis().config, recorded.heimdall(), codes_, &asker}, block,
                      signers.front(), *parent, std::ref(ancestors));
    if (!executed.ok()) ADD_FAILURE() << "block " << number << ": " << describe(executed.error());
  }

  std::string folder_;
  CodeCache codes_;
};

/// Where the transactions of a recorded chain stand: block and index by hash.
std::map<std::string, std::pair<std::uint64_t, std::size_t>> places_of(const std::string& folder) {
  std::map<std::string, std::pair<std::uint64_t, std::size_t>> places;
  std::istringstream lines(read_xz(folder + "/tx-gas.tsv.xz"));
  std::string line;
  std::getline(lines, line);  // the names of the columns
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::uint64_t block = 0;
    std::size_t index = 0;
    std::string hash;
    fields >> block >> index >> hash;
    places[hash] = {block, index};
  }
  return places;
}

void add(TracedChain& chain, const std::pair<std::uint64_t, std::size_t>& place,
         Question question) {
  auto& block = chain.questions[place.first];
  if (block.size() <= place.second) block.resize(place.second + 1);
  block[place.second].push_back(std::move(question));
}

/// Whether a tracer of ours is asked for, and for a transaction that the EVM executes.
bool is_ours(const JsonValue* options) {
  if (options == nullptr) return true;
  const JsonValue* name = find(*options, "tracer");
  return name == nullptr || name->text == "callTracer" || name->text == "prestateTracer";
}

/// Takes a recorded exchange as questions; how many there are in it.
std::size_t take_exchange(
    TracedChain& chain, const JsonValue& exchange,
    const std::map<std::string, std::pair<std::uint64_t, std::size_t>>& places) {
  const JsonValue* request = find(exchange, "request");
  const JsonValue* method = request == nullptr ? nullptr : find(*request, "method");
  const JsonValue* result = find(get(exchange, "response"), "result");
  if (method == nullptr || result == nullptr || !method->text.starts_with("debug_trace")) return 0;
  const auto& parameters = get(*request, "params").children;
  const JsonValue* options = parameters.size() > 1 ? &parameters[1] : nullptr;
  const std::string id = "request " + get(*request, "id").text;
  if (!is_ours(options)) return 0;
  std::size_t count = 0;
  const auto take = [&](const std::string& hash, const JsonValue& expected) {
    const auto place = places.find(hash);
    const JsonValue* logs = find(expected, "structLogs");
    const bool is_state_sync =
        find(expected, "type") == nullptr && logs != nullptr && get(expected, "gas").text == "0";
    const JsonValue* from = find(expected, "from");
    if (place == places.end() || is_state_sync) return;
    if (from != nullptr && get(expected, "gas").text == "0x0") return;  // so is this one
    add(chain, place->second, {id + " " + hash, options, &expected});
    ++count;
  };
  if (method->text == "debug_traceTransaction") take(parameters[0].text, *result);
  if (method->text.starts_with("debug_traceBlock")) {
    for (const JsonValue& entry : result->children) {
      if (const JsonValue* one = find(entry, "result")) take(get(entry, "txHash").text, *one);
    }
  }
  return count;
}

TEST(Tracers, AnswerAsTheStockClient) {
  const auto folder = fixture_path("../golden/bor-devnet/chain-a");
  const auto pairs = fixture_path("../golden/bor-devnet/rpc/pairs.jsonl.xz");
  if (!folder || !pairs) GTEST_SKIP() << "chain-a is absent: set BURI_FIXTURES";
  const auto places = places_of(*folder);
  TracedChain chain(*folder);
  std::vector<std::unique_ptr<JsonValue>> exchanges;
  std::istringstream lines(read_xz(*pairs));
  std::size_t wanted = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("debug_trace") == std::string::npos) continue;
    exchanges.push_back(std::make_unique<JsonValue>(parse_suite(line)));
    wanted += take_exchange(chain, *exchanges.back(), places);
  }
  const std::size_t asked = chain.replay();
  EXPECT_EQ(asked, wanted);
  EXPECT_GE(asked, 69u);
  std::printf("%zu traces\n", asked);
}

class StateDiffs : public ::testing::TestWithParam<std::string> {};

TEST_P(StateDiffs, AreThoseOfTheStockClient) {
  const auto folder = fixture_path("../golden/bor-devnet/" + GetParam());
  if (!folder) GTEST_SKIP() << GetParam() << " is absent: set BURI_FIXTURES";
  // Each fork of chain A has its own blocks: a part of each by default.
  const std::uint64_t every = is_long_run() ? 1 : 6;
  static const JsonValue options =
      parse_suite(R"({"tracer":"prestateTracer","tracerConfig":{"diffMode":true}})");
  TracedChain chain(*folder);
  std::vector<std::unique_ptr<JsonValue>> blocks;
  std::istringstream lines(read_xz(*folder + "/state-diffs.jsonl.xz"));
  std::uint64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    if (++number % every != 0) continue;
    blocks.push_back(std::make_unique<JsonValue>(parse_suite(line)));
    const std::uint64_t block = std::stoull(get(*blocks.back(), "number").text);
    const auto& transactions = get(*blocks.back(), "txs").children;
    for (std::size_t i = 0; i < transactions.size(); ++i) {
      const JsonValue& expected = get(transactions[i], "result");
      add(chain, {block, i},
          {"block " + std::to_string(block) + " " + get(transactions[i], "txHash").text, &options,
           &expected});
    }
  }
  std::printf("%zu transactions\n", chain.replay());
}

INSTANTIATE_TEST_SUITE_P(Devnet, StateDiffs, ::testing::Values("chain-a", "chain-b", "chain-z"),
                         [](const auto& info) { return info.param.substr(6); });

}  // namespace
}  // namespace buri::testing
