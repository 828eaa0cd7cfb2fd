#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/json.hpp"

/// The recorded answers below tests/golden/bor.

namespace buri::testing {

/// Number and hash of the recorded blocks.
const std::map<std::uint64_t, Hash256>& golden_bor_hashes();
/// The lines of json_rpc.jsonl or grpc.jsonl, parsed.
std::vector<JsonValue> golden_bor_calls(const std::string& file);
/// A member of a call as text: strings without quotes; CHECKs that it is there.
const JsonValue& golden_member(const JsonValue& object, std::string_view key);
bool has_golden_member(const JsonValue& object, std::string_view key);

}  // namespace buri::testing
