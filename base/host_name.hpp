#pragma once

#include <string_view>

namespace buri {

/// Whether the text may be the name of a machine or an IPv4 address: 1 to 253 ASCII letters,
/// digits, '.', '-' and '_' (RFC 1035, 2.3.4, and the underscore that names inside containers
/// have). Whether such a machine exists is not asked.
bool is_host_name(std::string_view text);

}  // namespace buri
