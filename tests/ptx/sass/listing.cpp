#include "tests/ptx/sass/listing.hpp"

#include <set>
#include <sstream>

#include "base/check.hpp"

namespace buri::ptx::sass {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t;") - begin + 1);
}

/// The text of an instruction line without address and predicate; empty for any other line.
std::string_view instruction_of(std::string_view line) {
  line = trimmed(line);
  if (!line.starts_with("/*")) return {};
  const std::size_t end = line.find("*/");
  if (end == std::string_view::npos) return {};
  line = trimmed(line.substr(end + 2));
  if (line.starts_with('@')) line = trimmed(line.substr(line.find(' ')));
  return line;
}

/// "IMAD.WIDE.U32.X" -> "IMAD.WIDE", everything else to its first dot.
std::string mnemonic_of(std::string_view instruction) {
  const std::string_view word = instruction.substr(0, instruction.find(' '));
  if (word.starts_with("IMAD.WIDE")) return "IMAD.WIDE";
  if (word.starts_with("IMAD.HI")) return "IMAD.HI";
  return std::string(word.substr(0, word.find('.')));
}

/// The name between `( and ) of a call.
std::string callee_of(std::string_view instruction) {
  const std::size_t begin = instruction.find("`(");
  if (begin == std::string_view::npos) return {};
  return std::string(instruction.substr(begin + 2, instruction.find(')', begin) - begin - 2));
}

void count(ListedFunction& function, std::string_view instruction) {
  const std::string mnemonic = mnemonic_of(instruction);
  if (mnemonic == "NOP") return;
  ++function.instructions;
  ++function.by_mnemonic[mnemonic];
  if (mnemonic == "CALL") function.calls.push_back(callee_of(instruction));
}

/// The number behind `key` in a line such as "REG:72 STACK:2240 SHARED:0".
std::uint32_t number_after(const std::string& line, const std::string& key) {
  const std::size_t at = line.find(key);
  return at == std::string::npos
             ? 0
             : static_cast<std::uint32_t>(std::stoul(line.substr(at + key.size())));
}

}  // namespace

Listing read_listing(std::string_view text) {
  Listing listing;
  std::set<std::string, std::less<>> functions;
  ListedFunction* current = nullptr;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    const std::string_view content = trimmed(line);
    if (content.starts_with(".type") && content.ends_with(",@function")) {
      std::string_view name = trimmed(content.substr(5));
      functions.emplace(name.substr(0, name.find(',')));
    } else if (content.ends_with(':')) {
      const std::string_view label = content.substr(0, content.size() - 1);
      if (functions.contains(label)) current = &listing[std::string(label)];
    } else if (const auto instruction = instruction_of(line);
               current != nullptr && !instruction.empty()) {
      count(*current, instruction);
    }
  }
  return listing;
}

std::uint64_t executed_instructions(const Listing& listing, const std::string& function) {
  const auto found = listing.find(function);
  CHECK(found != listing.end(), "a listing lacks a function that is asked for");
  std::uint64_t total = found->second.instructions;
  for (const std::string& callee : found->second.calls) {
    total += executed_instructions(listing, callee);
  }
  return total;
}

std::map<std::string, ResourceUsage> read_resource_usage(std::string_view text) {
  std::map<std::string, ResourceUsage> result;
  std::istringstream lines{std::string(text)};
  std::string function;
  for (std::string line; std::getline(lines, line);) {
    const std::string content(trimmed(line));
    if (content.starts_with("Function ")) {
      function = content.substr(9, content.size() - 10);
    } else if (!function.empty() && content.starts_with("REG:")) {
      result[function] = {number_after(content, "REG:"), number_after(content, "STACK:"),
                          number_after(content, "SHARED:")};
    }
  }
  return result;
}

}  // namespace buri::ptx::sass
