#include "hsm/rules/record.hpp"

#include <algorithm>
#include <limits>

#include "base/check.hpp"
#include "hsm/rules/digest.hpp"
#include "hsm/wire/message_fields.hpp"
#include "hsm/wire/sign_bytes.hpp"

namespace buri::hsm::rules {

using wire::Of;

template <class Visitor, Of<RateWindow> Message>
void fields(Visitor& visit, Message& rate) {
  visit.number(1, "minute", rate.minute);
  visit.number(2, "count", rate.count);
}

template <class Visitor, Of<DailySpend> Message>
void fields(Visitor& visit, Message& spent) {
  visit.number(1, "day", spent.day);
  visit.number(2, "count", spent.count);
  visit.big(3, "wei", spent.wei);
}

template <class Visitor, Of<SignedDigest> Message>
void fields(Visitor& visit, Message& signed_digest) {
  visit.fixed(1, "digest", signed_digest.digest);
  visit.optional_fixed(2, "signature", signed_digest.signature);
}

template <class Visitor, Of<ConsensusRecord> Message>
void fields(Visitor& visit, Message& record) {
  visit.number(1, "height", record.height);
  visit.number(2, "round", record.round);
  visit.number(3, "step", record.step, Step::kNone, Step::kPrecommit);
  visit.bytes(4, "sign_bytes", record.sign_bytes, kMaxSignBytes);
  visit.message(5, "timestamp", record.timestamp);
  visit.optional_fixed(6, "signature", record.signature);
  visit.messages(7, "extensions", record.extensions, kMaxExtensions);
  visit.messages(8, "plain_extensions", record.plain_extensions, kMaxExtensions);
  visit.messages(9, "checkpoints", record.checkpoints, kMaxCheckpoints);
  visit.optional_number(10, "checkpoint_floor", record.checkpoint_floor);
  visit.message(11, "rate", record.rate);
  visit.optional_fixed(12, "prevoted", record.prevoted);
}

template <class Visitor, Of<BorMilestone> Message>
void fields(Visitor& visit, Message& milestone) {
  visit.number(1, "number", milestone.number);
  visit.fixed(2, "hash", milestone.hash);
}

template <class Visitor, Of<BorRecord> Message>
void fields(Visitor& visit, Message& record) {
  visit.number(1, "number", record.number);
  visit.packed(2, "seals", record.seals, kMaxSeals);
  visit.optional_message(3, "last_header", record.last_header);
  visit.optional_fixed(4, "signature", record.signature);
  visit.optional_message(5, "milestone", record.milestone);
  visit.numbers(6, "reorgs", record.reorgs, kMaxReorgTimes);
  visit.message(7, "rate", record.rate);
  visit.number(8, "floor", record.floor);
}

template <class Visitor, Of<HeimdallRecord> Message>
void fields(Visitor& visit, Message& record) {
  visit.optional_number(1, "account_number", record.account_number);
  visit.number(2, "sequence", record.sequence);
  visit.number(3, "bodies_at_sequence", record.bodies_at_sequence);
  visit.optional_message(4, "last", record.last);
  visit.message(5, "spent", record.spent);
  visit.message(6, "rate", record.rate);
}

template <class Visitor, Of<RootChainRecord> Message>
void fields(Visitor& visit, Message& record) {
  visit.number(1, "nonce", record.nonce);
  visit.optional_message(2, "last", record.last);
  visit.optional_fixed(3, "signature", record.signature);
  visit.message(4, "spent", record.spent);
  visit.message(5, "rate", record.rate);
}

template <class Visitor, Of<MadeSignature> Message>
void fields(Visitor& visit, Message& made) {
  visit.number(1, "purpose", made.purpose, wire::Purpose::kProposal,
               wire::Purpose::kProofOfPossession);
  visit.fixed(2, "digest", made.digest);
  visit.fixed(3, "signature", made.signature);
}

/// The signatures beside a record; a list, because protobuf has no bare lists.
struct StoredSignatures {
  std::vector<MadeSignature> signatures;
};
template <class Visitor, Of<StoredSignatures> Message>
void fields(Visitor& visit, Message& stored) {
  visit.messages(1, "signatures", stored.signatures, 3);
}

namespace {

template <class Alternative>
Result<Record, wire::Refusal> decode(ByteView payload) {
  ASSIGN_OR_RETURN(Alternative record,
                   wire::decode_fields<Alternative>(payload, wire::Rule::kEncoding));
  return Record(std::move(record));
}

/// The next number that may be signed is `first`: everything below it counts as signed.
constexpr std::uint64_t below(std::uint64_t first) { return first == 0 ? 0 : first - 1; }

void attach(std::vector<SignedDigest>& entries, const MadeSignature& made) {
  for (SignedDigest& entry : entries) {
    if (entry.digest == made.digest) entry.signature = made.signature;
  }
}

void attach(ConsensusRecord& record, const MadeSignature& made) {
  if (made.purpose == wire::Purpose::kVoteExtension) return attach(record.extensions, made);
  if (made.purpose == wire::Purpose::kPlainExtension) return attach(record.plain_extensions, made);
  if (keccak256(record.sign_bytes) == made.digest) record.signature = made.signature;
}

void attach(BorRecord& record, const MadeSignature& made) {
  const bool last = !record.seals.empty() && record.seals.back().seal_hash == made.digest;
  if (last) record.signature = made.signature;
}

void attach(HeimdallRecord& record, const MadeSignature& made) {
  if (record.last && record.last->digest == made.digest) record.last->signature = made.signature;
}

void attach(RootChainRecord& record, const MadeSignature& made) {
  if (record.last && keccak256(wire::root_chain_sign_bytes(*record.last)) == made.digest) {
    record.signature = made.signature;
  }
}

}  // namespace

std::string_view ledger_name(Ledger ledger) {
  switch (ledger) {
    case Ledger::kConsensus:
      return "consensus";
    case Ledger::kBorHeader:
      return "bor-header";
    case Ledger::kHeimdallTransaction:
      return "heimdall-tx";
    case Ledger::kRootChainTransaction:
      return "root-chain-tx";
  }
  return "unknown";
}

std::optional<Ledger> ledger_of(const wire::RequestBody& body) {
  if (std::holds_alternative<wire::ReportMilestone>(body)) return Ledger::kBorHeader;
  const auto purpose = wire::purpose_of(body);
  if (!purpose) return std::nullopt;
  switch (*purpose) {
    case wire::Purpose::kProposal:
    case wire::Purpose::kVote:
    case wire::Purpose::kVoteExtension:
    case wire::Purpose::kPlainExtension:
      return Ledger::kConsensus;
    case wire::Purpose::kBorHeader:
      return Ledger::kBorHeader;
    case wire::Purpose::kHeimdallTransaction:
      return Ledger::kHeimdallTransaction;
    case wire::Purpose::kRootChainTransaction:
      return Ledger::kRootChainTransaction;
    case wire::Purpose::kProofOfPossession:
      return std::nullopt;
  }
  return std::nullopt;
}

void BorSeal::pack(MutableByteView target) const {
  const Hash256 word = U256::from_uint64(number).to_word();
  std::copy(word.bytes.end() - 8, word.bytes.end(), target.begin());
  std::copy(parent.bytes.begin(), parent.bytes.end(), target.begin() + 8);
  std::copy(seal_hash.bytes.begin(), seal_hash.bytes.end(), target.begin() + 40);
}

BorSeal BorSeal::unpack(ByteView source) {
  return {*U256::from_big_endian(source.first(8))->to_uint64(),
          Hash256::from(source.subspan(8, 32)), Hash256::from(source.subspan(40, 32))};
}

void Ledgers::set(Record record) {
  switch (ledger_of(record)) {
    case Ledger::kConsensus:
      consensus = std::get<ConsensusRecord>(std::move(record));
      return;
    case Ledger::kBorHeader:
      bor = std::get<BorRecord>(std::move(record));
      return;
    case Ledger::kHeimdallTransaction:
      heimdall = std::get<HeimdallRecord>(std::move(record));
      return;
    case Ledger::kRootChainTransaction:
      root_chain = std::get<RootChainRecord>(std::move(record));
  }
}

Record Ledgers::get(Ledger ledger) const {
  switch (ledger) {
    case Ledger::kConsensus:
      return consensus;
    case Ledger::kBorHeader:
      return bor;
    case Ledger::kHeimdallTransaction:
      return heimdall;
    case Ledger::kRootChainTransaction:
      return root_chain;
  }
  CHECK(false, "there is no such ledger");
}

Bytes encode_record(const Record& record) {
  Bytes payload =
      std::visit([](const auto& alternative) { return wire::encode_fields(alternative); }, record);
  CHECK(payload.size() <= kMaxRecordBytes, "a record outgrew its bound");
  return payload;
}

Result<Record, wire::Refusal> decode_record(Ledger ledger, ByteView payload) {
  switch (ledger) {
    case Ledger::kConsensus:
      return decode<ConsensusRecord>(payload);
    case Ledger::kBorHeader:
      return decode<BorRecord>(payload);
    case Ledger::kHeimdallTransaction:
      return decode<HeimdallRecord>(payload);
    case Ledger::kRootChainTransaction:
      return decode<RootChainRecord>(payload);
  }
  CHECK(false, "there is no such ledger");
}

Bytes encode_signatures(std::span<const MadeSignature> signatures) {
  return wire::encode_fields(StoredSignatures{{signatures.begin(), signatures.end()}});
}

Result<std::vector<MadeSignature>, wire::Refusal> decode_signatures(ByteView bytes) {
  ASSIGN_OR_RETURN(StoredSignatures stored,
                   wire::decode_fields<StoredSignatures>(bytes, wire::Rule::kEncoding));
  return std::move(stored.signatures);
}

void attach_signatures(Record& record, std::span<const MadeSignature> signatures) {
  for (const MadeSignature& made : signatures) {
    std::visit([&](auto& alternative) { attach(alternative, made); }, record);
  }
}

ConsensusRecord start_consensus(std::int64_t first_height,
                                std::optional<std::uint64_t> checkpoint_floor) {
  ConsensusRecord record;
  record.height = first_height - 1;
  record.round = std::numeric_limits<std::int32_t>::max();
  record.step = Step::kPrecommit;
  record.checkpoint_floor = checkpoint_floor;
  return record;
}

BorRecord start_bor(std::uint64_t first_number) {
  BorRecord record;
  record.number = below(first_number);
  record.floor = record.number;
  return record;
}

HeimdallRecord start_heimdall(std::uint64_t first_sequence) {
  HeimdallRecord record;
  record.sequence = first_sequence;
  return record;
}

RootChainRecord start_root_chain(std::uint64_t first_nonce) {
  RootChainRecord record;
  record.nonce = first_nonce;
  return record;
}

}  // namespace buri::hsm::rules
