#include "node/consensus/p2p/secret_connection.hpp"

#include <algorithm>

#include "base/codec/protobuf_reader.hpp"
#include "base/codec/protobuf_writer.hpp"
#include "node/consensus/p2p/handshake_keys.hpp"

namespace buri::consensus::p2p {
namespace {

/// A BytesValue of 32 bytes behind its length: the envelope of an ephemeral key.
constexpr std::array<std::uint8_t, 3> kKeyEnvelope{0x22, 0x0a, 0x20};
constexpr std::size_t kKeyMessageBytes = kKeyEnvelope.size() + X25519Public::kSize;

/// Moves bytes from `source` until `target` holds `size`; true when it does.
bool fill_up(Bytes& target, std::size_t size, ByteView& source) {
  const std::size_t count = std::min(size - target.size(), source.size());
  append(target, source.first(count));
  source = source.subspan(count);
  return target.size() == size;
}

}  // namespace

SecretConnection::SecretConnection(const NodeKey& own_key, Random& random,
                                   std::optional<NodeId> expected)
    : own_key_(own_key), expected_(expected) {
  random.fill(ephemeral_.writable());
  ephemeral_public_ = x25519_public(ephemeral_);
  append(output_, kKeyEnvelope);
  append(output_, ephemeral_public_);
}

Status<ConnectionError> SecretConnection::receive(ByteView wire) {
  if (stage_ == Stage::kOver) return Failure{error_};
  const auto status = consume(wire);
  return status.ok() ? status : end(status.error());
}

Status<ConnectionError> SecretConnection::write(ByteView data) {
  if (stage_ == Stage::kOver) return Failure{error_};
  CHECK(established(), "data was written before the peer is known");
  const auto status = seal_all(data);
  return status.ok() ? status : end(status.error());
}

Status<ConnectionError> SecretConnection::end(ConnectionError error) {
  // Before the handshake is over, what lies there is a part of it and nobody's data.
  if (!established()) data_.clear();
  stage_ = Stage::kOver;
  error_ = error;
  sealer_.reset();
  opener_.reset();
  partial_ = {};
  return Failure{error};
}

Status<ConnectionError> SecretConnection::consume(ByteView wire) {
  if (stage_ == Stage::kKey) RETURN_IF_ERROR(take_key(wire));
  return stage_ == Stage::kKey ? Unit{} : take_frames(wire);
}

Status<ConnectionError> SecretConnection::take_key(ByteView& wire) {
  const bool whole = fill_up(partial_, kKeyMessageBytes, wire);
  // Another protocol is recognised by its first byte, not by a deadline.
  const std::size_t known = std::min(partial_.size(), kKeyEnvelope.size());
  if (!equal(ByteView(partial_).first(known), ByteView(kKeyEnvelope).first(known))) {
    return Failure{ConnectionError::kEphemeralKey};
  }
  if (!whole) return Unit{};
  const auto theirs = X25519Public::from(ByteView(partial_).subspan(kKeyEnvelope.size()));
  partial_.clear();
  return agree(theirs);
}

Status<ConnectionError> SecretConnection::agree(const X25519Public& theirs) {
  if (theirs == ephemeral_public_) return Failure{ConnectionError::kReflectedKey};
  Secret<32> shared;
  if (!x25519_shared(ephemeral_, theirs, shared)) return Failure{ConnectionError::kWeakKey};
  ephemeral_ = Secret<32>();
  const bool own_is_lower = ephemeral_public_ < theirs;
  challenge_ = handshake_challenge(std::min(ephemeral_public_, theirs),
                                   std::max(ephemeral_public_, theirs), shared);
  const HandshakeKeys keys = derive_keys(shared, own_is_lower);
  sealer_.emplace(keys.send);
  opener_.emplace(keys.receive);
  stage_ = Stage::kAuthentication;
  const Ed25519Signature signature = own_key_.sign(challenge_);
  const Bytes message = encode(AuthMessage{
      .key = own_key_.public_key(), .signature = {signature.bytes.begin(), signature.bytes.end()}});
  Bytes delimited;
  append_varint(delimited, message.size());
  append(delimited, message);
  return seal_all(delimited);
}

Status<ConnectionError> SecretConnection::take_frames(ByteView wire) {
  while (!wire.empty()) {
    if (partial_.empty() && wire.size() >= kSealedFrameBytes) {
      RETURN_IF_ERROR(open(wire.first(kSealedFrameBytes)));
      wire = wire.subspan(kSealedFrameBytes);
    } else if (fill_up(partial_, kSealedFrameBytes, wire)) {
      RETURN_IF_ERROR(open(partial_));
      partial_.clear();
    }
  }
  return Unit{};
}

Status<ConnectionError> SecretConnection::open(ByteView sealed) {
  RETURN_IF_ERROR(opener_->open(sealed, data_));
  return stage_ == Stage::kAuthentication ? authenticate() : Unit{};
}

/// Reads the AuthSigMessage once `data_` holds it; what follows it is the peer's data.
Status<ConnectionError> SecretConnection::authenticate() {
  ByteView rest = data_;
  const auto length = take_varint(rest);
  if (!length.ok()) {
    // An empty frame is no fault, a length without end is one.
    if (length.error() == ProtobufError::kTruncated) return Unit{};
    return Failure{ConnectionError::kAuthEncoding};
  }
  if (length.value() > kMaxAuthMessageBytes) return Failure{ConnectionError::kAuthTooLong};
  if (rest.size() < length.value()) return Unit{};
  ASSIGN_OR_RETURN(const AuthMessage message, decode_auth_message(rest.first(length.value())));
  if (!verify(message.key, challenge_, message.signature)) {
    return Failure{ConnectionError::kSignature};
  }
  peer_ = message.key;
  if (expected_ && node_id(message.key) != *expected_) {
    return Failure{ConnectionError::kUnexpectedPeer};
  }
  rest = rest.subspan(length.value());
  data_ = Bytes(rest.begin(), rest.end());
  stage_ = Stage::kEstablished;
  return Unit{};
}

Status<ConnectionError> SecretConnection::seal_all(ByteView data) {
  while (!data.empty()) {
    const ByteView chunk = data.first(std::min(data.size(), kFrameDataBytes));
    RETURN_IF_ERROR(sealer_->seal(chunk, output_));
    data = data.subspan(chunk.size());
  }
  return Unit{};
}

}  // namespace buri::consensus::p2p
