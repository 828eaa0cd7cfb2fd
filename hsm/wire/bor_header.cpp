#include "hsm/wire/bor_header.hpp"

#include "base/codec/rlp.hpp"
#include "hsm/wire/sign_bytes.hpp"

/// Bor headers as RLP, in both directions (spec/bor.md 3).

namespace buri::hsm::wire {
namespace {

constexpr std::size_t kVanityBytes = 32;
constexpr std::size_t kSealBytes = 65;
constexpr std::size_t kValidatorBytes = 40;

/// keccak256 of the RLP of an empty list: the uncle hash of every block without uncles.
constexpr Hash256 kNoUncles{{0x1d, 0xcc, 0x4d, 0xe8, 0xde, 0xc7, 0x5d, 0x7a, 0xab, 0x85, 0xb5,
                             0x67, 0xb6, 0xcc, 0xd4, 0x1a, 0xd3, 0x12, 0x45, 0x1b, 0x94, 0x8a,
                             0x74, 0x13, 0xf0, 0xa1, 0x42, 0xfd, 0x40, 0xd4, 0x93, 0x47}};

Bytes validator_bytes(const BorExtra& extra) {
  Bytes bytes;
  for (const BorValidator& validator : extra.validators) {
    append(bytes, validator.address);
    append(bytes, validator.power);
  }
  return bytes;
}

/// Vanity and payload, without a seal.
Bytes unsealed_extra(const BorExtra& extra) {
  Bytes bytes(extra.vanity.bytes.begin(), extra.vanity.bytes.end());
  if (extra.shape == BorExtraShape::kValidatorBytes) {
    append(bytes, validator_bytes(extra));
    return bytes;
  }
  RlpWriter payload;
  payload.bytes(validator_bytes(extra));
  if (extra.shape != BorExtraShape::kAustin) {
    RlpWriter lists;
    for (const TransactionDependencies& dependencies : extra.transaction_dependencies) {
      RlpWriter list;
      for (const std::uint64_t number : dependencies.numbers) list.integer(number);
      lists.list(list);
    }
    payload.list(lists);
  }
  if (extra.shape != BorExtraShape::kCancun) {
    payload.integer(extra.gas_target).integer(extra.base_fee_change_denominator);
  }
  append(bytes, payload.as_list());
  return bytes;
}

Bytes header_rlp(const BorHeader& header, ByteView extra, bool with_base_fee) {
  RlpWriter items;
  items.bytes(header.parent_hash)
      .bytes(kNoUncles)
      .bytes(header.coinbase)
      .bytes(header.state_root)
      .bytes(header.transactions_root)
      .bytes(header.receipts_root)
      .bytes(header.bloom)
      .integer(header.difficulty)
      .integer(header.number)
      .integer(header.gas_limit)
      .integer(header.gas_used)
      .integer(header.time)
      .bytes(extra)
      .bytes(Hash256{})
      .bytes(FixedBytes<8>{});
  if (with_base_fee && header.base_fee) items.integer(*header.base_fee);
  return items.as_list();
}

bool read_validators(ByteView bytes, BorExtra& extra) {
  if (bytes.size() % kValidatorBytes != 0) return false;
  for (std::size_t at = 0; at < bytes.size(); at += kValidatorBytes) {
    extra.validators.push_back(
        {Address::from(bytes.subspan(at, 20)), FixedBytes<20>::from(bytes.subspan(at + 20, 20))});
  }
  return true;
}

Result<std::vector<TransactionDependencies>, RlpError> read_dependencies(RlpReader lists) {
  std::vector<TransactionDependencies> result;
  while (!lists.at_end()) {
    ASSIGN_OR_RETURN(RlpReader list, lists.next_list());
    TransactionDependencies& dependencies = result.emplace_back();
    while (!list.at_end()) {
      ASSIGN_OR_RETURN(dependencies.numbers.emplace_back(), list.next_uint64());
    }
  }
  return result;
}

Status<RlpError> read_payload(ByteView payload, BorExtra& extra, bool& validators_are_whole) {
  ASSIGN_OR_RETURN(RlpReader items, decode_rlp_list(payload));
  ASSIGN_OR_RETURN(const ByteView validators, items.next_bytes());
  validators_are_whole = read_validators(validators, extra);
  if (extra.shape != BorExtraShape::kAustin) {
    ASSIGN_OR_RETURN(const RlpReader lists, items.next_list());
    ASSIGN_OR_RETURN(extra.transaction_dependencies, read_dependencies(lists));
  }
  if (extra.shape != BorExtraShape::kCancun) {
    ASSIGN_OR_RETURN(extra.gas_target, items.next_uint64());
    ASSIGN_OR_RETURN(extra.base_fee_change_denominator, items.next_uint64());
  }
  return items.expect_end();
}

std::optional<BorExtra> read_extra(ByteView bytes, BorExtraShape shape) {
  if (bytes.size() < kVanityBytes + kSealBytes) return std::nullopt;
  BorExtra extra;
  extra.vanity = FixedBytes<kVanityBytes>::from(bytes.first(kVanityBytes));
  extra.shape = shape;
  const ByteView payload = bytes.subspan(kVanityBytes, bytes.size() - kVanityBytes - kSealBytes);
  bool validators_are_whole = false;
  if (shape == BorExtraShape::kValidatorBytes) {
    validators_are_whole = read_validators(payload, extra);
  } else if (!read_payload(payload, extra, validators_are_whole).ok()) {
    return std::nullopt;
  }
  if (!validators_are_whole) return std::nullopt;
  return extra;
}

/// The items whose value every producer writes alike.
struct ConstantItems {
  Hash256 uncle_hash;
  Hash256 mix_digest;
  FixedBytes<8> nonce;
};

Status<RlpError> read_items(ByteView rlp, BorHeader& header, ConstantItems& constants,
                            ByteView& extra) {
  ASSIGN_OR_RETURN(RlpReader items, decode_rlp_list(rlp));
  ASSIGN_OR_RETURN(header.parent_hash, items.next_fixed<32>());
  ASSIGN_OR_RETURN(constants.uncle_hash, items.next_fixed<32>());
  ASSIGN_OR_RETURN(header.coinbase, items.next_fixed<20>());
  ASSIGN_OR_RETURN(header.state_root, items.next_fixed<32>());
  ASSIGN_OR_RETURN(header.transactions_root, items.next_fixed<32>());
  ASSIGN_OR_RETURN(header.receipts_root, items.next_fixed<32>());
  ASSIGN_OR_RETURN(header.bloom, items.next_fixed<256>());
  ASSIGN_OR_RETURN(header.difficulty, items.next_uint64());
  ASSIGN_OR_RETURN(header.number, items.next_uint64());
  ASSIGN_OR_RETURN(header.gas_limit, items.next_uint64());
  ASSIGN_OR_RETURN(header.gas_used, items.next_uint64());
  ASSIGN_OR_RETURN(header.time, items.next_uint64());
  ASSIGN_OR_RETURN(extra, items.next_bytes());
  ASSIGN_OR_RETURN(constants.mix_digest, items.next_fixed<32>());
  ASSIGN_OR_RETURN(constants.nonce, items.next_fixed<8>());
  if (!items.at_end()) {
    ASSIGN_OR_RETURN(header.base_fee, items.next_u256());
  }
  return items.expect_end();
}

}  // namespace

std::string_view describe(BorHeaderError error) {
  switch (error) {
    case BorHeaderError::kRlp:
      return "not the RLP of a header";
    case BorHeaderError::kConstant:
      return "uncles, mix digest or nonce are not what a producer writes";
    case BorHeaderError::kExtra:
      return "the extra data does not have the shape of its era";
  }
  return "unknown header error";
}

Result<BorHeader, BorHeaderError> decode_bor_header(ByteView rlp, BorExtraShape shape) {
  BorHeader header;
  ConstantItems constants;
  ByteView extra;
  if (!read_items(rlp, header, constants, extra).ok()) return Failure{BorHeaderError::kRlp};
  const bool usual = constants.uncle_hash == kNoUncles && constants.mix_digest.is_zero() &&
                     constants.nonce.is_zero();
  if (!usual) return Failure{BorHeaderError::kConstant};
  auto read = read_extra(extra, shape);
  if (!read) return Failure{BorHeaderError::kExtra};
  header.extra = *std::move(read);
  header.base_fee_is_sealed = header.base_fee.has_value();
  return header;
}

Bytes bor_header_sign_bytes(const BorHeader& header) {
  return header_rlp(header, unsealed_extra(header.extra), header.base_fee_is_sealed);
}

Bytes bor_header_rlp(const BorHeader& header, const FixedBytes<65>& seal) {
  Bytes extra = unsealed_extra(header.extra);
  append(extra, seal);
  return header_rlp(header, extra, true);
}

}  // namespace buri::hsm::wire
