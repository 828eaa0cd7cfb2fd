#pragma once

#include <cstdint>
#include <utility>

#include "base/bytes.hpp"
#include "base/clock.hpp"

/// File descriptors that close themselves, and whole frames over SOCK_SEQPACKET sockets.

namespace buri::hsm::pkcs11 {

/// Owns one descriptor, or none (-1).
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

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

/// Waits for one frame without end.
ChannelResult receive_frame(int socket, MutableByteView frame);

}  // namespace buri::hsm::pkcs11
