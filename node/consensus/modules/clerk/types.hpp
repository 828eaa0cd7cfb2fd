#pragma once

#include <string>
#include <vector>

#include "node/consensus/codec/schema.hpp"

/// Stored values, messages and the genesis of module clerk (heimdallv2.clerk).

namespace buri::consensus::modules::clerk {

using codec::Amino;
using codec::Field;

/// A state sync event of the root chain that Bor executes.
struct EventRecord {
  std::uint64_t id = 0;
  std::string contract{};  ///< before Lugano the message's text, then "0x" and lower-case digits
  Bytes data{};
  std::string tx_hash{};  ///< the message's text
  std::uint64_t log_index = 0;
  std::string bor_chain_id{};
  codec::Timestamp record_time{};

  static constexpr std::string_view kName = "heimdallv2.clerk.EventRecord";
  static constexpr auto fields() {
    using R = EventRecord;
    return fields_of(
        Field{1, "id", &R::id}, Field{2, "contract", &R::contract}, Field{3, "data", &R::data},
        Field{4, "tx_hash", &R::tx_hash}, Field{5, "log_index", &R::log_index},
        Field{6, "bor_chain_id", &R::bor_chain_id}, Field{7, "record_time", &R::record_time});
  }
  friend bool operator==(const EventRecord&, const EventRecord&) = default;
};

/// Reports a state sync event.
struct MsgEventRecord {
  std::string from{};
  std::string tx_hash{};
  std::uint64_t log_index = 0;
  std::uint64_t block_number = 0;
  std::string contract_address{};
  Bytes data{};
  std::uint64_t id = 0;
  std::string chain_id{};

  static constexpr std::string_view kName = "heimdallv2.clerk.MsgEventRecord";
  static constexpr std::string_view kAminoName = "heimdallv2/clerk/MsgEventRecord";
  static constexpr auto fields() {
    using enum Amino;
    using M = MsgEventRecord;
    return fields_of(Field{1, "from", &M::from, kKeepEmpty},
                     Field{2, "tx_hash", &M::tx_hash, kKeepEmpty},
                     Field{3, "log_index", &M::log_index, kKeepEmpty},
                     Field{4, "block_number", &M::block_number, kKeepEmpty},
                     Field{5, "contract_address", &M::contract_address, kKeepEmpty},
                     Field{6, "data", &M::data, kKeepEmpty}, Field{7, "id", &M::id, kKeepEmpty},
                     Field{8, "chain_id", &M::chain_id, kKeepEmpty});
  }
};
struct MsgEventRecordResponse {
  static constexpr std::string_view kName = "heimdallv2.clerk.MsgEventRecordResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

/// An event's id and the height from which it is visible.
struct Uint64Pair {
  std::uint64_t key = 0;
  std::uint64_t value = 0;

  static constexpr std::string_view kName = "heimdallv2.clerk.Uint64Pair";
  static constexpr auto fields() {
    return fields_of(Field{1, "key", &Uint64Pair::key}, Field{2, "value", &Uint64Pair::value});
  }
};

struct BlockTimeEntry {
  std::uint64_t block_time = 0;  ///< Unix seconds
  std::uint64_t height = 0;

  static constexpr std::string_view kName = "heimdallv2.clerk.BlockTimeEntry";
  static constexpr auto fields() {
    return fields_of(Field{1, "block_time", &BlockTimeEntry::block_time},
                     Field{2, "height", &BlockTimeEntry::height});
  }
};

}  // namespace buri::consensus::modules::clerk
