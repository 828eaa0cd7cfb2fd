#include "node/protocol/endpoints/url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/codec/base64.hpp"
#include "base/hex.hpp"
#include "base/host_name.hpp"

namespace buri::protocol::endpoints {
namespace {

constexpr std::size_t kMaxCharacters = 2048;
constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    const auto byte = from_hex(text.substr(i + 1, 2));
    if (!byte || byte->size() != 1 || i + 2 >= text.size()) return std::nullopt;
    result += static_cast<char>(byte->front());
    i += 2;
  }
  return result;
}

Status<UrlError> read_port(Url& url, std::string_view digits) {
  unsigned port = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, port);
  if (error != std::errc{} || stop != end || port == 0 || port > UINT16_MAX) {
    return Failure{UrlError::kPort};
  }
  url.port = static_cast<std::uint16_t>(port);
  return Unit{};
}

Status<UrlError> read_authority(Url& url, std::string_view authority) {
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    const auto user = percent_decoded(authority.substr(0, at));
    if (!user) return Failure{UrlError::kUserInfo};
    url.authorization = "Basic " + to_base64(as_bytes(*user));
    authority.remove_prefix(at + 1);
  }
  std::string_view rest;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return Failure{UrlError::kHost};
    url.host = authority.substr(1, close - 1);
    if (!is_ipv6(url.host)) return Failure{UrlError::kHost};
    rest = authority.substr(close + 1);
  } else {
    const auto colon = authority.find(':');
    url.host = authority.substr(0, colon);
    if (!is_host_name(url.host)) return Failure{UrlError::kHost};
    rest = colon == std::string_view::npos ? "" : authority.substr(colon);
  }
  url.port = url.is_tls() ? kHttpsPort : kHttpPort;
  if (rest.empty()) return Unit{};
  if (rest.front() != ':') return Failure{UrlError::kHost};
  return read_port(url, rest.substr(1));
}

}  // namespace

std::string_view describe(UrlError error) {
  switch (error) {
    case UrlError::kEmpty:
      return "no address, or one of more than 2048 characters";
    case UrlError::kCharacter:
      return "a character that has to be written as a percent escape";
    case UrlError::kScheme:
      return "the address does not begin with http:// or https://";
    case UrlError::kUserInfo:
      return "a broken percent escape before the @";
    case UrlError::kHost:
      return "no valid host, or one of more than 253 characters";
    case UrlError::kPort:
      return "the port is not a number from 1 to 65535";
    case UrlError::kFragment:
      return "a # has no meaning here";
  }
  return "unknown";
}

bool Url::is_loopback() const {
  if (host == "localhost") return true;
  in_addr four{};
  if (::inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  in6_addr six{};
  return ::inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

std::string Url::authority() const {
  const bool brackets = host.find(':') != std::string::npos;
  return (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Url, UrlError> parse_url(std::string_view text) {
  if (text.empty() || text.size() > kMaxCharacters) return Failure{UrlError::kEmpty};
  if (!std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; })) {
    return Failure{UrlError::kCharacter};
  }
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return Failure{UrlError::kScheme};
  Url url;
  url.scheme = text.substr(0, colon);
  if (url.scheme != "http" && url.scheme != "https") return Failure{UrlError::kScheme};
  text.remove_prefix(colon + 3);
  if (text.find('#') != std::string_view::npos) return Failure{UrlError::kFragment};
  const auto end = text.find_first_of("/?");
  RETURN_IF_ERROR(read_authority(url, text.substr(0, end)));
  if (end == std::string_view::npos) return url;
  url.target = text[end] == '?' ? "/" + std::string(text.substr(end)) : text.substr(end);
  return url;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    std::string_view part = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const auto first = part.find_first_not_of(" \t");
    if (first == std::string_view::npos) continue;
    part = part.substr(first, part.find_last_not_of(" \t") - first + 1);
    parts.emplace_back(part);
  }
  return parts;
}

}  // namespace buri::protocol::endpoints
