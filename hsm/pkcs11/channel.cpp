#include "hsm/pkcs11/channel.hpp"

#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace buri::hsm::pkcs11 {
namespace {

/// One message, whose size must be the frame's.
ChannelResult receive(int socket, MutableByteView frame, int flags) {
  while (true) {
    iovec part{frame.data(), frame.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    const ssize_t got = recvmsg(socket, &message, flags);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return ChannelResult::kLate;
    if (got <= 0) return ChannelResult::kClosed;
    const bool whole = static_cast<std::size_t>(got) == frame.size();
    const bool cut = (message.msg_flags & MSG_TRUNC) != 0;
    return whole && !cut ? ChannelResult::kFrame : ChannelResult::kForeign;
  }
}

}  // namespace

bool send_frame(int socket, ByteView frame) {
  ssize_t sent = -1;
  do {
    sent = send(socket, frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(frame.size());
}

ChannelResult receive_frame(int socket, MutableByteView frame, MonotonicTime deadline) {
  while (true) {
    const auto left = std::max(deadline - system_clock().monotonic(), MonotonicTime::duration{0});
    const timespec wait{std::chrono::duration_cast<std::chrono::seconds>(left).count(),
                        (left % std::chrono::seconds(1)).count()};
    pollfd entry{socket, POLLIN, 0};
    const int ready = ppoll(&entry, 1, &wait, nullptr);
    if (ready == 0) return ChannelResult::kLate;
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return ChannelResult::kClosed;
    return receive(socket, frame, MSG_DONTWAIT);
  }
}

ChannelResult receive_frame_awake(int socket, MutableByteView frame, MonotonicTime awake_until) {
  while (system_clock().monotonic() < awake_until) {
    const ChannelResult result = receive(socket, frame, MSG_DONTWAIT);
    if (result != ChannelResult::kLate) return result;
    sched_yield();
  }
  return receive(socket, frame, 0);
}

}  // namespace buri::hsm::pkcs11
