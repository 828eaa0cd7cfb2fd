#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"

/// A Heimdall transaction as fields (spec/heimdall.md 2): one signer, SIGN_MODE_DIRECT, no fee
/// payer but the signer, no extension options.

namespace buri::hsm::wire {

/// A google.protobuf.Any. The signer reads `value` by the schema of its type and signs only what
/// encodes to the same bytes again.
struct HeimdallMessage {
  std::string type_url;  ///< "/heimdallv2.checkpoint.MsgCheckpoint"
  Bytes value;

  friend bool operator==(const HeimdallMessage&, const HeimdallMessage&) = default;
};

struct HeimdallTransaction {
  std::string chain_id;
  std::uint64_t account_number = 0;
  std::uint64_t sequence = 0;
  std::vector<HeimdallMessage> messages;
  std::string memo;
  std::uint64_t timeout_height = 0;
  std::string fee_denomination;  ///< empty: no fee is declared
  std::string fee_amount;        ///< decimal digits
  std::uint64_t gas_limit = 0;

  friend bool operator==(const HeimdallTransaction&, const HeimdallTransaction&) = default;
};

}  // namespace buri::hsm::wire
