#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"

/// Merlin transcripts, version 1.0: what both ends of a handshake have seen, and challenges bound
/// to all of it. Built on the few operations of STROBE-128 1.0.2 that Merlin uses (associated data,
/// meta associated data, PRF). Source: spec/cometbft.md 3.1; the STROBE and Merlin specifications.

namespace buri::consensus::p2p {

/// One protocol run. Not thread-safe. The sponge absorbs a Diffie-Hellman secret, so it is wiped at
/// the end and cannot be copied.
class Transcript {
 public:
  /// `label` names the protocol.
  explicit Transcript(std::string_view label);
  Transcript(const Transcript&) = delete;
  Transcript& operator=(const Transcript&) = delete;
  ~Transcript();

  /// Adds a labelled message. REQUIRES: message.size() fits 32 bits.
  void append(std::string_view label, ByteView message);
  /// Fills `target` with bytes that depend on everything added so far.
  void challenge(std::string_view label, MutableByteView target);

 private:
  enum class Continued : std::uint8_t { kNo, kYes };

  void meta_ad(ByteView data, Continued continued);
  void begin(std::uint8_t flags);
  void absorb(ByteView data);
  void absorb_byte(std::uint8_t byte);
  void squeeze(MutableByteView target);
  void permute();
  void label_with_length(std::string_view label, std::size_t byte_count);

  std::array<std::uint8_t, 200> state_{};
  std::uint8_t position_ = 0;
  std::uint8_t operation_start_ = 0;
};

}  // namespace buri::consensus::p2p
