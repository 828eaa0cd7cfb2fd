#pragma once

#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

/// Parameters of the RPC's methods, in both spellings: members of a POST's "params" and parts of a
/// URI's query (0xPolygon/cometbft v0.3.8-polygon, rpc/jsonrpc/server).

namespace buri::consensus::api {

enum class ArgumentKind : std::uint8_t {
  kInteger,   ///< Go's int, int64: a decimal in a string
  kUnsigned,  ///< Go's uint
  kText,
  kBoolean,
  kBytes,     ///< base64 in a POST
  kHexBytes,  ///< hex in a POST
  kTexts,     ///< a list
  kEvidence,  ///< an object with "type" and "value"
};

/// One parameter of a method.
struct ArgumentSpec {
  std::string_view name;
  ArgumentKind kind{};
};

/// A value, or nothing: then the method's default holds.
using Argument = std::variant<std::monostate, std::int64_t, std::string, bool, Bytes,
                              std::vector<std::string>, JsonValue>;

/// The arguments of one call, in the order of the method's parameters.
class Arguments {
 public:
  Arguments() = default;
  explicit Arguments(std::vector<Argument> values) : values_(std::move(values)) {}

  /// The value; nothing if it was not given. REQUIRES: T is that of the parameter's kind.
  template <class T>
  [[nodiscard]] const T* get(std::size_t index) const {
    return index < values_.size() ? std::get_if<T>(&values_[index]) : nullptr;
  }
  template <class T>
  [[nodiscard]] T get_or(std::size_t index, const T& otherwise) const {
    const T* value = get<T>(index);
    return value != nullptr ? *value : otherwise;
  }
  /// Whether the argument was given, with another value than Go's zero if `is_pointer` is false.
  [[nodiscard]] bool is_given(std::size_t index) const {
    return index < values_.size() && !std::holds_alternative<std::monostate>(values_[index]);
  }

 private:
  std::vector<Argument> values_;
};

/// From "params" of a POST: an object, or an array with all of them; null, and null for a member,
/// is nothing given. The error is stock's sentence.
Result<Arguments, std::string> arguments_from_json(std::span<const ArgumentSpec> specs,
                                                   const JsonValue& params);
/// From the pairs of a URI's query; of a name that stands twice the first counts. The error is
/// stock's sentence.
Result<Arguments, std::string> arguments_from_query(
    std::span<const ArgumentSpec> specs,
    std::span<const std::pair<std::string, std::string>> pairs);

}  // namespace buri::consensus::api
