#include "node/execution/chain/field_reader.hpp"

namespace buri::execution::chain {
namespace {

template <class T>
Result<T, DecodeError> named(Result<T, RlpError> result, const FieldReader& reader,
                             std::string_view name, std::string_view expected) {
  if (result.ok()) return std::move(result).value();
  return Failure{reader.error(name, std::string(expected), std::string(describe(result.error())))};
}

}  // namespace

std::string describe(const DecodeError& error) {
  return error.field + ": expected " + error.expected + ", found " + error.found;
}

DecodeError FieldReader::error(std::string_view name, std::string expected,
                               std::string found) const {
  return {scope_ + "." + std::string(name), std::move(expected), std::move(found)};
}

Result<FieldReader, DecodeError> FieldReader::of_list(ByteView bytes, std::string scope) {
  auto list = decode_rlp_list(bytes);
  if (list.ok()) return FieldReader(*list, std::move(scope));
  return Failure{DecodeError{std::move(scope), "one list", std::string(describe(list.error()))}};
}

Result<std::uint64_t, DecodeError> FieldReader::uint64(std::string_view name) {
  return named(items_.next_uint64(), *this, name, "a whole number of at most 8 bytes");
}
Result<U256, DecodeError> FieldReader::u256(std::string_view name) {
  return named(items_.next_u256(), *this, name, "a whole number of at most 32 bytes");
}
Result<ByteView, DecodeError> FieldReader::bytes(std::string_view name) {
  return named(items_.next_bytes(), *this, name, "a byte string");
}
Result<RlpItem, DecodeError> FieldReader::item(std::string_view name) {
  return named(items_.next(), *this, name, "an item");
}

Result<FieldReader, DecodeError> FieldReader::list(std::string_view name) {
  ASSIGN_OR_RETURN(const RlpReader items, named(items_.next_list(), *this, name, "a list"));
  return FieldReader(items, scope_ + "." + std::string(name));
}

Status<DecodeError> FieldReader::expect_end() const {
  if (items_.at_end()) return Unit{};
  return Failure{DecodeError{scope_, "no further item", "one"}};
}

}  // namespace buri::execution::chain
