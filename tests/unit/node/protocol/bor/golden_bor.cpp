#include "tests/unit/node/protocol/bor/golden_bor.hpp"

#include <algorithm>
#include <fstream>

#include "base/check.hpp"
#include "base/hex.hpp"

namespace buri::testing {
namespace {

constexpr const char* kFolder = "tests/golden/bor/";

}  // namespace

const std::map<std::uint64_t, Hash256>& golden_bor_hashes() {
  static const auto read = [] {
    std::map<std::uint64_t, Hash256> hashes;
    std::ifstream file(std::string(kFolder) + "headers.tsv");
    std::uint64_t number = 0;
    std::string hash;
    while (file >> number >> hash) hashes[number] = fixed_from_hex<32>(hash).value();
    return hashes;
  }();
  return read;
}

std::vector<JsonValue> golden_bor_calls(const std::string& file) {
  std::ifstream input(kFolder + file);
  std::vector<JsonValue> calls;
  for (std::string line; std::getline(input, line);) calls.push_back(parse_json(line).value());
  CHECK(!calls.empty(), "no recorded answers of Bor");
  return calls;
}

bool has_golden_member(const JsonValue& object, std::string_view key) {
  return std::ranges::any_of(object.children,
                             [key](const JsonValue& child) { return child.key == key; });
}

const JsonValue& golden_member(const JsonValue& object, std::string_view key) {
  const auto found = std::ranges::find_if(
      object.children, [key](const JsonValue& child) { return child.key == key; });
  CHECK(found != object.children.end(), "a recorded answer lacks a member");
  return *found;
}

}  // namespace buri::testing
