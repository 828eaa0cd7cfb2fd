#include "node/consensus/engine/wal_record.hpp"

#include <boost/crc.hpp>

#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/wire_values.hpp"

namespace buri::consensus::engine {
namespace wire {
namespace {

using codec::Field;

struct StepEntered {
  std::int64_t height = 0;
  std::int32_t round = 0;
  std::string step{};
  static constexpr std::string_view kName = "tendermint.types.EventDataRoundState";
  static constexpr auto fields() {
    using S = StepEntered;
    return fields_of(Field{1, "height", &S::height}, Field{2, "round", &S::round},
                     Field{3, "step", &S::step});
  }
};

struct MessageArrived {
  /// A consensus.Message, still encoded; non-nullable.
  Bytes msg{};
  std::string peer_id{};
  static constexpr std::string_view kName = "tendermint.consensus.MsgInfo";
  static constexpr auto fields() {
    using M = MessageArrived;
    return fields_of(Field{1, "msg", &M::msg}, Field{2, "peer_id", &M::peer_id});
  }
};

struct TimeoutFired {
  codec::Duration duration{};
  std::int64_t height = 0;
  std::int32_t round = 0;
  std::uint32_t step = 0;
  static constexpr std::string_view kName = "tendermint.consensus.TimeoutInfo";
  static constexpr auto fields() {
    using T = TimeoutFired;
    return fields_of(Field{1, "duration", &T::duration}, Field{2, "height", &T::height},
                     Field{3, "round", &T::round}, Field{4, "step", &T::step});
  }
};

struct HeightEnded {
  std::int64_t height = 0;
  static constexpr std::string_view kName = "tendermint.consensus.EndHeight";
  static constexpr auto fields() { return fields_of(Field{1, "height", &HeightEnded::height}); }
};

/// A oneof.
struct Entry {
  std::optional<StepEntered> step_entered{};
  std::optional<MessageArrived> message_arrived{};
  std::optional<TimeoutFired> timeout_fired{};
  std::optional<HeightEnded> height_ended{};
  static constexpr std::string_view kName = "tendermint.consensus.WALMessage";
  static constexpr auto fields() {
    using E = Entry;
    return fields_of(Field{1, "event_data_round_state", &E::step_entered},
                     Field{2, "msg_info", &E::message_arrived},
                     Field{3, "timeout_info", &E::timeout_fired},
                     Field{4, "end_height", &E::height_ended});
  }
};

struct Record {
  codec::Timestamp time{};
  std::optional<Entry> msg{};
  static constexpr std::string_view kName = "tendermint.consensus.TimedWALMessage";
  static constexpr auto fields() {
    return fields_of(Field{1, "time", &Record::time}, Field{2, "msg", &Record::msg});
  }
};

}  // namespace
}  // namespace wire

namespace {

using codec::DecodeError;

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

/// CRC-32C (Castagnoli): bits reflected, all ones before and after.
std::uint32_t checksum(ByteView content) {
  boost::crc_optimal<32, 0x1edc6f41, 0xffffffff, 0xffffffff, true, true> crc;
  crc.process_bytes(content.data(), content.size());
  return crc.checksum();
}

void append_big_endian(Bytes& target, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    target.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

std::uint32_t big_endian(ByteView bytes) {
  std::uint32_t value = 0;
  for (const std::uint8_t byte : bytes.first(4)) value = value << 8 | byte;
  return value;
}

wire::Entry entry_to_wire(const StepEntered& entry) {
  return {.step_entered = wire::StepEntered{entry.height, entry.round, entry.step}};
}
wire::Entry entry_to_wire(const MessageArrived& entry) {
  return {.message_arrived = wire::MessageArrived{encode_message(entry.message), entry.peer_id}};
}
wire::Entry entry_to_wire(const TimeoutFired& entry) {
  const codec::Duration duration{entry.duration_ns / kNanosPerSecond,
                                 static_cast<std::int32_t>(entry.duration_ns % kNanosPerSecond)};
  return {.timeout_fired = wire::TimeoutFired{duration, entry.height, entry.round,
                                              static_cast<std::uint32_t>(entry.step)}};
}
wire::Entry entry_to_wire(const HeightEnded& entry) {
  return {.height_ended = wire::HeightEnded{entry.height}};
}

Decoded<WalEntry> entry_of(const wire::TimeoutFired& read) {
  // Go's durations are nanoseconds in 64 bits.
  constexpr std::int64_t kMaxSeconds = INT64_MAX / kNanosPerSecond - 1;
  const auto [seconds, nanos] = read.duration;
  const bool is_duration = seconds >= -kMaxSeconds && seconds <= kMaxSeconds &&
                           nanos > -kNanosPerSecond && nanos < kNanosPerSecond &&
                           (seconds == 0 || nanos == 0 || (seconds < 0) == (nanos < 0));
  if (!is_duration) return Failure{DecodeError::kValue};
  ASSIGN_OR_RETURN(const Step step,
                   (enumerator_of<Step, Step::kNewHeight, Step::kCommit>(std::int64_t{read.step})));
  return WalEntry(TimeoutFired{seconds * kNanosPerSecond + nanos, read.height, read.round, step});
}

Decoded<WalEntry> entry_of(wire::Entry&& read) {
  if (read.step_entered) {
    auto& step = *read.step_entered;
    return WalEntry(StepEntered{step.height, step.round, std::move(step.step)});
  }
  if (read.message_arrived) {
    ASSIGN_OR_RETURN(Message message, decode_message(read.message_arrived->msg));
    return WalEntry(MessageArrived{std::move(message), std::move(read.message_arrived->peer_id)});
  }
  if (read.timeout_fired) return entry_of(*read.timeout_fired);
  if (read.height_ended) return WalEntry(HeightEnded{read.height_ended->height});
  return Failure{DecodeError::kUnknownField};
}

Decoded<WalRecord> record_of(ByteView content) {
  ASSIGN_OR_RETURN(wire::Record read, codec::decode<wire::Record>(content));
  if (!read.msg) return Failure{DecodeError::kUnknownField};
  ASSIGN_OR_RETURN(WalEntry entry, entry_of(*std::move(read.msg)));
  return WalRecord{{read.time.seconds, read.time.nanos}, std::move(entry)};
}

}  // namespace

std::string_view describe(WalFault fault) {
  switch (fault) {
    case WalFault::kTorn:
      return "the file ends within a record";
    case WalFault::kLength:
      return "a record longer than records may be";
    case WalFault::kChecksum:
      return "a record whose checksum does not match";
    case WalFault::kContent:
      return "a record that holds no consensus event";
  }
  return "unknown";
}

std::optional<Bytes> encode_wal_record(const WalRecord& record) {
  const auto entry =
      std::visit([](const auto& value) { return entry_to_wire(value); }, record.entry);
  const Bytes content =
      codec::encode(wire::Record{{record.time.seconds, record.time.nanos}, entry});
  if (content.size() > kMaxWalContentBytes) return std::nullopt;
  Bytes bytes;
  append_big_endian(bytes, checksum(content));
  append_big_endian(bytes, static_cast<std::uint32_t>(content.size()));
  append(bytes, content);
  return bytes;
}

Result<WalRecord, WalFault> take_wal_record(ByteView& bytes) {
  if (bytes.size() < kWalHeaderBytes) return Failure{WalFault::kTorn};
  const std::size_t length = big_endian(bytes.subspan(4));
  if (length > kMaxWalContentBytes) return Failure{WalFault::kLength};
  if (bytes.size() - kWalHeaderBytes < length) return Failure{WalFault::kTorn};
  const ByteView content = bytes.subspan(kWalHeaderBytes, length);
  if (checksum(content) != big_endian(bytes)) return Failure{WalFault::kChecksum};
  auto record = record_of(content);
  if (!record.ok()) return Failure{WalFault::kContent};
  bytes = bytes.subspan(kWalHeaderBytes + length);
  return std::move(record).value();
}

}  // namespace buri::consensus::engine
