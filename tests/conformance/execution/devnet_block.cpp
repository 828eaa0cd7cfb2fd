#include "tests/conformance/execution/devnet_block.hpp"

#include "accel/scalar/single.hpp"
#include "node/execution/evm/keccak.hpp"
#include "node/execution/transaction/decode.hpp"
#include "node/execution/transaction/signing.hpp"

namespace buri::testing {
namespace {

using namespace execution::evm;
namespace transaction = execution::transaction;

/// The value of a Result that a recording never disappoints.
template <class R>
auto expect(R result) {
  CHECK(result.ok(), "a recorded block has another form");
  return std::move(result).value();
}

std::optional<Address> signer(const accel::RecoverRequest& request) {
  const auto result = accel::scalar::recover_single(request, accel::LowS::kRequired);
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

/// The authorities behind a transaction's authorisations, in order.
std::vector<Authorization> authorizations_of(const transaction::SignedTransaction& signed_one) {
  std::vector<Authorization> result;
  for (const transaction::SignedAuthorization& entry : signed_one.authorizations) {
    std::optional<Address> authority;
    if (const auto request = transaction::authority_request(entry)) authority = signer(*request);
    result.push_back(transaction::with_authority(entry, authority));
  }
  return result;
}

RecordedTransaction read_transaction(RlpReader& body, std::uint64_t chain_id) {
  RecordedTransaction recorded;
  recorded.content = expect(transaction::read(body));
  recorded.type = static_cast<std::uint8_t>(recorded.content.type);
  recorded.is_state_sync = recorded.content.type == transaction::EnvelopeType::kStateSync;
  if (recorded.is_state_sync) return recorded;
  recorded.sender = *signer(expect(transaction::sender_request(recorded.content, chain_id)));
  recorded.authorizations = authorizations_of(recorded.content);
  return recorded;
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
  return *signer({.signature = {keccak256(writer.as_list()), Hash256::from(seal.first(32)),
                                Hash256::from(seal.subspan(32, 32))},
                  .recovery_id = seal[64]});
}

}  // namespace

Transaction RecordedTransaction::borrow() const {
  return transaction::executable(content, sender, authorizations);
}

RecordedBlock read_block(RlpReader& blocks, std::uint64_t chain_id, bool base_fee_is_sealed) {
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
  for (RlpReader body(parts[1].payload); !body.at_end();) {
    block.transactions.push_back(read_transaction(body, chain_id));
  }
  return block;
}

}  // namespace buri::testing
