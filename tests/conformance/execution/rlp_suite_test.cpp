#include <gtest/gtest.h>

#include "base/codec/rlp.hpp"
#include "base/hex.hpp"
#include "tests/conformance/execution/archive.hpp"
#include "tests/conformance/execution/suite_json.hpp"

/// The public RLP tests (ethereum/tests, RLPTests): values with their encodings, encodings that are
/// valid, and encodings that are not.

namespace buri::testing {
namespace {

/// Whether bytes are one item all of whose items are valid, however deep.
bool is_valid(const RlpItem& item) {
  if (!item.is_list) return true;
  RlpReader items(item.payload);
  while (!items.at_end()) {
    const auto child = items.next();
    if (!child.ok() || !is_valid(*child)) return false;
  }
  return true;
}
bool is_valid(ByteView bytes) {
  const auto item = decode_rlp(bytes);
  return item.ok() && is_valid(*item);
}

/// A value as the suite writes it: text, "#" and decimal digits, a number, or a list of values.
void write(const JsonValue& value, RlpWriter& writer) {
  if (value.kind == JsonValue::Kind::kArray) {
    RlpWriter items;
    for (const JsonValue& child : value.children) write(child, items);
    writer.list(items);
  } else if (value.kind == JsonValue::Kind::kNumber) {
    writer.integer(*U256::from_decimal(value.text));
  } else if (value.text.starts_with('#')) {
    const auto number = U256::from_decimal(value.text.substr(1));
    // One number of the suite is 2^256, which no field of the protocol holds: encoded as bytes.
    if (number) {
      writer.integer(*number);
    } else {
      Bytes bytes(33);
      bytes[0] = 1;
      writer.bytes(bytes);
    }
  } else {
    writer.bytes(as_bytes(value.text));
  }
}

/// What reading finds is what writing was given: the items, encoded again, are the same bytes.
void rewrite(const RlpItem& item, RlpWriter& writer) {
  if (!item.is_list) {
    writer.bytes(item.payload);
    return;
  }
  RlpWriter items;
  for (RlpReader children(item.payload); !children.at_end();) rewrite(*children.next(), items);
  writer.list(items);
}

void check_case(const JsonValue& test) {
  const Bytes bytes = *from_hex(get(test, "out").text);
  const JsonValue& value = get(test, "in");
  if (value.text == "INVALID") {
    EXPECT_FALSE(is_valid(ByteView(bytes))) << test.key;
    return;
  }
  ASSERT_TRUE(is_valid(ByteView(bytes))) << test.key;
  RlpWriter rewritten;
  rewrite(*decode_rlp(bytes), rewritten);
  EXPECT_EQ(rewritten.items(), bytes) << test.key;
  if (value.text == "VALID") return;
  RlpWriter written;
  write(value, written);
  EXPECT_EQ(written.items(), bytes) << test.key;
}

TEST(RlpSuite, ReadsAndWritesWhatOthersDo) {
  const auto path = fixture_path("ethereum-tests.tar.xz");
  if (!path) GTEST_SKIP() << "ethereum-tests.tar.xz is absent: set BURI_FIXTURES to its folder";
  unsigned cases = 0;
  visit_archive(*path, [&](std::string_view name, std::string_view text) {
    if (!name.starts_with("RLPTests/") || !name.ends_with(".json")) return;
    for (const JsonValue& test : parse_suite(text).children) {
      check_case(test);
      ++cases;
    }
  });
  std::printf("RLP: %u cases\n", cases);
  EXPECT_EQ(cases, 55u);
}

}  // namespace
}  // namespace buri::testing
