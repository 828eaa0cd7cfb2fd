#include "base/codec/protobuf_writer.hpp"
#include "base/codec/rlp.hpp"
#include "hsm/wire/sign_bytes.hpp"

/// What the two transaction formats sign: Heimdall's SignDoc (spec/heimdall.md 2) and EIP-1559.

namespace buri::hsm::wire {
namespace {

/// cosmos.tx.signing.v1beta1.SignMode.
constexpr std::uint64_t kSignModeDirect = 1;
/// EIP-2718 type of an EIP-1559 transaction.
constexpr std::uint8_t kDynamicFeeType = 2;
/// keccak256("submitCheckpoint(bytes,uint256[3][])"), first four bytes.
constexpr std::uint8_t kSubmitCheckpointSelector[] = {0x4e, 0x43, 0xe4, 0x95};
constexpr std::uint64_t kWordBytes = 32;

ProtobufWriter any(std::string_view type_url, ByteView value) {
  ProtobufWriter message;
  message.string(1, type_url).bytes(2, value);
  return message;
}

void append_word(Bytes& target, std::uint64_t value) {
  append(target, U256::from_uint64(value).to_word());
}

/// ABI encoding of (bytes data, uint256[3][] sigs) behind the selector.
Bytes encode_call(const SubmitCheckpoint& call) {
  Bytes calldata(std::begin(kSubmitCheckpointSelector), std::end(kSubmitCheckpointSelector));
  const FixedBytes<192> data = checkpoint_words(call.checkpoint);
  append_word(calldata, 2 * kWordBytes);                // offset of data
  append_word(calldata, 3 * kWordBytes + data.size());  // offset of sigs
  append_word(calldata, data.size());
  append(calldata, data);
  append_word(calldata, call.signatures.size());
  for (const CheckpointSignature& signature : call.signatures) {
    append(calldata, signature.r);
    append(calldata, signature.s);
    append_word(calldata, signature.v);
  }
  return calldata;
}

Bytes encode_call(const ContractCall& call) {
  Bytes calldata(call.selector.bytes.begin(), call.selector.bytes.end());
  append(calldata, call.arguments);
  return calldata;
}

}  // namespace

Bytes heimdall_tx_body(const HeimdallTransaction& transaction) {
  ProtobufWriter body;
  for (const HeimdallMessage& message : transaction.messages) {
    body.message(1, any(message.type_url, message.value));
  }
  body.string(2, transaction.memo).varint(3, transaction.timeout_height);
  return body.encoded();
}

Bytes heimdall_auth_info(const HeimdallTransaction& transaction, const FixedBytes<65>& public_key) {
  ProtobufWriter key;
  key.bytes(1, public_key);
  ProtobufWriter single;
  single.varint(1, kSignModeDirect);
  ProtobufWriter mode;
  mode.message(1, single);
  ProtobufWriter signer;
  signer.message(1, any("/cosmos.crypto.secp256k1.PubKey", key.encoded()));
  signer.message(2, mode).varint(3, transaction.sequence);

  ProtobufWriter fee;
  if (!transaction.fee_denomination.empty()) {
    ProtobufWriter coin;
    coin.string(1, transaction.fee_denomination).string(2, transaction.fee_amount);
    fee.message(1, coin);
  }
  fee.varint(2, transaction.gas_limit);

  ProtobufWriter auth_info;
  auth_info.message(1, signer).message(2, fee);
  return auth_info.encoded();
}

Bytes heimdall_sign_bytes(const HeimdallTransaction& transaction,
                          const FixedBytes<65>& public_key) {
  ProtobufWriter document;
  document.bytes(1, heimdall_tx_body(transaction))
      .bytes(2, heimdall_auth_info(transaction, public_key))
      .string(3, transaction.chain_id)
      .varint(4, transaction.account_number);
  return document.encoded();
}

Bytes root_chain_calldata(const RootChainTransaction& transaction) {
  return std::visit([](const auto& call) { return encode_call(call); }, transaction.call);
}

Bytes root_chain_sign_bytes(const RootChainTransaction& transaction) {
  RlpWriter fields;
  fields.integer(transaction.chain_id)
      .integer(transaction.nonce)
      .integer(transaction.max_priority_fee_per_gas_wei)
      .integer(transaction.max_fee_per_gas_wei)
      .integer(transaction.gas_limit)
      .bytes(transaction.to)
      .integer(transaction.value_wei)
      .bytes(root_chain_calldata(transaction))
      .list(RlpWriter());
  Bytes bytes{kDynamicFeeType};
  append(bytes, fields.as_list());
  return bytes;
}

}  // namespace buri::hsm::wire
