#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// Addresses of endpoints as operators write them. Such an address often holds a secret (a
/// password, a provider's key in the path), so nothing here puts more of it into a text for people
/// than scheme, host and port.

namespace buri::protocol::endpoints {

enum class UrlError : std::uint8_t {
  kEmpty,
  kCharacter,  ///< a space, a control character or one outside ASCII
  kScheme,     ///< none, or not one that is taken here
  kUserInfo,   ///< a broken percent escape
  kHost,       ///< no host, one longer than a name may be, or brackets without an IPv6 address
  kPort,       ///< not a number from 1 to 65535
  kFragment,   ///< a '#'
};

/// What the error means, for people; never the text at fault.
std::string_view describe(UrlError error);

/// An address taken apart.
struct Url {
  std::string scheme;         ///< "http" or "https"
  std::string host;           ///< name or numeric address, IPv6 without its brackets
  std::uint16_t port = 0;     ///< the scheme's own if none was written
  std::string target = "/";   ///< path and query, as written
  std::string authorization;  ///< the value of the header Authorization; empty if no user was given

  [[nodiscard]] bool is_tls() const { return scheme == "https"; }
  /// Whether the host is this machine by name (localhost) or by a loopback address.
  [[nodiscard]] bool is_loopback() const;
  /// Host and port as a Host header has them; IPv6 in brackets.
  [[nodiscard]] std::string authority() const;
  /// "https://host:port", fit for logs.
  [[nodiscard]] std::string label() const { return scheme + "://" + authority(); }

  friend bool operator==(const Url&, const Url&) = default;
};

/// Reads "http://…" or "https://…", at most 2048 characters.
Result<Url, UrlError> parse_url(std::string_view text);

/// The parts of a list separated by commas, without spaces around them and without empty ones, as
/// stock's bor_rpc_url lists endpoints.
std::vector<std::string> split_list(std::string_view text);

}  // namespace buri::protocol::endpoints
