#pragma once

#include <cstdint>
#include <string>

/// Who is at the other end of a socket.

namespace buri::hsm::signer {

/// As the kernel told it when the connection was made.
struct Peer {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::int32_t pid = 0;

  /// "uid=990 gid=990 pid=1234".
  [[nodiscard]] std::string text() const {
    return "uid=" + std::to_string(uid) + " gid=" + std::to_string(gid) +
           " pid=" + std::to_string(pid);
  }
};

}  // namespace buri::hsm::signer
