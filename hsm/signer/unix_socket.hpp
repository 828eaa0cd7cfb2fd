#pragma once

#include <sys/un.h>

#include <optional>
#include <string>
#include <vector>

#include "hsm/signer/peer.hpp"

/// What servers and diallers of unix sockets share.

namespace buri::hsm::signer {

/// The address of a socket file; nothing if the path is too long for one.
std::optional<sockaddr_un> unix_address(const std::string& path);

/// Who is at the other end of a connected socket, as SO_PEERCRED has it. For a dialler that is
/// whoever called listen(2).
std::optional<Peer> peer_of(int descriptor);

/// Whether the peer's user or group is on a list.
bool is_listed(const Peer& peer, const std::vector<std::uint32_t>& uids,
               const std::vector<std::uint32_t>& gids);

}  // namespace buri::hsm::signer
