#include "tests/hsm/signer/stream_line.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>

namespace buri::hsm::test {

StreamLine::StreamLine(const std::string& path, std::string_view words)
    : descriptor_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const timeval patience{5, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    (void)::send(descriptor_, words.data(), words.size(), MSG_NOSIGNAL);
  }
}

StreamLine::~StreamLine() { ::close(descriptor_); }

std::string StreamLine::answer() const {
  std::string text;
  std::array<char, 4096> piece;
  while (!text.ends_with("}\n")) {
    const ssize_t count = ::recv(descriptor_, piece.data(), piece.size(), 0);
    if (count <= 0) break;
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
  return text;
}

}  // namespace buri::hsm::test
