#include "hsm/pkcs11/frames.hpp"

#include <algorithm>
#include <cstring>

#include "base/check.hpp"

namespace buri::hsm::pkcs11 {
namespace {

constexpr std::string_view kRequestMagic = "BHQ1";
constexpr std::string_view kReplyMagic = "BHA1";

/// Where the fields of a request lie.
namespace request_at {
constexpr std::size_t kKind = 4, kPurpose = 5, kValueBytes = 6, kId = 8, kDeadline = 16;
constexpr std::size_t kSubject = 24, kValue = 56;
static_assert(kValue + SigningDevice::kMaxAnchorBytes + 8 == kRequestBytes);
}  // namespace request_at

/// Where the fields of a reply lie.
namespace reply_at {
constexpr std::size_t kKind = 4, kOutcome = 5, kSteps = 6, kId = 8, kCode = 16, kDevice = 24;
constexpr std::size_t kTotal = 32, kFunction = 40, kPayloadBytes = 72, kPayload = 74;
static_assert(kFunction + kMaxFunctionBytes == kPayloadBytes);
static_assert(kPayload + kMaxPayloadBytes == kReplyBytes);
}  // namespace reply_at

void put_u64(std::uint8_t* target, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) target[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

std::uint64_t get_u64(const std::uint8_t* source) {
  std::uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = value << 8 | source[i];
  return value;
}

void put(std::uint8_t* target, ByteView bytes) { std::ranges::copy(bytes, target); }

template <class Enum>
bool in_range(std::uint8_t value, Enum first, Enum last) {
  return value >= static_cast<std::uint8_t>(first) && value <= static_cast<std::uint8_t>(last);
}

/// Text that fills its field from the left, with zero bytes behind it.
std::string get_text(const std::uint8_t* source, std::size_t room) {
  const auto* const text = reinterpret_cast<const char*>(source);
  return {text, strnlen(text, room)};
}

}  // namespace

RequestBytes encode(const RequestFrame& frame) {
  CHECK(frame.value.size() <= SigningDevice::kMaxAnchorBytes, "an anchor fits its frame");
  RequestBytes bytes;
  std::uint8_t* const out = bytes.data();
  put(out, as_bytes(kRequestMagic));
  out[request_at::kKind] = static_cast<std::uint8_t>(frame.kind);
  out[request_at::kPurpose] = static_cast<std::uint8_t>(frame.purpose);
  out[request_at::kValueBytes] = static_cast<std::uint8_t>(frame.value.size());
  put_u64(out + request_at::kId, frame.id);
  put_u64(out + request_at::kDeadline, frame.deadline_ns);
  put(out + request_at::kSubject, frame.subject);
  put(out + request_at::kValue, frame.value);
  return bytes;
}

std::optional<RequestFrame> decode_request(ByteView bytes) {
  if (bytes.size() != kRequestBytes) return std::nullopt;
  const std::uint8_t* const in = bytes.data();
  if (!in_range(in[request_at::kKind], RequestKind::kSign, RequestKind::kExpect) ||
      !in_range(in[request_at::kPurpose], SigningPurpose::kProposal, SigningPurpose::kProbe) ||
      in[request_at::kValueBytes] > SigningDevice::kMaxAnchorBytes) {
    return std::nullopt;
  }
  RequestFrame frame;
  frame.kind = static_cast<RequestKind>(in[request_at::kKind]);
  frame.purpose = static_cast<SigningPurpose>(in[request_at::kPurpose]);
  frame.id = get_u64(in + request_at::kId);
  frame.deadline_ns = get_u64(in + request_at::kDeadline);
  frame.subject = Hash256::from(bytes.subspan(request_at::kSubject, 32));
  const ByteView value = bytes.subspan(request_at::kValue, in[request_at::kValueBytes]);
  frame.value.assign(value.begin(), value.end());
  const bool has_value = !frame.value.empty();
  if (has_value != (frame.kind == RequestKind::kWriteAnchor)) return std::nullopt;
  if (frame.kind != RequestKind::kSign && frame.purpose != SigningPurpose::kProbe) {
    return std::nullopt;
  }
  if (frame.kind == RequestKind::kExpect && frame.subject != Hash256{}) return std::nullopt;
  // Magic, zeros and the bytes behind the value: all at once.
  return equal(encode(frame), bytes) ? std::optional(frame) : std::nullopt;
}

ReplyBytes encode(const ReplyFrame& frame) {
  ReplyBytes bytes;
  std::uint8_t* const out = bytes.data();
  const std::size_t payload_bytes = std::min(frame.payload.size(), kMaxPayloadBytes);
  put(out, as_bytes(kReplyMagic));
  out[reply_at::kKind] = static_cast<std::uint8_t>(frame.kind);
  out[reply_at::kOutcome] = static_cast<std::uint8_t>(frame.outcome);
  out[reply_at::kSteps] = frame.steps;
  put_u64(out + reply_at::kId, frame.id);
  put_u64(out + reply_at::kCode, frame.code);
  put_u64(out + reply_at::kDevice, frame.device_ns);
  put_u64(out + reply_at::kTotal, frame.total_ns);
  put(out + reply_at::kFunction,
      as_bytes(std::string_view(frame.function).substr(0, kMaxFunctionBytes)));
  out[reply_at::kPayloadBytes] = static_cast<std::uint8_t>(payload_bytes);
  out[reply_at::kPayloadBytes + 1] = static_cast<std::uint8_t>(payload_bytes >> 8);
  put(out + reply_at::kPayload, ByteView(frame.payload).first(payload_bytes));
  return bytes;
}

std::optional<ReplyFrame> decode_reply(ByteView bytes) {
  if (bytes.size() != kReplyBytes) return std::nullopt;
  const std::uint8_t* const in = bytes.data();
  const std::size_t payload_bytes =
      in[reply_at::kPayloadBytes] | std::size_t{in[reply_at::kPayloadBytes + 1]} << 8;
  if (!in_range(in[reply_at::kKind], ReplyKind::kAnswer, ReplyKind::kStartFailed) ||
      in[reply_at::kOutcome] > kLastOutcome || payload_bytes > kMaxPayloadBytes) {
    return std::nullopt;
  }
  ReplyFrame frame;
  frame.kind = static_cast<ReplyKind>(in[reply_at::kKind]);
  frame.outcome = static_cast<Outcome>(in[reply_at::kOutcome]);
  frame.steps = in[reply_at::kSteps];
  frame.id = get_u64(in + reply_at::kId);
  frame.code = get_u64(in + reply_at::kCode);
  frame.device_ns = get_u64(in + reply_at::kDevice);
  frame.total_ns = get_u64(in + reply_at::kTotal);
  frame.function = get_text(in + reply_at::kFunction, kMaxFunctionBytes);
  const ByteView payload = bytes.subspan(reply_at::kPayload, payload_bytes);
  frame.payload.assign(payload.begin(), payload.end());
  return equal(encode(frame), bytes) ? std::optional(frame) : std::nullopt;
}

}  // namespace buri::hsm::pkcs11
