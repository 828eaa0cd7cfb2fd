#pragma once

#include "node/execution/chain/config.hpp"
#include "node/execution/chain/header.hpp"

namespace buri::execution::chain {

/// What a header's extra data says between vanity and seal. Source: spec/bor.md 2.
struct ExtraData {
  Bytes validators;  ///< empty where the payload cannot be read
  std::optional<std::uint64_t> gas_target;
  std::optional<std::uint64_t> base_fee_denominator;
};

/// Reads the payload in the form of the block's fork. A payload of another form says nothing, as in
/// the stock client. REQUIRES: extra data with room for vanity and seal.
ExtraData read_extra_data(const Header& header, const ChainConfig& config);

}  // namespace buri::execution::chain
