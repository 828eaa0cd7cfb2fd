#include "tests/conformance/execution/state_case.hpp"

#include "base/codec/rlp.hpp"
#include "base/hex.hpp"
#include "base/u256_division.hpp"
#include "base/u256_words.hpp"
#include "node/execution/evm/keccak.hpp"
#include "tests/conformance/execution/suite_json.hpp"

namespace buri::testing {
namespace {

using namespace execution::evm;

/// A number as the suite writes it: "0x" and any digits, perhaps after a marker. Nothing if it
/// exceeds 256 bits.
std::optional<U256> number(const JsonValue& value) {
  std::string text = value.text.substr(value.text.rfind("0x") + 2);
  if (text.size() % 2 == 1) text.insert(0, "0");
  const auto bytes = from_hex(text);
  CHECK(bytes.has_value(), "a state test holds a malformed number");
  return U256::from_big_endian(*bytes);
}
std::uint64_t small_number(const JsonValue& value) {
  const auto wide = number(value);
  constexpr std::uint64_t kMax = ~std::uint64_t{0};
  return wide && fits_uint64(*wide) ? wide->limbs[0] : kMax;
}
Bytes bytes_of(const JsonValue& value) {
  auto bytes = from_hex(value.text);
  CHECK(bytes.has_value(), "a state test holds malformed bytes");
  return *std::move(bytes);
}
template <std::size_t N>
FixedBytes<N> fixed(std::string_view text) {
  const auto bytes = fixed_from_hex<N>(text);
  CHECK(bytes.has_value(), "a state test holds bytes of a wrong length");
  return *bytes;
}

MemoryState read_state(const JsonValue& pre) {
  MemoryState state;
  for (const JsonValue& entry : pre.children) {
    MemoryAccount& account = state.accounts[fixed<20>(entry.key)];
    account.nonce = small_number(get(entry, "nonce"));
    account.balance = *number(get(entry, "balance"));
    account.code = bytes_of(get(entry, "code"));
    for (const JsonValue& slot : get(entry, "storage").children) {
      JsonValue key;
      key.text = slot.key;
      const U256 value = *number(slot);
      if (!is_zero(value)) account.storage[*number(key)] = value;
    }
  }
  return state;
}

/// EIP-4844's price of blob gas: 1 * e^(excess / 3338477), by its Taylor series.
U256 blob_base_fee(std::uint64_t excess) {
  constexpr std::uint64_t kFraction = 3338477;
  U256 output;
  U256 term = U256::from_uint64(kFraction);
  for (std::uint64_t i = 1; !is_zero(term); ++i) {
    output = wrapping_add(output, term);
    term = quotient_or_zero(wrapping_multiply(term, U256::from_uint64(excess)),
                            U256::from_uint64(kFraction * i));
  }
  return quotient_or_zero(output, U256::from_uint64(kFraction));
}

BlockContext read_environment(const JsonValue& environment) {
  BlockContext block;
  block.coinbase = fixed<20>(get(environment, "currentCoinbase").text);
  block.number = small_number(get(environment, "currentNumber"));
  block.timestamp = small_number(get(environment, "currentTimestamp"));
  block.gas_limit = small_number(get(environment, "currentGasLimit"));
  block.difficulty = *number(get(environment, "currentDifficulty"));
  block.chain_id = U256::from_uint64(1);
  if (const auto* fee = find(environment, "currentBaseFee")) block.base_fee = *number(*fee);
  if (const auto* random = find(environment, "currentRandom")) block.random = *number(*random);
  if (const auto* excess = find(environment, "currentExcessBlobGas")) {
    block.blob_base_fee = blob_base_fee(small_number(*excess));
  }
  block.hash_of_block = [](std::uint64_t asked) {
    return keccak256(as_bytes(std::to_string(asked)));
  };
  return block;
}

std::vector<AccessEntry> read_access_list(const JsonValue& list) {
  std::vector<AccessEntry> entries;
  for (const JsonValue& item : list.children) {
    AccessEntry entry{fixed<20>(get(item, "address").text), {}};
    for (const JsonValue& key : get(item, "storageKeys").children) {
      entry.keys.push_back(*number(key));
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

/// The alternative of a list that an expectation names.
const JsonValue& chosen(const JsonValue& transaction, std::string_view key,
                        const JsonValue& indexes, std::string_view index) {
  return get(transaction, key).children.at(std::stoull(get(indexes, index).text));
}

void read_fees(StateCase& state_case, const JsonValue& source) {
  Transaction& transaction = state_case.transaction;
  const bool has_fees = find(source, "maxFeePerGas") != nullptr;
  const auto fee = number(get(source, has_fees ? "maxFeePerGas" : "gasPrice"));
  const auto tip = has_fees ? number(get(source, "maxPriorityFeePerGas")) : fee;
  state_case.has_impossible_number |= !fee || !tip;
  transaction.max_fee = fee.value_or(U256{});
  transaction.max_tip = tip.value_or(U256{});
  if (has_fees) transaction.type = TransactionType::kDynamicFee;
}

void read_transaction(StateCase& state_case, const JsonValue& source, const JsonValue& indexes) {
  Transaction& transaction = state_case.transaction;
  state_case.data = bytes_of(chosen(source, "data", indexes, "data"));
  const auto value = number(chosen(source, "value", indexes, "value"));
  const auto gas = number(chosen(source, "gasLimit", indexes, "gas"));
  state_case.has_impossible_number = !value || !gas || !fits_uint64(*gas);
  transaction.value = value.value_or(U256{});
  transaction.gas_limit = gas ? gas->limbs[0] : 0;
  transaction.sender = fixed<20>(get(source, "sender").text);
  transaction.nonce = small_number(get(source, "nonce"));
  if (const std::string& to = get(source, "to").text; !to.empty()) transaction.to = fixed<20>(to);
  if (const JsonValue* lists = find(source, "accessLists")) {
    const auto index = std::stoull(get(indexes, "data").text);
    transaction.type = TransactionType::kAccessList;
    state_case.access_list = read_access_list(lists->children.at(index));
  }
  read_fees(state_case, source);
  state_case.is_blob_transaction =
      find(source, "blobVersionedHashes") != nullptr && find(source, "maxFeePerBlobGas") != nullptr;
}

StateCase read_case(const JsonValue& test, const std::string& fork, const JsonValue& expectation) {
  StateCase state_case;
  state_case.fork = fork;
  state_case.state = read_state(get(test, "pre"));
  state_case.block = read_environment(get(test, "env"));
  read_transaction(state_case, get(test, "transaction"), get(expectation, "indexes"));
  state_case.expects_refusal = find(expectation, "expectException") != nullptr;
  state_case.state_root = fixed<32>(get(expectation, "hash").text);
  state_case.logs_hash = fixed<32>(get(expectation, "logs").text);
  return state_case;
}

Hash256 hash_of_logs(std::span<const Log> logs) {
  RlpWriter list;
  for (const Log& log : logs) {
    RlpWriter topics;
    for (const Hash256& topic : log.topics()) topics.bytes(topic);
    list.list(RlpWriter().bytes(log.address).list(topics).bytes(log.data));
  }
  return keccak256(list.as_list());
}

}  // namespace

std::vector<StateCase> read_state_cases(std::string_view text) {
  const JsonValue document = parse_suite(text);
  std::vector<StateCase> cases;
  for (const JsonValue& test : document.children) {
    for (const JsonValue& fork : get(test, "post").children) {
      for (std::size_t i = 0; i < fork.children.size(); ++i) {
        cases.push_back(read_case(test, fork.key, fork.children[i]));
        cases.back().name = test.key + " " + fork.key + "[" + std::to_string(i) + "]";
      }
    }
  }
  return cases;
}

std::optional<std::string> run_state_case(StateCase& state_case, const Rules& rules) {
  JournaledState state(state_case.state);
  CodeCache codes;
  Evm evm({.rules = rules, .block = state_case.block, .codes = codes}, state);
  state_case.transaction.data = state_case.data;
  state_case.transaction.access_list = state_case.access_list;
  constexpr std::uint64_t kMaxGas = ~std::uint64_t{0} >> 1;
  const TransitionOptions options{.block_gas_left = std::min(state_case.block.gas_limit, kMaxGas),
                                  .burn_contract = std::nullopt};
  bool is_refused = state_case.has_impossible_number;
  std::string outcome_text = "an impossible number";
  if (!is_refused) {
    const auto outcome = execute_transaction(evm, state_case.transaction, options);
    is_refused = !outcome.ok();
    outcome_text = outcome.ok() ? std::string(describe(outcome->status)) + ", gas " +
                                      std::to_string(outcome->gas_used)
                                : std::string(describe(outcome.error().rule));
  }
  if (is_refused != state_case.expects_refusal) return "refusal differs: " + outcome_text;
  state_case.state.apply(state);
  if (state_case.state.root() != state_case.state_root) return "state root: " + outcome_text;
  if (hash_of_logs(state.logs()) != state_case.logs_hash) return "logs: " + outcome_text;
  return std::nullopt;
}

}  // namespace buri::testing
