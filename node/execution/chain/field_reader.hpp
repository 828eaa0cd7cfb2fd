#pragma once

#include <string>
#include <string_view>

#include "base/codec/rlp.hpp"

/// Reading RLP lists field by field, so that a refusal names the field.

namespace buri::execution::chain {

/// Why bytes are no block, header, transaction or receipt.
struct DecodeError {
  std::string field;     ///< "header.gas_limit", "transactions[3].to"
  std::string expected;  ///< "a whole number of at most 8 bytes"
  std::string found;     ///< "an integer with a leading zero byte"

  friend bool operator==(const DecodeError&, const DecodeError&) = default;
};
/// "FIELD: expected EXPECTED, found FOUND".
std::string describe(const DecodeError& error);

/// Walks the items of one list, each by its name. Borrows the bytes. Not thread-safe.
class FieldReader {
 public:
  /// `scope`: how the list itself is called.
  FieldReader(RlpReader items, std::string scope) : items_(items), scope_(std::move(scope)) {}
  /// The whole of `bytes` as one list.
  static Result<FieldReader, DecodeError> of_list(ByteView bytes, std::string scope);

  [[nodiscard]] bool at_end() const { return items_.at_end(); }
  [[nodiscard]] const std::string& scope() const { return scope_; }
  [[nodiscard]] DecodeError error(std::string_view name, std::string expected,
                                  std::string found) const;

  Result<std::uint64_t, DecodeError> uint64(std::string_view name);
  Result<U256, DecodeError> u256(std::string_view name);
  /// A byte string of any length; borrows.
  Result<ByteView, DecodeError> bytes(std::string_view name);
  Result<RlpItem, DecodeError> item(std::string_view name);
  /// The next list, as a reader of its own.
  Result<FieldReader, DecodeError> list(std::string_view name);
  template <std::size_t N>
  Result<FixedBytes<N>, DecodeError> fixed(std::string_view name) {
    auto value = items_.next_fixed<N>();
    if (value.ok()) return std::move(value).value();
    return Failure{error(name, std::to_string(N) + " bytes", std::string(describe(value.error())))};
  }
  /// An error if anything is left.
  [[nodiscard]] Status<DecodeError> expect_end() const;

 private:
  RlpReader items_;
  std::string scope_;
};

}  // namespace buri::execution::chain
