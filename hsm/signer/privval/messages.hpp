#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "hsm/wire/block_id.hpp"
#include "hsm/wire/refusal.hpp"

/// The messages of privval, the protocol in which CometBFT asks a remote signer, as Polygon's fork
/// speaks it (spec/cometbft.md 4.6): uncompressed keys, a second extension, a blob id in proposals.
/// Read strictly: every message has one accepted encoding, the one that the fork writes.

namespace buri::hsm::signer::privval {

/// Most bytes of a message, without its length. Above the fork's own 10,240, which a legal vote
/// can exceed.
inline constexpr std::size_t kMaxMessageBytes = 64 * 1024;

/// tendermint.types.Vote. Signatures are empty in a request.
struct Vote {
  std::uint32_t type = 0;  ///< 1 prevote, 2 precommit
  std::int64_t height = 0;
  std::int32_t round = 0;
  wire::BlockId block_id;
  wire::Timestamp timestamp;
  Bytes validator_address;
  std::int32_t validator_index = 0;
  Bytes signature;
  Bytes extension;
  Bytes extension_signature;
  Bytes plain_extension;  ///< the fork's non_rp_extension
  Bytes plain_extension_signature;

  friend bool operator==(const Vote&, const Vote&) = default;
};

/// tendermint.types.Proposal.
struct Proposal {
  std::uint32_t type = 0;  ///< 32
  std::int64_t height = 0;
  std::int32_t round = 0;
  std::int32_t pol_round = 0;
  wire::BlockId block_id;
  wire::Timestamp timestamp;
  Bytes signature;
  wire::BlockId blob_id;  ///< always nil on Heimdall

  friend bool operator==(const Proposal&, const Proposal&) = default;
};

struct RemoteSignerError {
  std::int32_t code = 0;    ///< the number of the rule (hsm/wire/refusal.hpp)
  std::string description;  ///< begins with the name of the rule

  friend bool operator==(const RemoteSignerError&, const RemoteSignerError&) = default;
};

/// tendermint.crypto.PublicKey.
struct PublicKey {
  Bytes uncompressed;  ///< 65 bytes; empty beside an error

  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};

struct PublicKeyRequest {
  std::string chain_id;

  friend bool operator==(const PublicKeyRequest&, const PublicKeyRequest&) = default;
};
struct PublicKeyResponse {
  PublicKey public_key;
  std::optional<RemoteSignerError> error;

  friend bool operator==(const PublicKeyResponse&, const PublicKeyResponse&) = default;
};
struct SignVoteRequest {
  Vote vote;
  std::string chain_id;

  friend bool operator==(const SignVoteRequest&, const SignVoteRequest&) = default;
};
struct SignedVoteResponse {
  Vote vote;
  std::optional<RemoteSignerError> error;

  friend bool operator==(const SignedVoteResponse&, const SignedVoteResponse&) = default;
};
struct SignProposalRequest {
  Proposal proposal;
  std::string chain_id;

  friend bool operator==(const SignProposalRequest&, const SignProposalRequest&) = default;
};
struct SignedProposalResponse {
  Proposal proposal;
  std::optional<RemoteSignerError> error;

  friend bool operator==(const SignedProposalResponse&, const SignedProposalResponse&) = default;
};
struct PingRequest {
  friend bool operator==(const PingRequest&, const PingRequest&) = default;
};
struct PingResponse {
  friend bool operator==(const PingResponse&, const PingResponse&) = default;
};

/// In the order of their field numbers, from 1.
using Message =
    std::variant<PublicKeyRequest, PublicKeyResponse, SignVoteRequest, SignedVoteResponse,
                 SignProposalRequest, SignedProposalResponse, PingRequest, PingResponse>;

/// The message behind its length, as it goes over the socket.
Bytes encode_message(const Message& message);

/// Reads one message, without its length. The refusal has rule kEncoding and names the field.
Result<Message, wire::Refusal> decode_message(ByteView bytes);

/// Takes the first whole message from the front of `received` and returns it without its length;
/// nothing if more bytes must come. The refusal: a length that is malformed or above
/// kMaxMessageBytes.
Result<std::optional<ByteView>, wire::Refusal> take_message(ByteView& received);

}  // namespace buri::hsm::signer::privval
