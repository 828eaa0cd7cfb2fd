#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hsm/pkcs11/signing_device.hpp"

/// The only bytes that pass between the signer and buri-hsm: frames of fixed size over
/// SOCK_SEQPACKET sockets, one socket per session, one request at a time on each. Integers are
/// little-endian; both ends are of one build on one machine. Whatever does not decode ends the
/// process that reads it.
///
/// Request, 128 bytes: magic[4] kind[1] purpose[1] value_bytes[1] zero[1] id[8] deadline_ns[8]
/// digest_or_name[32] value[64] zero[8].
/// Reply, 512 bytes: magic[4] kind[1] outcome[1] steps[1] zero[1] id[8] code[8] device_ns[8]
/// total_ns[8] function[32] payload_bytes[2] payload[438].

namespace buri::hsm::pkcs11 {

enum class RequestKind : std::uint8_t {
  kSign = 1,
  kReadAnchor = 2,
  kWriteAnchor = 3,
  kExpect = 4,  ///< a kSign is about to come; has no answer, nor a digest
};

struct RequestFrame {
  RequestKind kind{};
  SigningPurpose purpose = SigningPurpose::kProbe;  ///< of kSign; kProbe otherwise
  std::uint64_t id = 0;
  /// On CLOCK_MONOTONIC, which both processes share; of kExpect: until when to wait awake.
  std::uint64_t deadline_ns = 0;
  Hash256 subject;  ///< the digest of kSign, the anchor's name; zero in kExpect
  Bytes value;      ///< of kWriteAnchor: 1 to 64 bytes; empty otherwise

  friend bool operator==(const RequestFrame&, const RequestFrame&) = default;
};

enum class ReplyKind : std::uint8_t {
  kAnswer = 1,       ///< to the request of that id
  kLoginStarts = 2,  ///< once, before C_Login: from here on a PIN attempt may have been used
  kReady = 3,        ///< once: key checked, probe signature recovered
  kStartFailed = 4,  ///< once, instead of kReady; the worker exits
};

/// What became of a request or of the start.
enum class Outcome : std::uint8_t {
  kDone = 0,
  kDeviceFailed = 1,   ///< the ladder inside the worker ended; code and function say where
  kBadSignature = 2,   ///< payload holds the sentence
  kTooLate = 3,        ///< the deadline had passed
  kNotFound = 4,       ///< kReadAnchor: none is stored
  kRefused = 5,        ///< kWriteAnchor below the stored value
  kPinRefused = 6,     ///< the token said the PIN is wrong, or locked
  kPinFlags = 7,       ///< not tried: the token says few tries are left
  kPinUnreadable = 8,  ///< not tried: no PIN could be read
  kKeyRefused = 9,     ///< no key, several keys, wrong attributes, wrong public key
  kModuleFailed = 10,  ///< module, token or session could not be opened
};
inline constexpr std::uint8_t kLastOutcome = 10;

struct ReplyFrame {
  ReplyKind kind{};
  Outcome outcome{};
  std::uint8_t steps = 0;       ///< rungs of the ladder that were climbed, 0 for none
  std::uint64_t id = 0;         ///< of the request; 0 in start frames
  std::uint64_t code = 0;       ///< CK_RV; the token's flags in kReady
  std::uint64_t device_ns = 0;  ///< time inside the module's signing calls
  std::uint64_t total_ns = 0;   ///< from request to reply
  std::string function;         ///< of `code`: "C_Sign"
  Bytes payload;                ///< signature, anchor value, or a sentence

  friend bool operator==(const ReplyFrame&, const ReplyFrame&) = default;
};

inline constexpr std::size_t kRequestBytes = 128;
inline constexpr std::size_t kReplyBytes = 512;
inline constexpr std::size_t kMaxPayloadBytes = 438;
inline constexpr std::size_t kMaxFunctionBytes = 32;

using RequestBytes = FixedBytes<kRequestBytes>;
using ReplyBytes = FixedBytes<kReplyBytes>;

/// REQUIRES: value.size() <= 64.
RequestBytes encode(const RequestFrame& frame);
/// Function and payload are cut to their room.
ReplyBytes encode(const ReplyFrame& frame);

/// Nothing unless the bytes are exactly what encode makes of some frame.
std::optional<RequestFrame> decode_request(ByteView bytes);
std::optional<ReplyFrame> decode_reply(ByteView bytes);

}  // namespace buri::hsm::pkcs11
