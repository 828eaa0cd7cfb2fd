#pragma once

#include "node/execution/transaction/signed_transaction.hpp"

/// A transaction of each type, with every field in use.

namespace buri::testing {

inline execution::transaction::SignedTransaction sample(execution::transaction::EnvelopeType type) {
  using execution::transaction::EnvelopeType;
  execution::transaction::SignedTransaction result;
  result.type = type;
  if (type == EnvelopeType::kStateSync) {
    result.events = {
        {.id = 7, .contract = Address{{1}}, .data = {1, 2}, .root_chain_transaction = Hash256{{2}}},
        {.id = 8, .contract = Address{{3}}, .data = {}, .root_chain_transaction = Hash256{{4}}}};
    return result;
  }
  result.nonce = 5;
  result.max_fee = U256::from_uint64(30'000'000'000);
  result.max_tip = result.max_fee;
  result.gas_limit = 200'000;
  result.to = Address{{0x11}};
  result.value = U256::from_uint64(1000);
  result.data = {0, 0xff};
  result.v = U256::from_uint64(type == EnvelopeType::kLegacy ? 2 * 137 + 36 : 1);
  result.r = U256::from_uint64(0x1234);
  result.s = U256::from_uint64(0x5678);
  if (type == EnvelopeType::kLegacy) return result;
  result.chain_id = U256::from_uint64(137);
  result.access_list = {{Address{{0x22}}, {U256::from_uint64(1), U256::from_uint64(0)}},
                        {Address{{0x33}}, {}}};
  if (type != EnvelopeType::kAccessList) result.max_tip = U256::from_uint64(25'000'000'000);
  if (type == EnvelopeType::kBlob) {
    result.max_blob_fee = U256::from_uint64(9);
    result.blob_hashes = {Hash256{{1}}};
  }
  if (type == EnvelopeType::kSetCode) {
    result.authorizations = {{.chain_id = U256::from_uint64(137),
                              .target = Address{{0x44}},
                              .nonce = 1,
                              .y_parity = 1,
                              .r = U256::from_uint64(3),
                              .s = U256::from_uint64(4)}};
  }
  return result;
}

}  // namespace buri::testing
