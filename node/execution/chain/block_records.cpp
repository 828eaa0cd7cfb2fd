#include "node/execution/chain/block_records.hpp"

#include "node/execution/evm/keccak.hpp"

namespace buri::execution::chain {
namespace {

void write_receipt(const Receipt& receipt, RlpWriter& writer) {
  writer.list_of([&](RlpWriter& fields) {
    fields.integer(static_cast<std::uint64_t>(receipt.type));
    fields.integer(std::uint64_t{receipt.succeeded}).integer(receipt.cumulative_gas);
    write_logs(receipt.logs, fields);
  });
}

Result<Receipt, DecodeError> read_stored_receipt(FieldReader fields) {
  ASSIGN_OR_RETURN(const std::uint64_t type, fields.uint64("type"));
  if (type != 0 && !is_receipt_type(type)) {
    return Failure{fields.error("type", "0 to 4 or 127", std::to_string(type))};
  }
  ASSIGN_OR_RETURN(const std::uint64_t status, fields.uint64("status"));
  if (status > 1) return Failure{fields.error("status", "0 or 1", std::to_string(status))};
  ASSIGN_OR_RETURN(const std::uint64_t gas, fields.uint64("cumulative_gas"));
  ASSIGN_OR_RETURN(const FieldReader list, fields.list("logs"));
  ASSIGN_OR_RETURN(std::vector<evm::Log> logs, read_logs(list));
  RETURN_IF_ERROR(fields.expect_end());
  return Receipt{static_cast<EnvelopeType>(type), status == 1, gas, {}, std::move(logs)};
}

Result<std::vector<Receipt>, DecodeError> read_stored_receipts(FieldReader list) {
  std::vector<Receipt> receipts;
  while (!list.at_end()) {
    ASSIGN_OR_RETURN(const FieldReader fields, list.list("receipt"));
    ASSIGN_OR_RETURN(Receipt receipt, read_stored_receipt(fields));
    receipts.push_back(std::move(receipt));
  }
  fill_blooms(receipts);
  return receipts;
}

Result<std::vector<Address>, DecodeError> read_senders(FieldReader& fields) {
  ASSIGN_OR_RETURN(ByteView bytes, fields.bytes("senders"));
  if (bytes.size() % Address::kSize != 0) {
    return Failure{fields.error("senders", "20 bytes each", std::to_string(bytes.size()))};
  }
  std::vector<Address> senders;
  for (; !bytes.empty(); bytes = bytes.subspan(Address::kSize)) {
    senders.push_back(Address::from(bytes.first(Address::kSize)));
  }
  return senders;
}

Result<Validator, DecodeError> read_member(FieldReader fields) {
  Validator member;
  ASSIGN_OR_RETURN(member.id, fields.uint64("id"));
  ASSIGN_OR_RETURN(member.signer, fields.fixed<20>("signer"));
  ASSIGN_OR_RETURN(const std::uint64_t power, fields.uint64("power"));
  ASSIGN_OR_RETURN(const std::uint64_t priority, fields.uint64("priority"));
  member.power = static_cast<std::int64_t>(power);
  member.priority = static_cast<std::int64_t>(priority);
  RETURN_IF_ERROR(fields.expect_end());
  return member;
}

RlpWriter fixed_block_items(const FixedBlock& block) {
  return RlpWriter().integer(block.number).bytes(block.hash);
}

Result<FixedBlock, DecodeError> read_fixed_block(FieldReader fields) {
  FixedBlock block;
  ASSIGN_OR_RETURN(block.number, fields.uint64("number"));
  ASSIGN_OR_RETURN(block.hash, fields.fixed<32>("hash"));
  RETURN_IF_ERROR(fields.expect_end());
  return block;
}

}  // namespace

Bytes encode_entry(const BlockEntry& entry) {
  return RlpWriter()
      .encoded(encode_rlp(entry.header))
      .integer(entry.total_difficulty)
      .bytes(entry.producer)
      .as_list();
}

Result<BlockEntry, DecodeError> decode_entry(ByteView record) {
  ASSIGN_OR_RETURN(FieldReader fields, FieldReader::of_list(record, "entry"));
  BlockEntry entry;
  ASSIGN_OR_RETURN(const RlpItem header, fields.item("header"));
  ASSIGN_OR_RETURN(entry.header, decode_header(header.encoded));
  entry.hash = evm::keccak256(header.encoded);
  ASSIGN_OR_RETURN(entry.total_difficulty, fields.u256("total_difficulty"));
  ASSIGN_OR_RETURN(entry.producer, fields.fixed<20>("producer"));
  RETURN_IF_ERROR(fields.expect_end());
  return entry;
}

Bytes encode_outcome(const BlockOutcome& outcome) {
  Bytes senders;
  senders.reserve(outcome.senders.size() * Address::kSize);
  for (const Address& sender : outcome.senders) append(senders, sender);
  RlpWriter fields;
  fields.bytes(senders);
  fields.list_of([&](RlpWriter& receipts) {
    for (const Receipt& receipt : outcome.receipts) write_receipt(receipt, receipts);
  });
  fields.list_of([&](RlpWriter& state_sync) {
    if (outcome.state_sync_receipt) write_receipt(*outcome.state_sync_receipt, state_sync);
  });
  return fields.as_list();
}

Result<BlockOutcome, DecodeError> decode_outcome(ByteView record) {
  ASSIGN_OR_RETURN(FieldReader fields, FieldReader::of_list(record, "outcome"));
  BlockOutcome outcome;
  ASSIGN_OR_RETURN(outcome.senders, read_senders(fields));
  ASSIGN_OR_RETURN(const FieldReader receipts, fields.list("receipts"));
  ASSIGN_OR_RETURN(outcome.receipts, read_stored_receipts(receipts));
  ASSIGN_OR_RETURN(const FieldReader state_sync, fields.list("state_sync"));
  ASSIGN_OR_RETURN(auto receipt, read_stored_receipts(state_sync));
  if (receipt.size() > 1) {
    return Failure{
        fields.error("state_sync", "at most one receipt", std::to_string(receipt.size()))};
  }
  if (!receipt.empty()) outcome.state_sync_receipt = std::move(receipt.front());
  RETURN_IF_ERROR(fields.expect_end());
  return outcome;
}

Bytes encode_place(const TransactionPlace& place) {
  return RlpWriter().integer(place.block_number).integer(std::uint64_t{place.index}).as_list();
}

Result<TransactionPlace, DecodeError> decode_place(ByteView record) {
  ASSIGN_OR_RETURN(FieldReader fields, FieldReader::of_list(record, "place"));
  TransactionPlace place;
  ASSIGN_OR_RETURN(place.block_number, fields.uint64("block_number"));
  ASSIGN_OR_RETURN(const std::uint64_t index, fields.uint64("index"));
  if (index > UINT32_MAX) return Failure{fields.error("index", "4 bytes", std::to_string(index))};
  place.index = static_cast<std::uint32_t>(index);
  RETURN_IF_ERROR(fields.expect_end());
  return place;
}

Bytes encode_producers(const ValidatorSet& set) {
  RlpWriter members;
  for (const Validator& member : set.members()) {
    members.list(RlpWriter()
                     .integer(member.id)
                     .bytes(member.signer)
                     .integer(static_cast<std::uint64_t>(member.power))
                     .integer(static_cast<std::uint64_t>(member.priority)));
  }
  return RlpWriter()
      .integer(std::uint64_t{set.proposer_index()})
      .integer(static_cast<std::uint64_t>(set.total_power()))
      .list(members)
      .as_list();
}

Result<ValidatorSet, DecodeError> decode_producers(ByteView record) {
  ASSIGN_OR_RETURN(FieldReader fields, FieldReader::of_list(record, "producers"));
  ASSIGN_OR_RETURN(const std::uint64_t proposer, fields.uint64("proposer"));
  ASSIGN_OR_RETURN(const std::uint64_t total, fields.uint64("total"));
  ASSIGN_OR_RETURN(FieldReader list, fields.list("members"));
  std::vector<Validator> members;
  while (!list.at_end()) {
    ASSIGN_OR_RETURN(const FieldReader entry, list.list("member"));
    ASSIGN_OR_RETURN(const Validator member, read_member(entry));
    members.push_back(member);
  }
  RETURN_IF_ERROR(fields.expect_end());
  auto set = ValidatorSet::restore(std::move(members), proposer, static_cast<std::int64_t>(total));
  if (!set) {
    return Failure{
        fields.error("members", "ascending signers, among them the proposer", "another list")};
  }
  return *std::move(set);
}

Bytes encode_fixed_block(const FixedBlock& block) { return fixed_block_items(block).as_list(); }

Result<FixedBlock, DecodeError> decode_fixed_block(ByteView record) {
  ASSIGN_OR_RETURN(const FieldReader fields, FieldReader::of_list(record, "fixed_block"));
  return read_fixed_block(fields);
}

Bytes encode_reorganisation(const Reorganisation& reorganisation) {
  return RlpWriter()
      .list(fixed_block_items(reorganisation.to))
      .list(fixed_block_items(reorganisation.from))
      .as_list();
}

Result<Reorganisation, DecodeError> decode_reorganisation(ByteView record) {
  ASSIGN_OR_RETURN(FieldReader fields, FieldReader::of_list(record, "reorganisation"));
  Reorganisation reorganisation;
  ASSIGN_OR_RETURN(const FieldReader to, fields.list("to"));
  ASSIGN_OR_RETURN(reorganisation.to, read_fixed_block(to));
  ASSIGN_OR_RETURN(const FieldReader from, fields.list("from"));
  ASSIGN_OR_RETURN(reorganisation.from, read_fixed_block(from));
  RETURN_IF_ERROR(fields.expect_end());
  return reorganisation;
}

Bytes encode_history(const HistoryPolicy& policy) {
  return RlpWriter().integer(policy.kept_blocks).integer(policy.first_whole).as_list();
}

Result<HistoryPolicy, DecodeError> decode_history(ByteView record) {
  ASSIGN_OR_RETURN(FieldReader fields, FieldReader::of_list(record, "history"));
  HistoryPolicy policy;
  ASSIGN_OR_RETURN(policy.kept_blocks, fields.uint64("kept_blocks"));
  ASSIGN_OR_RETURN(policy.first_whole, fields.uint64("first_whole"));
  RETURN_IF_ERROR(fields.expect_end());
  return policy;
}

}  // namespace buri::execution::chain
