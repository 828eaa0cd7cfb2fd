#include "node/execution/chain/system_contracts.hpp"

#include <limits>

#include "base/codec/rlp.hpp"
#include "base/u256_words.hpp"

namespace buri::execution::chain {
namespace {

constexpr std::uint32_t kGetCurrentSpan = 0xaf26aa96;
constexpr std::uint32_t kLastStateId = 0x5407ca67;
constexpr std::uint32_t kCommitSpan = 0x23c2a2b4;
constexpr std::uint32_t kCommitState = 0x19494a17;
constexpr std::int64_t kHistoryGas = 30'000'000;
constexpr std::int64_t kViewGas = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kWordBytes = 32;

Bytes selector_bytes(std::uint32_t selector) {
  Bytes call;
  for (int shift = 24; shift >= 0; shift -= 8) {
    call.push_back(static_cast<std::uint8_t>(selector >> shift));
  }
  return call;
}

void append_word(Bytes& call, std::uint64_t value) {
  append(call, U256::from_uint64(value).to_word());
}
std::size_t padded(std::size_t bytes) { return (bytes + kWordBytes - 1) / kWordBytes * kWordBytes; }
/// An argument of type bytes: its length and its bytes, padded to whole words.
void append_tail(Bytes& call, ByteView bytes) {
  append_word(call, bytes.size());
  append(call, bytes);
  call.resize(call.size() + padded(bytes.size()) - bytes.size());
}

Bytes encode_validators(std::span<const protocol::SpanValidator> validators) {
  RlpWriter list;
  for (const protocol::SpanValidator& validator : validators) {
    list.list(RlpWriter()
                  .integer(validator.id)
                  .integer(static_cast<std::uint64_t>(validator.power))
                  .bytes(validator.signer));
  }
  return list.as_list();
}

}  // namespace

U256 call_view(evm::Evm& evm, const Address& contract, std::uint32_t selector, std::size_t word) {
  const Bytes call = selector_bytes(selector);
  evm::JournaledState& state = evm.state();
  const auto snapshot = state.snapshot();
  const evm::CallResult answer = evm.call({.caller = evm::kSystemAddress,
                                           .recipient = contract,
                                           .code_address = contract,
                                           .value = {},
                                           .input = call,
                                           .gas = kViewGas});
  U256 result;
  if (answer.output.size() >= kWordBytes * (word + 1)) {
    result = load_word(answer.output.data() + kWordBytes * word);
  }
  state.revert(snapshot);
  return result;
}

std::uint64_t last_state_id(evm::Evm& evm, const Address& receiver) {
  return call_view(evm, receiver, kLastStateId, 0).limbs[0];
}

CommittedSpan committed_span(evm::Evm& evm, const Address& contract) {
  return {.id = call_view(evm, contract, kGetCurrentSpan, 0).limbs[0],
          .end_block = call_view(evm, contract, kGetCurrentSpan, 2).limbs[0]};
}

Bytes commit_span_call(const protocol::Span& span) {
  constexpr std::size_t kArguments = 5;
  const Bytes validators = encode_validators(span.validators);
  const Bytes producers = encode_validators(span.producers);
  Bytes call = selector_bytes(kCommitSpan);
  append_word(call, span.id);
  append_word(call, span.start_block);
  append_word(call, span.end_block);
  append_word(call, kArguments * kWordBytes);
  append_word(call, (kArguments + 1) * kWordBytes + padded(validators.size()));
  append_tail(call, validators);
  append_tail(call, producers);
  return call;
}

Bytes commit_state_call(const protocol::StateSyncRecord& record) {
  const Bytes encoded = RlpWriter()
                            .integer(record.id)
                            .bytes(record.contract)
                            .bytes(record.data)
                            .bytes(record.transaction_hash)
                            .integer(record.log_index)
                            .bytes(as_bytes(record.chain_id))
                            .as_list();
  Bytes call = selector_bytes(kCommitState);
  append_word(call, record.time_s);
  append_word(call, 2 * kWordBytes);
  append_tail(call, encoded);
  return call;
}

void store_parent_hash(evm::Evm& evm, const Hash256& parent) {
  evm::JournaledState& state = evm.state();
  state.warm(state.account(kHistoryContract));
  evm::execute_system_call(evm, {.to = kHistoryContract, .input = parent, .gas = kHistoryGas});
  state.finalize();
}

}  // namespace buri::execution::chain
