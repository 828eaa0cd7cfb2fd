#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "hsm/wire/bor_header.hpp"
#include "hsm/wire/checkpoint.hpp"
#include "hsm/wire/refusal.hpp"
#include "hsm/wire/request.hpp"
#include "hsm/wire/response.hpp"

/// What the signer must never forget: per ledger one record, rewritten as a whole before each
/// signature (signer.md 6). Plain values with a strict binary codec; the state store keeps the
/// bytes and does not look inside. Layout: docs/formats/signer-records.md.

namespace buri::hsm::rules {

/// The four memories of a key. A request changes at most one of them. Votes, proposals and both
/// extensions share one, so a precommit is one durable write.
enum class Ledger : std::uint8_t {
  kConsensus = 1,
  kBorHeader = 2,
  kHeimdallTransaction = 3,
  kRootChainTransaction = 4,
};
inline constexpr std::size_t kLedgerCount = 4;

/// At most 16 characters of a-z and '-': "bor-header". Names files and fence keys.
std::string_view ledger_name(Ledger ledger);

/// The ledger that a request may change; nothing for those that change none.
std::optional<Ledger> ledger_of(const wire::RequestBody& body);

/// Signatures granted within a minute; any other minute starts anew, also an earlier one, so that a
/// clock that jumped never stops the signer for longer.
struct RateWindow {
  std::uint64_t minute = 0;  ///< Unix time / 60
  std::uint64_t count = 0;

  friend bool operator==(const RateWindow&, const RateWindow&) = default;
};

/// What was spent within a UTC day; keeps adding to the later day if the clock goes back.
struct DailySpend {
  std::uint64_t day = 0;  ///< Unix time / 86400
  std::uint64_t count = 0;
  U256 wei;

  friend bool operator==(const DailySpend&, const DailySpend&) = default;
};

/// CometBFT's order within a round. Values are those of the FilePV file.
enum class Step : std::uint8_t { kNone = 0, kProposal = 1, kPrevote = 2, kPrecommit = 3 };

/// One thing that was signed: its digest, and the signature when it is known. A digest without
/// signature is signed again when it is asked for again.
struct SignedDigest {
  Hash256 digest;
  std::optional<wire::Signature> signature;

  friend bool operator==(const SignedDigest&, const SignedDigest&) = default;
};

struct ConsensusRecord {
  std::int64_t height = 0;
  std::int32_t round = 0;
  Step step = Step::kNone;
  /// Of the last vote or proposal; empty when imported without them: then nothing is replayed.
  Bytes sign_bytes;
  wire::Timestamp timestamp;
  std::optional<wire::Signature> signature;
  std::optional<Hash256> prevoted;  ///< block prevoted at (height, round), for an alarm
  /// Extensions signed for (height, round), the first one first; at most kMaxExtensions.
  std::vector<SignedDigest> extensions;
  std::vector<SignedDigest> plain_extensions;  ///< likewise

  /// Checkpoints signed, ascending by end; at most kMaxCheckpoints.
  std::vector<wire::Checkpoint> checkpoints;
  /// No checkpoint that ends at or below this: on the root chain, or forgotten here.
  std::optional<std::uint64_t> checkpoint_floor;
  RateWindow rate;

  friend bool operator==(const ConsensusRecord&, const ConsensusRecord&) = default;
};
inline constexpr std::size_t kMaxSignBytes = 512;  ///< of a vote or proposal
inline constexpr std::size_t kMaxExtensions = 8;
inline constexpr std::size_t kMaxCheckpoints = 24;

/// A header that was sealed.
struct BorSeal {
  std::uint64_t number = 0;
  Hash256 parent;
  Hash256 seal_hash;

  /// The number big-endian, then the two hashes.
  static constexpr std::size_t kPackedBytes = 8 + 2 * Hash256::size();
  void pack(MutableByteView target) const;
  static BorSeal unpack(ByteView source);

  friend auto operator<=>(const BorSeal&, const BorSeal&) = default;
};

struct BorMilestone {
  std::uint64_t number = 0;
  Hash256 hash;

  friend bool operator==(const BorMilestone&, const BorMilestone&) = default;
};

struct BorRecord {
  std::uint64_t number = 0;    ///< highest sealed, or the one to start above
  std::uint64_t floor = 0;     ///< at and below it nobody here knows what was sealed
  std::vector<BorSeal> seals;  ///< the last kMaxSeals in the order of signing
  std::optional<wire::BorHeader> last_header;  ///< of the last seal
  std::optional<wire::Signature> signature;    ///< of last_header
  std::optional<BorMilestone> milestone;
  std::vector<std::uint64_t> reorgs;  ///< Unix seconds of recent seals on another branch, ascending
  RateWindow rate;

  friend bool operator==(const BorRecord&, const BorRecord&) = default;
};
inline constexpr std::size_t kMaxSeals = 1024;
inline constexpr std::size_t kMaxReorgTimes = 64;

struct HeimdallRecord {
  std::optional<std::uint64_t> account_number;  ///< of the first transaction signed
  std::uint64_t sequence = 0;                   ///< lowest that may still be signed
  std::uint64_t bodies_at_sequence = 0;         ///< different transactions signed with `sequence`
  std::optional<SignedDigest> last;             ///< the last one signed
  DailySpend spent;                             ///< declared fees
  RateWindow rate;

  friend bool operator==(const HeimdallRecord&, const HeimdallRecord&) = default;
};

struct RootChainRecord {
  std::uint64_t nonce = 0;                         ///< lowest that may still be signed
  std::optional<wire::RootChainTransaction> last;  ///< the transaction signed with `nonce`
  std::optional<wire::Signature> signature;        ///< of `last`
  DailySpend spent;                                ///< gas limit * max fee + value
  RateWindow rate;

  friend bool operator==(const RootChainRecord&, const RootChainRecord&) = default;
};

/// The record of one ledger. The index of the alternative is the ledger's value - 1.
using Record = std::variant<ConsensusRecord, BorRecord, HeimdallRecord, RootChainRecord>;

inline Ledger ledger_of(const Record& record) { return static_cast<Ledger>(record.index() + 1); }

/// All four, as the rules need them: a root chain transaction is judged by the checkpoints of the
/// consensus record.
struct Ledgers {
  ConsensusRecord consensus;
  BorRecord bor;
  HeimdallRecord heimdall;
  RootChainRecord root_chain;

  /// Puts a record in its place.
  void set(Record record);
  [[nodiscard]] Record get(Ledger ledger) const;

  friend bool operator==(const Ledgers&, const Ledgers&) = default;
};

/// Most bytes of any encoded record; that of Bor is the largest.
inline constexpr std::size_t kMaxRecordBytes = 120 * 1024;

Bytes encode_record(const Record& record);
/// Strict: one encoding per record, every bound checked. The refusal names the field and has rule
/// kEncoding.
Result<Record, wire::Refusal> decode_record(Ledger ledger, ByteView payload);

/// A signature and the digest it is over: what the state store keeps beside a record.
struct MadeSignature {
  wire::Purpose purpose{};
  Hash256 digest;
  wire::Signature signature;

  friend bool operator==(const MadeSignature&, const MadeSignature&) = default;
};

Bytes encode_signatures(std::span<const MadeSignature> signatures);
Result<std::vector<MadeSignature>, wire::Refusal> decode_signatures(ByteView bytes);

/// Fills signatures into the entries of the record that have their digest; those of other digests
/// are ignored. Call it after signing, and after a start with what the state store kept.
void attach_signatures(Record& record, std::span<const MadeSignature> signatures);

/// Records for a key that begins to sign at these places and never signed before them. An explicit
/// act of the ceremony: a missing record is never replaced by these.
/// `checkpoint_floor` is the end of the last checkpoint on the root chain: without it the first
/// report or checkpoint may have any end.
ConsensusRecord start_consensus(std::int64_t first_height,
                                std::optional<std::uint64_t> checkpoint_floor = {});
BorRecord start_bor(std::uint64_t first_number);
HeimdallRecord start_heimdall(std::uint64_t first_sequence);
RootChainRecord start_root_chain(std::uint64_t first_nonce);

}  // namespace buri::hsm::rules
