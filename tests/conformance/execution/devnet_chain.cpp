#include "tests/conformance/execution/devnet_chain.hpp"

#include <ctime>

#include "base/codec/base64.hpp"
#include "base/codec/rlp.hpp"
#include "base/hex.hpp"
#include "tests/conformance/execution/archive.hpp"

namespace buri::testing {
namespace {

JsonValue read_json(const std::string& path) {
  auto document = parse_json(read_xz(path), {.max_bytes = std::size_t{1} << 28,
                                             .max_depth = 32,
                                             .max_values = 10'000'000,
                                             .max_members = 1'000'000});
  CHECK(document.ok(), "a recording is no JSON");
  return std::move(document).value();
}

const JsonValue* find(const JsonValue& object, std::string_view key) {
  for (const JsonValue& child : object.children) {
    if (child.key == key) return &child;
  }
  return nullptr;
}
const JsonValue& get(const JsonValue& object, std::string_view key) {
  const JsonValue* value = find(object, key);
  CHECK(value != nullptr, "a recording lacks a field");
  return *value;
}
std::uint64_t number(const std::string& text) { return std::stoull(text, nullptr, 0); }
U256 wide(const std::string& text) {
  const std::string digits = text.substr(2);
  return *U256::from_big_endian(*from_hex(digits.size() % 2 == 1 ? "0" + digits : digits));
}
template <std::size_t N>
FixedBytes<N> fixed(std::string_view text) {
  const auto bytes = fixed_from_hex<N>(text);
  CHECK(bytes.has_value(), "a recording holds bytes of a wrong length");
  return *bytes;
}

void read_accounts(RecordedChain& chain, const JsonValue& alloc) {
  for (const JsonValue& entry : alloc.children) {
    MemoryAccount& account = chain.genesis.accounts[fixed<20>(entry.key)];
    account.balance = wide(get(entry, "balance").text);
    if (const JsonValue* code = find(entry, "code")) account.code = *from_hex(code->text);
    if (const JsonValue* nonce = find(entry, "nonce")) account.nonce = number(nonce->text);
    if (const JsonValue* storage = find(entry, "storage")) {
      for (const JsonValue& slot : storage->children) {
        account.storage[wide(slot.key)] = wide(slot.text);
      }
    }
  }
}

void read_overrides(RecordedChain& chain, const JsonValue& bor) {
  if (const JsonValue* exact = find(bor, "overrideStateSyncRecords")) {
    for (const JsonValue& entry : exact->children) {
      chain.record_limits[number(entry.key)] = number(entry.text);
    }
  }
  if (const JsonValue* ranges = find(bor, "overrideStateSyncRecordsInRange")) {
    for (const JsonValue& range : ranges->children) {
      const std::uint64_t last = number(get(range, "endBlock").text);
      for (std::uint64_t n = number(get(range, "startBlock").text); n <= last; ++n) {
        chain.record_limits[n] = number(get(range, "value").text);
      }
    }
  }
  if (const JsonValue* blocks = find(bor, "blockAlloc")) {
    for (const JsonValue& block : blocks->children) {
      for (const JsonValue& entry : block.children) {
        chain.new_codes[number(block.key)][fixed<20>(entry.key)] =
            *from_hex(get(entry, "code").text);
      }
    }
  }
}

void read_genesis(RecordedChain& chain, const JsonValue& genesis) {
  const JsonValue& config = get(genesis, "config");
  const JsonValue& bor = get(config, "bor");
  chain.chain_id = number(get(config, "chainId").text);
  chain.forks = std::move(protocol::BorForks::from_genesis_config(config)).value();
  read_accounts(chain, get(genesis, "alloc"));
  for (const JsonValue& step : get(bor, "sprint").children) {
    chain.sprint.set(number(step.key), number(step.text));
  }
  for (const JsonValue& step : get(bor, "stateSyncConfirmationDelay").children) {
    chain.confirmation_delay_s.set(number(step.key), number(step.text));
  }
  for (const JsonValue& step : get(bor, "burntContract").children) {
    chain.burn_contract.set(number(step.key), fixed<20>(step.text));
  }
  for (const JsonValue& step : get(bor, "coinbase").children) {
    chain.fee_receiver.set(number(step.key), fixed<20>(step.text));
  }
  read_overrides(chain, bor);
}

Bytes encode_validators(const JsonValue& validators) {
  RlpWriter list;
  for (const JsonValue& validator : validators.children) {
    list.list(RlpWriter()
                  .integer(number(get(validator, "val_id").text))
                  .integer(number(get(validator, "voting_power").text))
                  .bytes(fixed<20>(get(validator, "signer").text)));
  }
  return list.as_list();
}

RecordedSpan read_span(const JsonValue& span) {
  return {.id = number(get(span, "id").text),
          .start_block = number(get(span, "start_block").text),
          .end_block = number(get(span, "end_block").text),
          .validators = encode_validators(get(get(span, "validator_set"), "validators")),
          .producers = encode_validators(get(span, "selected_producers"))};
}

RecordedEvent read_event(const JsonValue& event) {
  RecordedEvent result{.id = number(get(event, "id").text),
                       .contract = fixed<20>(get(event, "contract").text),
                       .data = *from_base64(get(event, "data").text),
                       .transaction_hash = fixed<32>(get(event, "tx_hash").text),
                       .log_index = number(get(event, "log_index").text),
                       .chain_id = get(event, "bor_chain_id").text};
  const std::string& time = get(event, "record_time").text;
  std::tm parts{};
  const char* rest = strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  CHECK(rest != nullptr, "a recording holds a malformed time");
  result.time = static_cast<std::uint64_t>(timegm(&parts));
  result.has_fraction = *rest == '.';
  return result;
}

}  // namespace

RecordedChain read_chain(const std::string& folder) {
  RecordedChain chain;
  read_genesis(chain, read_json(folder + "/genesis.json.xz"));
  const JsonValue heimdall = read_json(folder + "/heimdall.json.xz");
  for (const JsonValue& span : get(heimdall, "spans").children) {
    chain.spans.push_back(read_span(span));
  }
  for (const JsonValue& event : get(heimdall, "events").children) {
    chain.events.push_back(read_event(event));
  }
  return chain;
}

}  // namespace buri::testing
