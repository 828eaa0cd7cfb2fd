#include "tests/unit/node/consensus/engine/recorded_messages.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/hex.hpp"
#include "base/json.hpp"
#include "base/json_cursor.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::testing {

std::optional<Bytes> recorded_bytes(std::string_view path) {
  const std::string file = fixtures_folder() + "/../golden/heimdall-devnet/" + std::string(path);
  if (!std::filesystem::exists(file)) return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(stream), {});
}

std::optional<std::vector<RecordedMessage>> recorded_messages(std::string_view prefix) {
  const std::optional<Bytes> file = recorded_bytes("wire/messages.json");
  if (!file) return std::nullopt;
  const auto json = parse_json(as_text(*file));
  CHECK(json.ok(), "the recorded messages are JSON");
  const auto list = JsonCursor(*json).member("messages");
  CHECK(list.ok(), "the recorded messages are a list");
  std::vector<RecordedMessage> messages;
  for (const JsonValue& entry : list->value().children) {
    const JsonCursor cursor(entry);
    const auto name = cursor.member("name")->string();
    const auto bytes = from_hex(*cursor.member("hex")->string());
    CHECK(name.ok() && bytes.has_value(), "a recorded message has a name and bytes");
    if (name->starts_with(prefix)) messages.push_back({std::string(*name), *bytes});
  }
  return messages;
}

}  // namespace buri::testing
