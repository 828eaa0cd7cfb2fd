#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "node/consensus/codec/schema.hpp"
#include "node/consensus/runtime/integer.hpp"

/// Stored values and messages of module topup (heimdallv2.topup). An amount that is absent differs
/// from zero.

namespace buri::consensus::modules::topup {

using codec::Amino;
using codec::Field;

/// What a user may claim on the root chain.
struct DividendAccount {
  std::string user{};        ///< "0x" and lower-case digits
  std::string fee_amount{};  ///< decimal

  static constexpr std::string_view kName = "heimdallv2.types.DividendAccount";
  static constexpr auto fields() {
    return std::tuple{Field{1, "user", &DividendAccount::user},
                      Field{2, "fee_amount", &DividendAccount::fee_amount}};
  }
  friend bool operator==(const DividendAccount&, const DividendAccount&) = default;
};

/// Reports fees paid in on the root chain.
struct MsgTopupTx {
  std::string proposer{};
  std::string user{};
  std::optional<runtime::Integer> fee{};
  Bytes tx_hash{};
  std::uint64_t log_index = 0;
  std::uint64_t block_number = 0;

  static constexpr std::string_view kName = "heimdallv2.topup.MsgTopupTx";
  static constexpr std::string_view kAminoName = "heimdallv2/topup/MsgTopupTx";
  static constexpr auto fields() {
    using enum Amino;
    using M = MsgTopupTx;
    return std::tuple{Field{1, "proposer", &M::proposer, kKeepEmpty},
                      Field{2, "user", &M::user, kKeepEmpty},
                      Field{3, "fee", &M::fee, kKeepEmpty},
                      Field{4, "tx_hash", &M::tx_hash, kKeepEmpty},
                      Field{5, "log_index", &M::log_index, kKeepEmpty},
                      Field{6, "block_number", &M::block_number, kKeepEmpty}};
  }
};
struct MsgTopupTxResponse {
  static constexpr std::string_view kName = "heimdallv2.topup.MsgTopupTxResponse";
  static constexpr auto fields() { return std::tuple{}; }
};

/// Turns fee tokens into a claim on the root chain.
struct MsgWithdrawFeeTx {
  std::string proposer{};
  std::optional<runtime::Integer> amount{};  ///< zero: everything

  static constexpr std::string_view kName = "heimdallv2.topup.MsgWithdrawFeeTx";
  static constexpr std::string_view kAminoName = "heimdallv2/topup/MsgWithdrawFeeTx";
  static constexpr auto fields() {
    using enum Amino;
    return std::tuple{Field{1, "proposer", &MsgWithdrawFeeTx::proposer, kKeepEmpty},
                      Field{2, "amount", &MsgWithdrawFeeTx::amount, kKeepEmpty}};
  }
};
struct MsgWithdrawFeeTxResponse {
  static constexpr std::string_view kName = "heimdallv2.topup.MsgWithdrawFeeTxResponse";
  static constexpr auto fields() { return std::tuple{}; }
};

}  // namespace buri::consensus::modules::topup
