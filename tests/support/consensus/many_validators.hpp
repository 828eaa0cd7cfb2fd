#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "tests/support/accel/signer.hpp"

/// Chains of as many validators as wanted: their genesis, and what their keys sign.

namespace buri::testing {

/// A validator of a made genesis; val_id is its place, counted from 1.
struct GenesisValidator {
  const accel::Signer* signer = nullptr;
  std::int64_t power = 0;
};

/// A genesis file that takes everything but chain id, validators and spans' validators from
/// `base_genesis`, the text of another.
std::string genesis_of(std::string_view base_genesis, std::string_view chain_id,
                       std::span<const GenesisValidator> validators);

/// The address of a key: the end of its Keccak hash.
Address address_of(const accel::Signer& signer);
/// R, S, V over the Keccak hash of `message`, as validators sign.
Bytes signature_of(const accel::Signer& signer, ByteView message);

}  // namespace buri::testing
