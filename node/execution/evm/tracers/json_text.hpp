#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/u256.hpp"

namespace buri::execution::evm::tracers {

/// JSON written from front to back; commas are its own affair. REQUIRES of the caller that keys,
/// values and closings come in an order that makes a document. Not thread-safe.
class JsonText {
 public:
  JsonText& open(char bracket);
  JsonText& close(char bracket);
  /// REQUIRES: no character of the key needs an escape.
  JsonText& key(std::string_view name);
  /// Text of any bytes; what is no UTF-8 becomes U+FFFD.
  JsonText& text(std::string_view value);
  JsonText& number(std::uint64_t value);
  JsonText& boolean(bool value);
  /// Text that is already JSON.
  JsonText& raw(std::string_view value);
  /// "0x" and the bytes.
  JsonText& hex(ByteView bytes);
  /// "0x" and the digits without leading zeros.
  JsonText& quantity(const U256& value);
  JsonText& quantity(std::uint64_t value) { return quantity(U256::from_uint64(value)); }

  [[nodiscard]] std::size_t size() const { return text_.size(); }
  /// Hands the document over.
  std::string take() { return std::move(text_); }

 private:
  void begin_value();

  std::string text_;
  bool needs_comma_ = false;
};

/// "0x" and the digits without leading zeros: "0x0", "0x1f".
std::string quantity_text(const U256& value);

}  // namespace buri::execution::evm::tracers
