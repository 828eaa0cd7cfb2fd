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

/// The fields of a recorded message by number, one of each.
std::vector<ProtobufField> fields_of(ByteView message) {
  std::vector<ProtobufField> found(16);
  ProtobufReader reader(message);
  while (!reader.at_end()) {
    const ProtobufField field = reader.next().value();
    found.at(field.number) = field;
  }
  return found;
}

}  // namespace

std::string golden_text(std::string_view name) {
  std::ifstream file(std::string(kFolder) + std::string(name));
  CHECK(file.good(), "a golden file is missing");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<JsonValue> golden_lines(std::string_view name) {
  std::istringstream text(golden_text(name));
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
  const auto fields = fields_of(message);
  hsm::wire::SignVote vote;
  vote.chain_id = kChainB;
  vote.type = static_cast<hsm::wire::VoteType>(fields[1].integer);
  vote.height = static_cast<std::int64_t>(fields[2].integer);
  vote.round = static_cast<std::int32_t>(fields[3].integer);
  vote.block_id = decoded<BlockId>(fields[4].bytes);
  vote.timestamp = decoded<Timestamp>(fields[5].bytes);
  vote.validator_address = Address::from(fields[6].bytes);
  if (!fields[9].bytes.empty()) {
    vote.extension.emplace(fields[9].bytes.begin(), fields[9].bytes.end());
    vote.plain_extension.emplace(fields[11].bytes.begin(), fields[11].bytes.end());
  }
  return vote;
}

hsm::wire::SignProposal recorded_proposal(const JsonValue& line) {
  const Bytes message = hex_of(line, "message");
  const auto fields = fields_of(message);
  hsm::wire::SignProposal proposal;
  proposal.chain_id = kChainB;
  proposal.height = static_cast<std::int64_t>(fields[2].integer);
  proposal.round = static_cast<std::int32_t>(fields[3].integer);
  proposal.pol_round = static_cast<std::int32_t>(fields[4].integer);
  proposal.block_id = decoded<BlockId>(fields[5].bytes);
  proposal.timestamp = decoded<Timestamp>(fields[6].bytes);
  return proposal;
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
