#pragma once

#include "base/u256.hpp"
#include "node/execution/evm/log.hpp"

/// The logs that Bor's rules write in the name of the native token's contract, 0x1010. Source:
/// spec/bor.md 5.

namespace buri::execution::evm {

/// Both parties' balances around a transfer, as read; a transfer to oneself is taken literally.
struct TransferBalances {
  U256 from_before{};
  U256 to_before{};
  U256 from_after{};
  U256 to_after{};
};

/// LogTransfer: value moved by a call, a creation or the transaction itself.
Log transfer_log(const Address& from, const Address& to, const U256& amount,
                 const TransferBalances& balances);

/// LogFeeTransfer: the tip of a transaction. Balances are those before the transaction; what comes
/// after is reckoned, not read.
Log fee_log(const Address& sender, const Address& receiver, const U256& tip,
            const U256& sender_before, const U256& receiver_before);

/// Sets the receiver's balances of a LogFeeTransfer that was made before they were known.
void set_fee_receiver_balance(Log& log, const U256& tip, const U256& receiver_before);

}  // namespace buri::execution::evm
