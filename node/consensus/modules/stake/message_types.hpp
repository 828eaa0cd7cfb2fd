#pragma once

#include <optional>

#include "node/consensus/modules/stake/types.hpp"
#include "node/consensus/runtime/integer.hpp"

/// The messages of module stake. Each reports an event of the contract StakingInfo. An amount that
/// is absent differs from zero: the stock daemon panics on it.

namespace buri::consensus::modules::stake {

struct MsgValidatorJoin {
  std::string from{};
  std::uint64_t val_id = 0;
  std::uint64_t activation_epoch = 0;
  std::optional<runtime::Integer> amount{};
  Bytes signer_pub_key{};
  Bytes tx_hash{};
  std::uint64_t log_index = 0;
  std::uint64_t block_number = 0;
  std::uint64_t nonce = 0;

  static constexpr std::string_view kName = "heimdallv2.stake.MsgValidatorJoin";
  static constexpr std::string_view kAminoName = "heimdallv2/stake/MsgValidatorJoin";
  static constexpr auto fields() {
    using enum Amino;
    using M = MsgValidatorJoin;
    return fields_of(Field{1, "from", &M::from, kKeepEmpty},
                     Field{2, "val_id", &M::val_id, kKeepEmpty},
                     Field{3, "activation_epoch", &M::activation_epoch, kKeepEmpty},
                     Field{4, "amount", &M::amount, kKeepEmpty},
                     Field{5, "signer_pub_key", &M::signer_pub_key, kKeepEmpty},
                     Field{6, "tx_hash", &M::tx_hash, kKeepEmpty},
                     Field{7, "log_index", &M::log_index, kKeepEmpty},
                     Field{8, "block_number", &M::block_number, kKeepEmpty},
                     Field{9, "nonce", &M::nonce, kKeepEmpty});
  }
};
struct MsgValidatorJoinResponse {
  static constexpr std::string_view kName = "heimdallv2.stake.MsgValidatorJoinResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct MsgStakeUpdate {
  std::string from{};
  std::uint64_t val_id = 0;
  std::optional<runtime::Integer> new_amount{};
  Bytes tx_hash{};
  std::uint64_t log_index = 0;
  std::uint64_t block_number = 0;
  std::uint64_t nonce = 0;

  static constexpr std::string_view kName = "heimdallv2.stake.MsgStakeUpdate";
  static constexpr std::string_view kAminoName = "heimdallv2/stake/MsgStakeUpdate";
  static constexpr auto fields() {
    using enum Amino;
    using M = MsgStakeUpdate;
    return fields_of(Field{1, "from", &M::from, kKeepEmpty},
                     Field{2, "val_id", &M::val_id, kKeepEmpty},
                     Field{3, "new_amount", &M::new_amount, kKeepEmpty},
                     Field{4, "tx_hash", &M::tx_hash, kKeepEmpty},
                     Field{5, "log_index", &M::log_index, kKeepEmpty},
                     Field{6, "block_number", &M::block_number, kKeepEmpty},
                     Field{7, "nonce", &M::nonce, kKeepEmpty});
  }
};
struct MsgStakeUpdateResponse {
  static constexpr std::string_view kName = "heimdallv2.stake.MsgStakeUpdateResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct MsgSignerUpdate {
  std::string from{};
  std::uint64_t val_id = 0;
  Bytes new_signer_pub_key{};
  Bytes tx_hash{};
  std::uint64_t log_index = 0;
  std::uint64_t block_number = 0;
  std::uint64_t nonce = 0;

  static constexpr std::string_view kName = "heimdallv2.stake.MsgSignerUpdate";
  static constexpr std::string_view kAminoName = "heimdallv2/stake/MsgSignerUpdate";
  static constexpr auto fields() {
    using enum Amino;
    using M = MsgSignerUpdate;
    return fields_of(Field{1, "from", &M::from, kKeepEmpty},
                     Field{2, "val_id", &M::val_id, kKeepEmpty},
                     Field{3, "new_signer_pub_key", &M::new_signer_pub_key, kKeepEmpty},
                     Field{4, "tx_hash", &M::tx_hash, kKeepEmpty},
                     Field{5, "log_index", &M::log_index, kKeepEmpty},
                     Field{6, "block_number", &M::block_number, kKeepEmpty},
                     Field{7, "nonce", &M::nonce, kKeepEmpty});
  }
};
struct MsgSignerUpdateResponse {
  static constexpr std::string_view kName = "heimdallv2.stake.MsgSignerUpdateResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct MsgValidatorExit {
  std::string from{};
  std::uint64_t val_id = 0;
  std::uint64_t deactivation_epoch = 0;
  Bytes tx_hash{};
  std::uint64_t log_index = 0;
  std::uint64_t block_number = 0;
  std::uint64_t nonce = 0;

  static constexpr std::string_view kName = "heimdallv2.stake.MsgValidatorExit";
  static constexpr std::string_view kAminoName = "heimdallv2/stake/MsgValidatorExit";
  static constexpr auto fields() {
    using enum Amino;
    using M = MsgValidatorExit;
    return fields_of(Field{1, "from", &M::from, kKeepEmpty},
                     Field{2, "val_id", &M::val_id, kKeepEmpty},
                     Field{3, "deactivation_epoch", &M::deactivation_epoch, kKeepEmpty},
                     Field{4, "tx_hash", &M::tx_hash, kKeepEmpty},
                     Field{5, "log_index", &M::log_index, kKeepEmpty},
                     Field{6, "block_number", &M::block_number, kKeepEmpty},
                     Field{7, "nonce", &M::nonce, kKeepEmpty});
  }
};
struct MsgValidatorExitResponse {
  static constexpr std::string_view kName = "heimdallv2.stake.MsgValidatorExitResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

}  // namespace buri::consensus::modules::stake
