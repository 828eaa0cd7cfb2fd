#include "tests/conformance/execution/devnet_block.hpp"

#include "accel/scalar/single.hpp"
#include "node/execution/evm/keccak.hpp"

namespace buri::testing {
namespace {

using namespace execution::evm;

/// The value of a Result that a recording never disappoints.
template <class R>
auto expect(R result) {
  CHECK(result.ok(), "a recorded block has another form");
  return std::move(result).value();
}

std::optional<Address> recover(const Hash256& digest, const U256& r, const U256& s,
                               std::uint64_t parity) {
  if (parity > 1) return std::nullopt;
  const auto result =
      accel::scalar::recover_single({.signature = {digest, r.to_word(), s.to_word()},
                                     .recovery_id = static_cast<std::uint8_t>(parity)},
                                    accel::LowS::kRequired);
  if (result.status != accel::SignatureStatus::kOk) return std::nullopt;
  return result.address;
}

/// The items of a list, each as encoded: so that a shorter list can be put together from them.
std::vector<RlpItem> items_of(RlpReader list) {
  std::vector<RlpItem> items;
  while (!list.at_end()) items.push_back(expect(list.next()));
  return items;
}
U256 integer(const RlpItem& item) { return expect(RlpReader(item.encoded).next_u256()); }
std::uint64_t small(const RlpItem& item) { return expect(RlpReader(item.encoded).next_uint64()); }

Bytes joined(std::span<const RlpItem> items) {
  RlpWriter writer;
  for (const RlpItem& item : items) writer.encoded(item.encoded);
  return writer.as_list();
}

/// Whether the signature of a legacy transaction names the chain (EIP-155), and its parity.
struct LegacyV {
  explicit LegacyV(std::uint64_t v)
      : names_chain(v >= 35),
        chain_id(names_chain ? (v - 35) / 2 : 0),
        parity(names_chain ? (v - 35) % 2 : v - 27) {}
  bool names_chain;
  std::uint64_t chain_id;
  std::uint64_t parity;
};

void read_target(Transaction& transaction, const RlpItem& item) {
  if (!item.payload.empty()) transaction.to = Address::from(item.payload);
}

RecordedTransaction read_legacy(const std::vector<RlpItem>& items) {
  RecordedTransaction recorded;
  Transaction& transaction = recorded.transaction;
  transaction.nonce = small(items[0]);
  transaction.max_fee = transaction.max_tip = integer(items[1]);
  transaction.gas_limit = small(items[2]);
  read_target(transaction, items[3]);
  transaction.value = integer(items[4]);
  recorded.data.assign(items[5].payload.begin(), items[5].payload.end());
  const LegacyV v(small(items[6]));
  RlpWriter signed_part;
  for (std::size_t i = 0; i < 6; ++i) signed_part.encoded(items[i].encoded);
  if (v.names_chain) {
    signed_part.integer(v.chain_id).integer(std::uint64_t{0}).integer(std::uint64_t{0});
  }
  transaction.sender =
      *recover(keccak256(signed_part.as_list()), integer(items[7]), integer(items[8]), v.parity);
  return recorded;
}

std::vector<AccessEntry> read_access_list(const RlpItem& item) {
  std::vector<AccessEntry> entries;
  for (const RlpItem& entry : items_of(RlpReader(item.payload))) {
    const auto parts = items_of(RlpReader(entry.payload));
    AccessEntry access{Address::from(parts[0].payload), {}};
    for (const RlpItem& key : items_of(RlpReader(parts[1].payload))) {
      access.keys.push_back(*U256::from_big_endian(key.payload));
    }
    entries.push_back(std::move(access));
  }
  return entries;
}

Authorization read_authorization(const RlpItem& item) {
  constexpr std::uint8_t kMagic = 0x05;  // EIP-7702
  const auto parts = items_of(RlpReader(item.payload));
  Bytes message{kMagic};
  append(message, joined(std::span(parts).first(3)));
  return {.chain_id = integer(parts[0]),
          .target = Address::from(parts[1].payload),
          .nonce = small(parts[2]),
          .authority =
              recover(keccak256(message), integer(parts[4]), integer(parts[5]), small(parts[3]))};
}

/// Types 1, 2 and 4: chain id, nonce, one or two fees, gas, to, value, data, access list, perhaps
/// authorisations, then the signature.
RecordedTransaction read_typed(std::uint8_t type, const std::vector<RlpItem>& items) {
  RecordedTransaction recorded;
  recorded.type = type;
  Transaction& transaction = recorded.transaction;
  transaction.type = static_cast<TransactionType>(type);
  transaction.nonce = small(items[1]);
  transaction.max_tip = integer(items[2]);
  const std::size_t fees = type == 1 ? 1 : 2;
  transaction.max_fee = integer(items[1 + fees]);
  const std::span<const RlpItem> rest = std::span(items).subspan(2 + fees);
  transaction.gas_limit = small(rest[0]);
  read_target(transaction, rest[1]);
  transaction.value = integer(rest[2]);
  recorded.data.assign(rest[3].payload.begin(), rest[3].payload.end());
  recorded.access_list = read_access_list(rest[4]);
  if (type == 4) {
    for (const RlpItem& item : items_of(RlpReader(rest[5].payload))) {
      recorded.authorizations.push_back(read_authorization(item));
    }
  }
  const auto signature = std::span(items).last(3);
  Bytes message{type};
  append(message, joined(std::span(items).first(items.size() - 3)));
  transaction.sender = *recover(keccak256(message), integer(signature[1]), integer(signature[2]),
                                small(signature[0]));
  return recorded;
}

RecordedTransaction read_transaction(const RlpItem& item) {
  constexpr std::uint8_t kStateSync = 0x7f;
  if (item.is_list) return read_legacy(items_of(RlpReader(item.payload)));
  const std::uint8_t type = item.payload[0];
  if (type == kStateSync) {
    RecordedTransaction recorded;
    recorded.type = type;
    recorded.is_state_sync = true;
    return recorded;
  }
  return read_typed(type, items_of(expect(decode_rlp_list(item.payload.subspan(1)))));
}

/// spec/bor.md 2: the header without the seal, with the base fee only from Jaipur on.
Address read_signer(const std::vector<RlpItem>& header, bool base_fee_is_sealed) {
  constexpr std::size_t kExtra = 12;
  constexpr std::size_t kSealBytes = 65;
  const ByteView extra = header[kExtra].payload;
  RlpWriter writer;
  for (std::size_t i = 0; i < (base_fee_is_sealed ? header.size() : 15); ++i) {
    if (i == kExtra) {
      writer.bytes(extra.first(extra.size() - kSealBytes));
    } else {
      writer.encoded(header[i].encoded);
    }
  }
  const ByteView seal = extra.last(kSealBytes);
  return *recover(keccak256(writer.as_list()), *U256::from_big_endian(seal.first(32)),
                  *U256::from_big_endian(seal.subspan(32, 32)), seal[64]);
}

}  // namespace

Transaction RecordedTransaction::borrow() const {
  Transaction result = transaction;
  result.data = data;
  result.access_list = access_list;
  result.authorizations = authorizations;
  return result;
}

RecordedBlock read_block(RlpReader& blocks, bool base_fee_is_sealed) {
  const auto parts = items_of(expect(blocks.next_list()));
  const auto header = items_of(RlpReader(parts[0].payload));
  RecordedBlock block;
  block.parent_hash = Hash256::from(header[0].payload);
  block.coinbase = Address::from(header[2].payload);
  block.state_root = Hash256::from(header[3].payload);
  block.receipts_root = Hash256::from(header[5].payload);
  block.difficulty = integer(header[7]);
  block.number = small(header[8]);
  block.gas_limit = small(header[9]);
  block.gas_used = small(header[10]);
  block.time = small(header[11]);
  if (header.size() > 15) block.base_fee = integer(header[15]);
  block.signer = read_signer(header, base_fee_is_sealed);
  for (const RlpItem& item : items_of(RlpReader(parts[1].payload))) {
    block.transactions.push_back(read_transaction(item));
  }
  return block;
}

}  // namespace buri::testing
