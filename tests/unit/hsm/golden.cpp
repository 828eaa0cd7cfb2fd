#include "tests/unit/hsm/golden.hpp"

#include <fstream>
#include <sstream>

#include "accel/hasher.hpp"
#include "accel/scalar/single.hpp"
#include "base/codec/protobuf_reader.hpp"
#include "base/hex.hpp"
#include "hsm/wire/message_fields.hpp"

namespace buri::testing {
namespace {

using hsm::wire::BlockId;
using hsm::wire::Timestamp;

constexpr std::string_view kFolder = "tests/golden/signer/";
constexpr std::string_view kChainB = "heimdall-gold-b";

template <class Message>
Message decoded(ByteView bytes) {
  return hsm::wire::decode_fields<Message>(bytes, hsm::wire::Rule::kEncoding).value();
}

/// The first field of that number; zero and empty if there is none.
ProtobufField field_of(ByteView message, std::uint32_t number) {
  for (ProtobufReader reader(message); !reader.at_end();) {
    const ProtobufField field = reader.next().value();
    if (field.number == number) return field;
  }
  return {};
}

}  // namespace

std::string golden_signer_text(std::string_view name) {
  std::ifstream file(std::string(kFolder) + std::string(name));
  CHECK(file.good(), "a golden file is missing");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<JsonValue> golden_lines(std::string_view name) {
  std::istringstream text(golden_signer_text(name));
  std::vector<JsonValue> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(parse_json(line).value());
  CHECK(!lines.empty(), "a golden file is empty");
  return lines;
}

const std::string& text_of(const JsonValue& object, std::string_view key) {
  static const std::string kNothing;
  for (const JsonValue& child : object.children) {
    if (child.key == key) return child.text;
  }
  return kNothing;
}

Bytes hex_of(const JsonValue& object, std::string_view key) {
  return from_hex(text_of(object, key)).value();
}

std::int64_t number_of(const JsonValue& object, std::string_view key) {
  return std::stoll(text_of(object, key));
}

hsm::wire::SignVote recorded_vote(const JsonValue& line) {
  const Bytes message = hex_of(line, "message");
  hsm::wire::SignVote vote;
  vote.chain_id = kChainB;
  vote.type = static_cast<hsm::wire::VoteType>(field_of(message, 1).integer);
  vote.height = static_cast<std::int64_t>(field_of(message, 2).integer);
  vote.round = static_cast<std::int32_t>(field_of(message, 3).integer);
  vote.block_id = decoded<BlockId>(field_of(message, 4).bytes);
  vote.timestamp = decoded<Timestamp>(field_of(message, 5).bytes);
  vote.validator_address = Address::from(field_of(message, 6).bytes);
  if (!field_of(message, 9).bytes.empty()) {
    vote.extension.emplace(field_of(message, 9).bytes.begin(), field_of(message, 9).bytes.end());
    vote.plain_extension.emplace(field_of(message, 11).bytes.begin(),
                                 field_of(message, 11).bytes.end());
  }
  return vote;
}

hsm::wire::SignProposal recorded_proposal(const JsonValue& line) {
  const Bytes message = hex_of(line, "message");
  hsm::wire::SignProposal proposal;
  proposal.chain_id = kChainB;
  proposal.height = static_cast<std::int64_t>(field_of(message, 2).integer);
  proposal.round = static_cast<std::int32_t>(field_of(message, 3).integer);
  proposal.pol_round = static_cast<std::int32_t>(field_of(message, 4).integer);
  proposal.block_id = decoded<BlockId>(field_of(message, 5).bytes);
  proposal.timestamp = decoded<Timestamp>(field_of(message, 6).bytes);
  return proposal;
}

hsm::wire::HeimdallTransaction recorded_transaction(const JsonValue& line) {
  hsm::wire::HeimdallTransaction transaction;
  transaction.chain_id = text_of(line, "chain_id");
  transaction.account_number = static_cast<std::uint64_t>(number_of(line, "account_number"));
  const Bytes raw = hex_of(line, "tx");
  for (ProtobufReader body(field_of(raw, 1).bytes); !body.at_end();) {
    const ProtobufField field = body.next().value();
    if (field.number == 1) {
      const ByteView value = field_of(field.bytes, 2).bytes;
      transaction.messages.push_back({std::string(as_text(field_of(field.bytes, 1).bytes)),
                                      Bytes(value.begin(), value.end())});
    }
    if (field.number == 2) transaction.memo = as_text(field.bytes);
    if (field.number == 3) transaction.timeout_height = field.integer;
  }
  const ByteView auth_info = field_of(raw, 2).bytes;
  const ByteView fee = field_of(auth_info, 2).bytes;
  const ByteView coin = field_of(fee, 1).bytes;
  transaction.sequence = field_of(field_of(auth_info, 1).bytes, 3).integer;
  transaction.fee_denomination = as_text(field_of(coin, 1).bytes);
  transaction.fee_amount = as_text(field_of(coin, 2).bytes);
  transaction.gas_limit = field_of(fee, 2).integer;
  return transaction;
}

Hash256 keccak256(ByteView message) {
  Hash256 digest;
  accel::scalar_hasher().keccak256_batch({&message, 1}, {&digest, 1});
  return digest;
}

Address signer_of(const Hash256& digest, ByteView signature) {
  accel::RecoverRequest request;
  request.signature = {digest, Hash256::from(signature.first(32)),
                       Hash256::from(signature.subspan(32, 32))};
  request.recovery_id = signature[64];
  return accel::scalar::recover_single(request, accel::LowS::kRequired).address;
}

}  // namespace buri::testing
