#include "node/consensus/p2p/auth_message.hpp"

#include "base/codec/protobuf_reader.hpp"
#include "base/codec/protobuf_writer.hpp"

namespace buri::consensus::p2p {
namespace {

constexpr std::uint32_t kEd25519Field = 1;
constexpr std::uint32_t kUncompressedField = 3;

/// The fields 1 and 2 of a message that must have both as bytes, and nothing else.
Result<std::pair<ByteView, ByteView>, ConnectionError> two_fields(ByteView message) {
  ProtobufReader reader(message);
  std::pair<ByteView, ByteView> fields;
  for (const std::uint32_t number : {1u, 2u}) {
    if (reader.at_end()) return Failure{ConnectionError::kAuthEncoding};
    const auto field = reader.next();
    if (!field.ok() || field->number != number || field->type != WireType::kBytes) {
      return Failure{ConnectionError::kAuthEncoding};
    }
    (number == 1 ? fields.first : fields.second) = field->bytes;
  }
  if (!reader.at_end()) return Failure{ConnectionError::kAuthEncoding};
  return fields;
}

Result<PeerKey, ConnectionError> decode_key(ByteView message) {
  ProtobufReader reader(message);
  if (reader.at_end()) return Failure{ConnectionError::kKeyType};
  const auto field = reader.next();
  if (!field.ok() || field->type != WireType::kBytes || !reader.at_end()) {
    return Failure{ConnectionError::kAuthEncoding};
  }
  if (field->number == kEd25519Field && field->bytes.size() == Ed25519Public::kSize) {
    return PeerKey(Ed25519Public::from(field->bytes));
  }
  if (field->number == kUncompressedField && field->bytes.size() == Secp256k1Public::kSize) {
    return PeerKey(Secp256k1Public::from(field->bytes));
  }
  return Failure{ConnectionError::kKeyType};
}

}  // namespace

Bytes encode(const AuthMessage& message) {
  ProtobufWriter key;
  if (const auto* ed25519 = std::get_if<Ed25519Public>(&message.key)) {
    key.bytes(kEd25519Field, *ed25519);
  } else {
    key.bytes(kUncompressedField, std::get<Secp256k1Public>(message.key));
  }
  return ProtobufWriter().message(1, key).bytes(2, message.signature).encoded();
}

Result<AuthMessage, ConnectionError> decode_auth_message(ByteView bytes) {
  if (bytes.size() > kMaxAuthMessageBytes) return Failure{ConnectionError::kAuthTooLong};
  ASSIGN_OR_RETURN(const auto fields, two_fields(bytes));
  if (fields.second.empty()) return Failure{ConnectionError::kAuthEncoding};
  ASSIGN_OR_RETURN(PeerKey key, decode_key(fields.first));
  return AuthMessage{.key = key, .signature = Bytes(fields.second.begin(), fields.second.end())};
}

}  // namespace buri::consensus::p2p
