#include "hsm/pkcs11/uri.hpp"

#include <algorithm>

#include "base/hex.hpp"

namespace buri::hsm::pkcs11 {
namespace {

constexpr std::string_view kScheme = "pkcs11:";
constexpr std::string_view kUnreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
// RFC 7512, 2.3: pk11-path-res-avail and pk11-query-res-avail.
constexpr std::string_view kPathReserved = ":[]@!$'()*+,=&";
constexpr std::string_view kQueryReserved = ":[]@!$'()*+,=/?|";

/// One "name=value" and where it stands.
struct Part {
  std::string_view text;
  std::size_t position;
  bool in_query;
};

bool is_in(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }

bool is_text(std::string_view value) {
  return std::ranges::all_of(value, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7f;
  });
}

/// Undoes the escapes of `value`; `where` is filled in on failure.
Result<std::string, UriError> unescape(std::string_view value, bool in_query, UriError where) {
  const std::string_view reserved = in_query ? kQueryReserved : kPathReserved;
  std::string result;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '%') {
      const auto byte = from_hex(value.substr(i + 1, 2));
      // from_hex also takes "0x"; no escape may be read that way.
      if (!byte || byte->size() != 1 || i + 3 > value.size()) {
        where.fault = UriFault::kBadEscape;
        where.position += i;
        return Failure{where};
      }
      result.push_back(static_cast<char>(byte->front()));
      i += 2;
    } else if (is_in(kUnreserved, value[i]) || is_in(reserved, value[i])) {
      result.push_back(value[i]);
    } else {
      where.fault = UriFault::kUnescaped;
      where.position += i;
      return Failure{where};
    }
  }
  return result;
}

/// Where the text of attribute `name` goes, or null.
std::optional<std::string>* text_field(KeyUri& uri, std::string_view name, bool in_query) {
  if (in_query) return name == "module-path" ? &uri.module_path : nullptr;
  if (name == "token") return &uri.token;
  if (name == "serial") return &uri.serial;
  if (name == "manufacturer") return &uri.manufacturer;
  if (name == "model") return &uri.model;
  if (name == "object") return &uri.object;
  return nullptr;
}

/// The path behind "file:", with or without the empty authority of RFC 8089.
std::string path_of_file_uri(std::string_view value) {
  if (!value.starts_with("file:")) return {};
  value.remove_prefix(5);
  if (value.starts_with("///")) value.remove_prefix(2);
  return value.starts_with("//") ? std::string() : std::string(value);
}

/// Stores one attribute; the fault if it may not be stored.
std::optional<UriFault> store(KeyUri& uri, const std::string& name, bool in_query,
                              std::string value) {
  if (!in_query && name == "id") {
    if (uri.id) return UriFault::kRepeated;
    uri.id = Bytes(value.begin(), value.end());
    return std::nullopt;
  }
  if (!is_text(value)) return UriFault::kControlCharacter;
  if (!in_query && name == "type") {
    if (uri.type_private) return UriFault::kRepeated;
    if (value != "private") return UriFault::kBadType;
    uri.type_private = true;
    return std::nullopt;
  }
  std::optional<std::string>* field = text_field(uri, name, in_query);
  if (in_query && name == "pin-source") {
    field = &uri.pin_path;
    value = path_of_file_uri(value);
  }
  if (field == nullptr) return UriFault::kUnknownAttribute;
  if (*field) return UriFault::kRepeated;
  if (in_query && !value.starts_with('/')) return UriFault::kNotAbsolute;
  *field = std::move(value);
  return std::nullopt;
}

Status<UriError> parse_part(KeyUri& uri, const Part& part) {
  const std::size_t equals = part.text.find('=');
  UriError error{UriFault::kNotAnAttribute, part.position, {}};
  if (equals == std::string_view::npos || equals == 0) return Failure{error};
  error.attribute = part.text.substr(0, equals);
  // Before anything reads the value: it would be a secret.
  if (error.attribute == "pin-value") error.fault = UriFault::kPinValue;
  if (equals + 1 == part.text.size()) error.fault = UriFault::kEmptyValue;
  if (error.fault != UriFault::kNotAnAttribute) return Failure{error};
  UriError where = error;
  where.position += equals + 1;
  ASSIGN_OR_RETURN(std::string value, unescape(part.text.substr(equals + 1), part.in_query, where));
  const auto fault = store(uri, error.attribute, part.in_query, std::move(value));
  if (!fault) return Unit{};
  error.fault = *fault;
  return Failure{error};
}

Status<UriError> parse_parts(KeyUri& uri, std::string_view text, std::size_t position,
                             bool in_query) {
  const char separator = in_query ? '&' : ';';
  while (true) {
    const std::size_t end = std::min(text.find(separator), text.size());
    RETURN_IF_ERROR(parse_part(uri, {text.substr(0, end), position, in_query}));
    if (end == text.size()) return Unit{};
    text.remove_prefix(end + 1);
    position += end + 1;
  }
}

std::string escape(std::string_view value, bool keep_slashes) {
  std::string result;
  for (const char c : value) {
    if (is_in(kUnreserved, c) || (keep_slashes && c == '/')) {
      result.push_back(c);
    } else {
      const auto byte = static_cast<std::uint8_t>(c);
      result += "%" + to_upper_hex({&byte, 1});
    }
  }
  return result;
}

std::string_view sentence(UriFault fault) {
  switch (fault) {
    case UriFault::kNoScheme:
      return "a PKCS#11 URI begins with \"pkcs11:\"";
    case UriFault::kTooLong:
      return "it is longer than 2048 bytes";
    case UriFault::kNotAnAttribute:
      return "a part is not of the form name=value";
    case UriFault::kUnknownAttribute:
      return "this attribute is not known; known are token, serial, manufacturer, model, object, "
             "id, type before the \"?\" and module-path, pin-source behind it";
    case UriFault::kRepeated:
      return "this attribute is given twice";
    case UriFault::kPinValue:
      return "a PIN may not stand in a URI; use pin-source=file:/path";
    case UriFault::kUnescaped:
      return "this character must be written as %XX";
    case UriFault::kBadEscape:
      return "% must be followed by two hexadecimal digits";
    case UriFault::kEmptyValue:
      return "the value is empty";
    case UriFault::kControlCharacter:
      return "the value holds a control character";
    case UriFault::kBadType:
      return "the only type that signs is \"private\"";
    case UriFault::kNotAbsolute:
      return "the path must be absolute (pin-source=file:/path, module-path=/path)";
  }
  return "it cannot be read";
}

}  // namespace

Result<KeyUri, UriError> parse_key_uri(std::string_view text) {
  if (text.size() > kMaxUriBytes) return Failure{UriError{UriFault::kTooLong, kMaxUriBytes, {}}};
  if (!text.starts_with(kScheme)) return Failure{UriError{UriFault::kNoScheme, 0, {}}};
  KeyUri uri;
  const std::string_view rest = text.substr(kScheme.size());
  const std::size_t question = std::min(rest.find('?'), rest.size());
  if (question > 0) {
    RETURN_IF_ERROR(parse_parts(uri, rest.substr(0, question), kScheme.size(), false));
  }
  if (question < rest.size()) {
    RETURN_IF_ERROR(
        parse_parts(uri, rest.substr(question + 1), kScheme.size() + question + 1, true));
  }
  return uri;
}

std::string format_key_uri(const KeyUri& uri) {
  std::string path;
  const auto add = [](std::string& target, char separator, std::string_view name,
                      const std::string& value) {
    if (!target.empty()) target.push_back(separator);
    target.append(name).append("=").append(value);
  };
  const auto add_text = [&](std::string_view name, const std::optional<std::string>& value) {
    if (value) add(path, ';', name, escape(*value, false));
  };
  add_text("token", uri.token);
  add_text("manufacturer", uri.manufacturer);
  add_text("model", uri.model);
  add_text("serial", uri.serial);
  add_text("object", uri.object);
  if (uri.id) add(path, ';', "id", escape(as_text(*uri.id), false));
  if (uri.type_private) add(path, ';', "type", "private");
  std::string query;
  if (uri.module_path) add(query, '&', "module-path", escape(*uri.module_path, true));
  if (uri.pin_path) add(query, '&', "pin-source", "file:" + escape(*uri.pin_path, true));
  return std::string(kScheme) + path + (query.empty() ? "" : "?" + query);
}

std::string describe(const UriError& error) {
  std::string text = "The PKCS#11 URI is refused at byte " + std::to_string(error.position);
  if (!error.attribute.empty()) text += " (attribute " + error.attribute + ")";
  return text + ": " + std::string(sentence(error.fault)) + ".";
}

}  // namespace buri::hsm::pkcs11
