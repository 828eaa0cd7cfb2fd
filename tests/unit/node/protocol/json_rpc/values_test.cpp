#include "node/protocol/json_rpc/values.hpp"

#include <gtest/gtest.h>

namespace buri::protocol::json_rpc {
namespace {

/// Reads a JSON text through `read`; nothing if it is refused.
template <class Read>
auto read(std::string_view json, Read reader) {
  const JsonValue document = parse_json(json).value();
  auto result = reader(JsonCursor(document));
  using Value = typename decltype(result)::Value;
  return result.ok() ? std::optional<Value>(std::move(result).value()) : std::nullopt;
}

TEST(EthereumData, IsPrefixedHexOfEitherCase) {
  EXPECT_EQ(read(R"("0x")", read_data), Bytes{});
  EXPECT_EQ(read(R"("0xaB01")", read_data), (Bytes{0xab, 1}));
  for (const auto* text :
       {R"("ab")", R"("0xa")", R"("0xzz")", R"("0x0x")", R"("0Xab")", "5", R"("")"}) {
    EXPECT_EQ(read(text, read_data), std::nullopt) << text;
  }
}

TEST(EthereumData, OfFixedLengthHasNoOther) {
  EXPECT_TRUE(read(R"("0x0102")", read_fixed<2>));
  EXPECT_FALSE(read(R"("0x01")", read_fixed<2>));
  EXPECT_FALSE(read(R"("0x010203")", read_fixed<2>));
}

TEST(EthereumQuantity, HasNoLeadingZerosAndAtMost256Bits) {
  EXPECT_EQ(read(R"("0x0")", read_u256), U256{});
  EXPECT_EQ(read(R"("0x1aB")", read_u256), U256::from_uint64(0x1ab));
  EXPECT_EQ(read("\"0x" + std::string(64, 'f') + "\"", read_u256)->limbs[3], UINT64_MAX);
  const std::string too_long = "\"0x1" + std::string(64, '0') + "\"";
  for (const std::string& text :
       {std::string(R"("0x")"), std::string(R"("0x01")"), std::string(R"("1")"), std::string("1"),
        std::string(R"("0xg")"), std::string(R"("0x-1")"), too_long}) {
    EXPECT_EQ(read(text, read_u256), std::nullopt) << text;
  }
}

TEST(EthereumQuantity, OfSixtyFourBitsHasNoMore) {
  EXPECT_EQ(read(R"("0xffffffffffffffff")", read_uint64), UINT64_MAX);
  EXPECT_EQ(read(R"("0x10000000000000000")", read_uint64), std::nullopt);
}

TEST(EthereumMember, IsAbsentAlsoWhenItIsNull) {
  const JsonValue document = parse_json(R"({"a":null,"b":1})").value();
  EXPECT_FALSE(optional_member(JsonCursor(document), "a"));
  EXPECT_TRUE(optional_member(JsonCursor(document), "b"));
  EXPECT_FALSE(optional_member(JsonCursor(document), "c"));
}

TEST(EthereumText, IsWrittenAsItIsRead) {
  EXPECT_EQ(data_text(Bytes{0xab, 1}), R"("0xab01")");
  EXPECT_EQ(quantity_text(0), R"("0x0")");
  EXPECT_EQ(quantity_text(UINT64_MAX), R"("0xffffffffffffffff")");
}

}  // namespace
}  // namespace buri::protocol::json_rpc
