#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "hsm/wire/block_id.hpp"
#include "hsm/wire/purpose.hpp"
#include "hsm/wire/refusal.hpp"

/// What the signer answers. Exactly one response per request, none unasked.

namespace buri::hsm::wire {

/// R ‖ S ‖ V: 32 bytes big-endian each of r and s, s at most n/2, then V = 0 or 1.
using Signature = FixedBytes<65>;

/// One signature and what it is over.
struct PurposeSignature {
  Purpose purpose{};
  Signature signature;

  friend bool operator==(const PurposeSignature&, const PurposeSignature&) = default;
};

/// The signatures of a signing request: one, or for a precommit with extensions three in the order
/// vote, vote extension, plain extension.
struct Signed {
  std::vector<PurposeSignature> signatures;
  /// Votes and proposals: the timestamp the signature covers, if it is not the request's but an
  /// earlier one that was signed for the same content.
  std::optional<Timestamp> timestamp;

  friend bool operator==(const Signed&, const Signed&) = default;
};

/// Not signed now through no fault of the request; the same request may pass later.
struct Unavailable {
  std::string reason;  ///< for people

  friend bool operator==(const Unavailable&, const Unavailable&) = default;
};

/// A report was taken; what it says is durable.
struct Acknowledged {
  friend bool operator==(const Acknowledged&, const Acknowledged&) = default;
};

struct HelloAnswer {
  std::uint32_t version = 0;      ///< the highest that both speak
  std::vector<Purpose> purposes;  ///< served on this socket and enabled by policy, ascending
  std::uint32_t max_frame_bytes = 0;

  friend bool operator==(const HelloAnswer&, const HelloAnswer&) = default;
};

struct PublicKeyAnswer {
  FixedBytes<65> public_key;  ///< 0x04 ‖ X ‖ Y
  Address address;

  friend bool operator==(const PublicKeyAnswer&, const PublicKeyAnswer&) = default;
};

/// Values are on the wire.
enum class SignerState : std::uint8_t {
  kLocked = 1,
  kStandby = 2,
  kActive = 3,
  kDraining = 4,
  kHalted = 5,
  kCeremony = 6,
};

/// Lower-case name: "standby". "unknown" for no value of the enum.
std::string_view signer_state_name(SignerState state);

struct StatusAnswer {
  SignerState state = SignerState::kLocked;
  std::string reason;       ///< why it is not active; empty if it is
  std::uint64_t epoch = 0;  ///< fencing epoch; 0 without a fence
  Hash256 policy_hash;
  std::int64_t last_height = 0;  ///< of the last vote or proposal
  std::int32_t last_round = 0;
  std::uint32_t last_step = 0;  ///< 0 none, 1 proposal, 2 prevote, 3 precommit
  std::uint64_t last_bor_number = 0;

  friend bool operator==(const StatusAnswer&, const StatusAnswer&) = default;
};

using ResponseBody = std::variant<Signed, Refusal, Unavailable, Acknowledged, HelloAnswer,
                                  PublicKeyAnswer, StatusAnswer>;

/// One frame from signer to client.
struct Response {
  std::uint64_t id = 0;  ///< of the request; 0 if the request could not be decoded
  ResponseBody body;

  friend bool operator==(const Response&, const Response&) = default;
};

}  // namespace buri::hsm::wire
