#include "node/consensus/app/genesis_file.hpp"

#include <algorithm>

namespace buri::consensus::app {
namespace {

using runtime::Error;

/// Of one element, and of what a section holds beside its long arrays.
constexpr JsonLimits kLimits{.max_bytes = std::size_t{64} << 20,
                             .max_depth = 64,
                             .max_values = 4'000'000,
                             .max_members = 100'000};

/// The object of those members for which `is_wanted` says yes, parsed.
template <class Predicate>
Result<JsonValue, JsonError> parse_members(JsonScanner& scanner,
                                           const std::vector<JsonMember>& members,
                                           const Predicate& is_wanted) {
  std::string text = "{";
  for (const JsonMember& member : members) {
    ASSIGN_OR_RETURN(const bool wanted, is_wanted(member));
    if (!wanted) continue;
    if (text.size() + member.value.size() > kLimits.max_bytes) {
      return Failure{JsonError{member.key, "at most 64 MiB beside long arrays", "more"}};
    }
    if (text.size() > 1) text += ',';
    ASSIGN_OR_RETURN(const std::string value, scanner.text(member.value));
    text += '"' + member.key + "\":" + value;
  }
  text += '}';
  return parse_json(text, kLimits);
}

Result<bool, JsonError> is_array(JsonScanner& scanner, const JsonPlace& place) {
  ASSIGN_OR_RETURN(const std::string first, scanner.text({place.begin, place.begin + 1}));
  return first == "[";
}

}  // namespace

Status<Error> GenesisFileSection::for_each(std::string_view array, const Visitor& visit) const {
  auto member = members_.find(std::string(array));
  if (member == members_.end()) member = members_.find(codec::to_lower_camel(array));
  if (member == members_.end()) return Unit{};
  const auto text = scanner_->text({member->second.begin, member->second.begin + 1});
  if (!text.ok()) return Failure{runtime::genesis_error(array, text.error())};
  if (*text == "n") return Unit{};
  was_walked_[member->first] = true;
  std::optional<Error> stopped;
  const auto walked =
      scanner_->for_each(member->second, [&](const std::string& element) -> Status<JsonError> {
        ASSIGN_OR_RETURN(const JsonValue value, parse_json(element, kLimits));
        auto visited = visit(JsonCursor(value));
        if (visited.ok()) return Unit{};
        stopped = std::move(visited).error();
        return Failure{JsonError{}};
      });
  if (stopped) return Failure{*std::move(stopped)};
  if (!walked.ok()) return Failure{runtime::genesis_error(array, walked.error())};
  return Unit{};
}

std::vector<std::string> GenesisFileSection::names() const {
  std::vector<std::string> names;
  for (const auto& [name, place] : members_) names.push_back(name);
  return names;
}

Status<Error> GenesisFileSection::check_all_walked() const {
  for (const auto& [key, place] : members_) {
    const bool is_long = place.size() > kMaxRestArrayBytes;
    if (!is_long || JsonCursor(rest_).has(key) || was_walked_.contains(key)) continue;
    return Failure{runtime::plain_error("genesis: the array " + key +
                                        " is longer than a module can read at once")};
  }
  return Unit{};
}

Result<std::unique_ptr<GenesisFile>, JsonError> GenesisFile::open(
    std::unique_ptr<ByteSource> source) {
  std::unique_ptr<GenesisFile> file(new GenesisFile(std::move(source)));
  JsonScanner& scanner = file->scanner_;
  // Into app_state and into each module's part of it.
  ASSIGN_OR_RETURN(auto members, scanner.document([](const std::vector<std::string>& path) {
    return path.size() <= 2 && path.front() == "app_state";
  }));
  const auto is_head = [](const JsonMember& member) {
    return Result<bool, JsonError>(member.key != "app_state");
  };
  ASSIGN_OR_RETURN(file->head_, parse_members(scanner, members, is_head));
  const auto state = std::ranges::find(members, std::string("app_state"), &JsonMember::key);
  if (state == members.end()) {
    return Failure{JsonError{"app_state", "an object", "nothing"}};
  }
  for (JsonMember& module : state->members) {
    if (module.members.empty()) {
      ASSIGN_OR_RETURN(const std::string first,
                       scanner.text({module.value.begin, module.value.begin + 1}));
      if (first == "n") continue;
      if (first != "{") return Failure{JsonError{"app_state." + module.key, "an object", first}};
    }
    file->sections_[module.key] = std::move(module.members);
  }
  return file;
}

Result<std::unique_ptr<GenesisFileSection>, JsonError> GenesisFile::section(
    std::string_view module) {
  const auto found = sections_.find(module);
  static const std::vector<JsonMember> kNone;
  const auto& members = found == sections_.end() ? kNone : found->second;
  ASSIGN_OR_RETURN(
      JsonValue rest,
      parse_members(scanner_, members, [this](const JsonMember& member) -> Result<bool, JsonError> {
        if (member.value.size() <= GenesisFileSection::kMaxRestArrayBytes) return true;
        ASSIGN_OR_RETURN(const bool array, is_array(scanner_, member.value));
        return !array;
      }));
  std::map<std::string, JsonPlace> places;
  for (const JsonMember& member : members) places[member.key] = member.value;
  return std::make_unique<GenesisFileSection>(scanner_, std::move(rest), std::move(places));
}

std::vector<std::string> GenesisFile::modules() const {
  std::vector<std::string> names;
  for (const auto& [name, members] : sections_) names.push_back(name);
  return names;
}

Result<Genesis, JsonError> open_genesis(std::unique_ptr<ByteSource> source) {
  ASSIGN_OR_RETURN(auto file, GenesisFile::open(std::move(source)));
  ASSIGN_OR_RETURN(GenesisHead head, read_genesis_head(JsonCursor(file->head())));
  return Genesis{std::move(head), std::move(file)};
}

}  // namespace buri::consensus::app
