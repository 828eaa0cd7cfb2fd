#pragma once

#include <cstdint>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"

namespace buri::devnet {

/// `count` different ports of the loopback interface that nobody listens on now, below those that
/// the kernel gives to callers, so that a daemon finds its own free again after a restart. The
/// search begins anywhere, so that networks started together do not meet.
Result<std::vector<std::uint16_t>, std::string> free_ports(std::size_t count, Random& random);

}  // namespace buri::devnet
