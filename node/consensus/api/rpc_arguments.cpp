#include "node/consensus/api/rpc_arguments.hpp"

#include <algorithm>
#include <charconv>

#include "base/codec/base64.hpp"
#include "base/hex.hpp"
#include "base/json_text.hpp"
#include "node/consensus/api/go_json.hpp"
#include "node/consensus/api/json_writer.hpp"

namespace buri::consensus::api {
namespace {

using Kind = JsonValue::Kind;
using Parsed = Result<Argument, std::string>;

std::string_view json_kind(Kind kind) {
  switch (kind) {
    case Kind::kBoolean:
      return "bool";
    case Kind::kNumber:
      return "number";
    case Kind::kString:
      return "string";
    case Kind::kArray:
      return "array";
    default:
      return "object";
  }
}

std::string_view go_type(ArgumentKind kind) {
  switch (kind) {
    case ArgumentKind::kInteger:
      return "int64";
    case ArgumentKind::kUnsigned:
      return "uint";
    case ArgumentKind::kText:
      return "string";
    case ArgumentKind::kBoolean:
      return "bool";
    case ArgumentKind::kBytes:
    case ArgumentKind::kHexBytes:
      return "[]uint8";
    case ArgumentKind::kTexts:
      return "[]string";
    case ArgumentKind::kEvidence:
      return "types.Evidence";
  }
  return "";
}

Failure<std::string> mismatch(const JsonValue& value, ArgumentKind kind) {
  return Failure{"json: cannot unmarshal " + std::string(json_kind(value.kind)) +
                 " into Go value of type " + std::string(go_type(kind))};
}

/// The decimal between the quotes.
Parsed integer_of(ArgumentKind kind, const std::string& digits) {
  if (auto error = go_syntax_error(digits)) return Failure{std::move(*error)};
  std::int64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [last, code] = std::from_chars(digits.data(), end, value);
  const bool is_range = kind != ArgumentKind::kUnsigned || value >= 0;
  if (code != std::errc() || last != end || !is_range) {
    return Failure{"json: cannot unmarshal number " + digits + " into Go value of type " +
                   std::string(go_type(kind))};
  }
  return Argument(value);
}

Parsed texts_of(const JsonValue& value) {
  std::vector<std::string> texts;
  for (const JsonValue& element : value.children) {
    if (element.kind != Kind::kString) return mismatch(element, ArgumentKind::kText);
    texts.push_back(element.text);
  }
  return Argument(std::move(texts));
}

Parsed bytes_of(ArgumentKind kind, const std::string& text) {
  if (kind == ArgumentKind::kHexBytes) {
    const bool is_prefixed = text.starts_with("0x") || text.starts_with("0X");
    auto bytes = is_prefixed ? std::nullopt : from_hex(text);
    if (!bytes) return Failure{"encoding/hex: invalid hex string " + go_quoted(text)};
    return Argument(std::move(*bytes));
  }
  auto bytes = from_base64(text);
  if (!bytes) return Failure{std::string("illegal base64 data in ") + go_quoted(text)};
  return Argument(std::move(*bytes));
}

Parsed argument_of(ArgumentKind kind, const JsonValue& value) {
  if (value.kind == Kind::kNull) return Argument();
  switch (kind) {
    case ArgumentKind::kInteger:
    case ArgumentKind::kUnsigned:
      if (value.kind != Kind::kString) {
        return Failure{"invalid 64-bit integer encoding " + go_quoted(to_json(value)) +
                       ", expected string"};
      }
      return integer_of(kind, value.text);
    case ArgumentKind::kText:
      if (value.kind != Kind::kString) return mismatch(value, kind);
      return Argument(value.text);
    case ArgumentKind::kBoolean:
      if (value.kind != Kind::kBoolean) return mismatch(value, kind);
      return Argument(value.boolean);
    case ArgumentKind::kBytes:
    case ArgumentKind::kHexBytes:
      if (value.kind != Kind::kString) return mismatch(value, kind);
      return bytes_of(kind, value.text);
    case ArgumentKind::kTexts:
      if (value.kind != Kind::kArray) return mismatch(value, kind);
      return texts_of(value);
    case ArgumentKind::kEvidence:
      if (value.kind != Kind::kObject) return mismatch(value, kind);
      return Argument(value);
  }
  return Argument();
}

bool is_decimal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() &&
         std::ranges::all_of(text, [](char letter) { return letter >= '0' && letter <= '9'; });
}

/// A hex string in a query stands for its bytes, wherever bytes or text are wanted.
Parsed argument_of_hex(ArgumentKind kind, const std::string& text) {
  const bool is_text = kind == ArgumentKind::kText;
  if (!is_text && kind != ArgumentKind::kBytes && kind != ArgumentKind::kHexBytes) {
    const std::string_view expected = kind == ArgumentKind::kTexts      ? "slice"
                                      : kind == ArgumentKind::kEvidence ? "interface"
                                                                        : go_type(kind);
    return Failure{"got a hex string arg, but expected '" + std::string(expected) + "'"};
  }
  auto bytes = from_hex(text.substr(2));
  if (!bytes) return Failure{std::string("encoding/hex: invalid hex string")};
  if (is_text) return Argument(std::string(bytes->begin(), bytes->end()));
  return Argument(std::move(*bytes));
}

Parsed argument_of(ArgumentKind kind, const std::string& text) {
  if (text.empty()) return Argument();
  const bool wants_integer = kind == ArgumentKind::kInteger || kind == ArgumentKind::kUnsigned;
  if (wants_integer && is_decimal(text)) return integer_of(kind, text);
  if (text.starts_with("0x") || text.starts_with("0X")) return argument_of_hex(kind, text);
  if (wants_integer && !(text.size() >= 2 && text.starts_with('"') && text.ends_with('"'))) {
    if (text == "null") return Argument();
    return Failure{"invalid 64-bit integer encoding " + go_quoted(text) + ", expected string"};
  }
  if (auto error = go_syntax_error(text)) return Failure{std::move(*error)};
  const auto value = parse_json(text);
  if (!value.ok()) return Failure{describe(value.error())};
  const bool is_quoted = value->kind == Kind::kString;
  const bool wants_bytes = kind == ArgumentKind::kBytes || kind == ArgumentKind::kHexBytes;
  if (is_quoted && wants_bytes) return Argument(Bytes(value->text.begin(), value->text.end()));
  return argument_of(kind, *value);
}

std::string names_of(std::span<const ArgumentSpec> specs) {
  std::string names;
  for (const ArgumentSpec& spec : specs) {
    names += (names.empty() ? "" : " ") + std::string(spec.name);
  }
  return "[" + names + "]";
}

}  // namespace

Result<Arguments, std::string> arguments_from_json(std::span<const ArgumentSpec> specs,
                                                   const JsonValue& params) {
  std::vector<Argument> values(specs.size());
  if (params.kind == Kind::kNull) return Arguments(std::move(values));
  if (params.kind == Kind::kArray) {
    if (params.children.size() != specs.size()) {
      return Failure{"expected " + std::to_string(specs.size()) + " parameters (" +
                     names_of(specs) + "), got " + std::to_string(params.children.size()) + " (" +
                     to_json(params) + ")"};
    }
    for (std::size_t index = 0; index < specs.size(); ++index) {
      ASSIGN_OR_RETURN(values[index], argument_of(specs[index].kind, params.children[index]));
    }
    return Arguments(std::move(values));
  }
  if (params.kind != Kind::kObject) {
    return Failure{"unknown type for JSON params: json: cannot unmarshal " +
                   std::string(json_kind(params.kind)) +
                   " into Go value of type []json.RawMessage. Expected map or array"};
  }
  for (std::size_t index = 0; index < specs.size(); ++index) {
    const auto member = std::ranges::find(params.children, specs[index].name, &JsonValue::key);
    if (member == params.children.end()) continue;
    ASSIGN_OR_RETURN(values[index], argument_of(specs[index].kind, *member));
  }
  return Arguments(std::move(values));
}

Result<Arguments, std::string> arguments_from_query(
    std::span<const ArgumentSpec> specs,
    std::span<const std::pair<std::string, std::string>> pairs) {
  std::vector<Argument> values(specs.size());
  for (std::size_t index = 0; index < specs.size(); ++index) {
    for (const auto& [name, text] : pairs) {
      if (name != specs[index].name) continue;
      ASSIGN_OR_RETURN(values[index], argument_of(specs[index].kind, text));
      break;
    }
  }
  return Arguments(std::move(values));
}

}  // namespace buri::consensus::api
