#include "node/execution/evm/polygon_logs.hpp"

#include "base/u256_words.hpp"

namespace buri::execution::evm {
namespace {

constexpr Hash256 kLogTransfer{{0xe6, 0x49, 0x7e, 0x3e, 0xe5, 0x48, 0xa3, 0x37, 0x21, 0x36, 0xaf,
                                0x2f, 0xcb, 0x06, 0x96, 0xdb, 0x31, 0xfc, 0x6c, 0xf2, 0x02, 0x60,
                                0x70, 0x76, 0x45, 0x06, 0x8b, 0xd3, 0xfe, 0x97, 0xf3, 0xc4}};
constexpr Hash256 kLogFeeTransfer{{0x4d, 0xfe, 0x1b, 0xbb, 0xcf, 0x07, 0x7d, 0xdc, 0x3e, 0x01, 0x29,
                                   0x1e, 0xea, 0x2d, 0x5c, 0x70, 0xc2, 0xb4, 0x22, 0xb4, 0x15, 0xd9,
                                   0x56, 0x45, 0xb9, 0xad, 0xcf, 0xd6, 0x78, 0xcb, 0x1d, 0x63}};
/// The native token's contract.
constexpr Address kNativeToken{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x10}};

Hash256 padded(const Address& address) {
  Hash256 word;
  std::memcpy(word.data() + 12, address.data(), Address::kSize);
  return word;
}

Log make_log(const Hash256& signature, const Address& from, const Address& to,
             const std::array<U256, 5>& words) {
  Log log{.address = kNativeToken,
          .topic_words = {signature, padded(kNativeToken), padded(from), padded(to)},
          .topic_count = 4,
          .data = {}};
  for (const U256& word : words) append(log.data, word.to_word());
  return log;
}

}  // namespace

Log transfer_log(const Address& from, const Address& to, const U256& amount,
                 const TransferBalances& balances) {
  return make_log(
      kLogTransfer, from, to,
      {amount, balances.from_before, balances.to_before, balances.from_after, balances.to_after});
}

Log fee_log(const Address& sender, const Address& receiver, const U256& tip,
            const U256& sender_before, const U256& receiver_before) {
  return make_log(kLogFeeTransfer, sender, receiver,
                  {tip, sender_before, receiver_before, wrapping_subtract(sender_before, tip),
                   wrapping_add(receiver_before, tip)});
}

void set_fee_receiver_balance(Log& log, const U256& tip, const U256& receiver_before) {
  constexpr std::size_t kWordBytes = 32;
  store_word(receiver_before, log.data.data() + 2 * kWordBytes);
  store_word(wrapping_add(receiver_before, tip), log.data.data() + 4 * kWordBytes);
}

}  // namespace buri::execution::evm
