#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "hsm/wire/block_id.hpp"
#include "hsm/wire/bor_header.hpp"
#include "hsm/wire/heimdall_transaction.hpp"
#include "hsm/wire/purpose.hpp"
#include "hsm/wire/root_chain_transaction.hpp"

/// What the signer can be asked. There is no request that carries bytes or a digest to be signed as
/// they are: the signer builds every byte it signs from these fields (sign_bytes.hpp). Encoding:
/// codec.hpp, docs/formats/signer-protocol.md.

namespace buri::hsm::wire {

/// The protocol that this build speaks.
inline constexpr std::uint32_t kProtocolVersion = 1;

/// Opens a connection. A signer answers with HelloAnswer, or refuses with kUnsupported.
struct Hello {
  std::uint32_t lowest_version = kProtocolVersion;
  std::uint32_t highest_version = kProtocolVersion;
  /// Purposes the client will ask for; the signer refuses at once what its socket does not serve.
  std::vector<Purpose> purposes;

  friend bool operator==(const Hello&, const Hello&) = default;
};

/// A block proposal. The signed form has no blob id: Heimdall never makes one.
struct SignProposal {
  std::string chain_id;
  std::int64_t height = 0;
  std::int32_t round = 0;
  std::int32_t pol_round = -1;  ///< proof-of-lock round; -1: none
  BlockId block_id;
  Timestamp timestamp;

  friend bool operator==(const SignProposal&, const SignProposal&) = default;
};

enum class VoteType : std::uint8_t { kPrevote = 1, kPrecommit = 2 };

/// A prevote or precommit. The two extensions come and go together.
struct SignVote {
  std::string chain_id;
  VoteType type = VoteType::kPrevote;
  std::int64_t height = 0;
  std::int32_t round = 0;
  BlockId block_id;  ///< nil for a nil vote
  Timestamp timestamp;
  Address validator_address;
  std::optional<Bytes> extension;        ///< sidetxs.VoteExtension, encoded (vote_extension.hpp)
  std::optional<Bytes> plain_extension;  ///< dummy or checkpoint (plain_extension.hpp)

  friend bool operator==(const SignVote&, const SignVote&) = default;
};

/// A Bor header to seal.
struct SignBorHeader {
  std::uint64_t chain_id = 0;
  BorHeader header;
  /// The client states that the header it had sealed before at this number and on this parent was
  /// never sent to anybody.
  bool earlier_not_broadcast = false;
  /// For a header on another branch than ours: RLP of the headers of that branch, ascending, the
  /// first one's parent on our chain at or above the milestone, the last one being this header's
  /// parent. At most kMaxBranchHeaders.
  std::vector<Bytes> branch;

  friend bool operator==(const SignBorHeader&, const SignBorHeader&) = default;
};
inline constexpr std::size_t kMaxBranchHeaders = 256;

struct SignHeimdallTransaction {
  HeimdallTransaction transaction;

  friend bool operator==(const SignHeimdallTransaction&, const SignHeimdallTransaction&) = default;
};

struct SignRootChainTransaction {
  RootChainTransaction transaction;

  friend bool operator==(const SignRootChainTransaction&,
                         const SignRootChainTransaction&) = default;
};

/// Shows that the key is where the ceremony says. Answered in the ceremony state only.
struct ProveOfPossession {
  std::string chain;        ///< "heimdallv2-137"
  std::string ceremony_id;  ///< 1 to 64 printable characters
  Hash256 nonce;            ///< drawn by the witness

  friend bool operator==(const ProveOfPossession&, const ProveOfPossession&) = default;
};

/// A milestone that the chain decided: the signer seals nothing at or below it any more. Numbers
/// only grow. Signs nothing.
struct ReportMilestone {
  std::uint64_t block_number = 0;
  Hash256 block_hash;

  friend bool operator==(const ReportMilestone&, const ReportMilestone&) = default;
};

/// The end of the last checkpoint that the root chain has: the signer signs no checkpoint at or
/// below it any more. Numbers only grow. Signs nothing.
struct ReportCheckpoint {
  std::uint64_t end_block = 0;

  friend bool operator==(const ReportCheckpoint&, const ReportCheckpoint&) = default;
};

struct GetPublicKey {
  friend bool operator==(const GetPublicKey&, const GetPublicKey&) = default;
};

struct GetStatus {
  friend bool operator==(const GetStatus&, const GetStatus&) = default;
};

using RequestBody =
    std::variant<Hello, SignProposal, SignVote, SignBorHeader, SignHeimdallTransaction,
                 SignRootChainTransaction, ProveOfPossession, ReportMilestone, ReportCheckpoint,
                 GetPublicKey, GetStatus>;

/// One frame from client to signer.
struct Request {
  std::uint64_t id = 0;  ///< chosen by the client, repeated in the answer
  /// Counted from when the signer reads the frame; afterwards the answer is of no use and the
  /// signer may refuse with kDeadline. 1 to kMaxTimeoutMs.
  std::uint32_t timeout_ms = 0;
  RequestBody body;

  friend bool operator==(const Request&, const Request&) = default;
};
inline constexpr std::uint32_t kMaxTimeoutMs = 60'000;

/// The purpose whose socket and policy section a request falls under; nothing for what any client
/// may ask (Hello, GetPublicKey, GetStatus). Reports fall under kVote: the consensus node makes
/// them. A vote with extensions falls under kVote.
std::optional<Purpose> purpose_of(const RequestBody& body);

/// Name of the request for logs: "sign_vote".
std::string_view request_name(const RequestBody& body);

}  // namespace buri::hsm::wire
