#define TOML_IMPLEMENTATION
#include "base/toml.hpp"

#include <algorithm>
#include <optional>

namespace buri {
namespace {

std::optional<TomlFault> beyond_ascii(std::string_view text) {
  const auto foreign =
      std::ranges::find_if(text, [](char c) { return static_cast<unsigned char>(c) > 0x7f; });
  if (foreign == text.end()) return std::nullopt;
  const std::string_view before = text.substr(0, static_cast<std::size_t>(foreign - text.begin()));
  const std::size_t line_end = before.rfind('\n');
  const std::size_t in_line =
      line_end == std::string_view::npos ? before.size() : before.size() - line_end - 1;
  return TomlFault{.line = static_cast<std::uint32_t>(1 + std::ranges::count(before, '\n')),
                   .column = static_cast<std::uint32_t>(1 + in_line),
                   .is_ascii = false,
                   .found = "another character"};
}

}  // namespace

Result<toml::table, TomlFault> parse_toml(std::string_view text) {
  if (auto fault = beyond_ascii(text)) return Failure{*std::move(fault)};
  toml::parse_result parsed = toml::parse(text);
  if (parsed) return std::move(parsed).table();
  const toml::source_position place = parsed.error().source().begin;
  return Failure{TomlFault{.line = place.line,
                           .column = place.column,
                           .found = std::string(parsed.error().description())}};
}

}  // namespace buri
