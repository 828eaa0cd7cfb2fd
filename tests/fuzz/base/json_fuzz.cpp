#include "base/json.hpp"

#include "base/json_cursor.hpp"

/// Any text either is refused with a place or becomes a tree whose every value can be read by every
/// typed reader without a crash.

namespace {

void read_everything(const buri::JsonCursor& cursor) {
  (void)cursor.string();
  (void)cursor.boolean();
  (void)cursor.unsigned_number(UINT64_MAX);
  (void)cursor.int64_string(INT64_MIN, INT64_MAX);
  (void)cursor.quantity();
  (void)cursor.hex(buri::HexStyle::kUpper);
  (void)cursor.hex(buri::HexStyle::kPrefixedLower);
  (void)cursor.base64();
  CHECK(!buri::describe(cursor.error("anything")).empty(), "every error has a text");
  if (cursor.value().kind == buri::JsonValue::Kind::kArray) {
    const auto elements = cursor.elements(SIZE_MAX);
    for (const auto& element : elements.value()) read_everything(element);
  }
  if (cursor.value().kind == buri::JsonValue::Kind::kObject) {
    for (const auto& child : cursor.value().children) {
      read_everything(cursor.member(child.key).value());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = buri::parse_json(buri::as_text({data, size}));
  if (document.ok()) {
    read_everything(buri::JsonCursor(document.value()));
  } else {
    CHECK(!document.error().path.empty(), "a syntax error names its place");
  }
  return 0;
}
