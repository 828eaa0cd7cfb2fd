#include "hsm/signer/unix_socket.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace buri::hsm::signer {
namespace {

bool contains(const std::vector<std::uint32_t>& list, std::uint32_t value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

std::optional<sockaddr_un> unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

std::optional<Peer> peer_of(int descriptor) {
  ucred credentials{};
  socklen_t length = sizeof credentials;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) {
    return std::nullopt;
  }
  return Peer{credentials.uid, credentials.gid, credentials.pid};
}

bool is_listed(const Peer& peer, const std::vector<std::uint32_t>& uids,
               const std::vector<std::uint32_t>& gids) {
  return contains(uids, peer.uid) || contains(gids, peer.gid);
}

}  // namespace buri::hsm::signer
