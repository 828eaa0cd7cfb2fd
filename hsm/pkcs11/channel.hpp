#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/descriptor.hpp"

/// Whole frames over SOCK_SEQPACKET sockets.

namespace buri::hsm::pkcs11 {

enum class ChannelResult : std::uint8_t {
  kFrame,   ///< exactly one frame of the wanted size
  kClosed,  ///< the other end is gone, or the socket failed
  kLate,    ///< the deadline passed
  kForeign  ///< a message of another size
};

/// Sends one frame; false if the other end is gone or does not read. Never blocks, never raises
/// SIGPIPE.
bool send_frame(int socket, ByteView frame);

/// Waits for one frame of frame.size() bytes until `deadline`.
ChannelResult receive_frame(int socket, MutableByteView frame, MonotonicTime deadline);

/// Waits for one frame without end. Until `awake_until` it looks again and again instead of
/// sleeping, since waking takes a processor of a quiet machine tens of microseconds; others may run
/// meanwhile.
ChannelResult receive_frame_awake(int socket, MutableByteView frame, MonotonicTime awake_until);

}  // namespace buri::hsm::pkcs11
