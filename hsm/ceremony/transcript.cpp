#include "hsm/ceremony/transcript.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/hex.hpp"
#include "hsm/ceremony/text.hpp"

namespace buri::hsm::ceremony {
namespace {

constexpr std::size_t kFieldCount = 7;

/// Everything before the hash, with the tab that precedes it.
std::string body_of(const TranscriptLine& line) {
  std::string body = std::to_string(line.sequence);
  body += '\t' + line.time + '\t';
  body += kLineKindNames[static_cast<std::size_t>(line.kind)];
  return body + '\t' + line.step + '\t' + line.subject + '\t' + line.text + '\t';
}

Hash256 chained(const Hash256& previous, std::string_view body) {
  Bytes bytes;
  append(bytes, previous);
  append(bytes, as_bytes(body));
  return sha256(bytes);
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> fields;
  for (std::size_t tab; (tab = text.find('\t')) != std::string_view::npos;) {
    fields.push_back(text.substr(0, tab));
    text.remove_prefix(tab + 1);
  }
  fields.push_back(text);
  return fields;
}

std::optional<TranscriptLine> parse_line(std::string_view text) {
  const auto fields = split(text);
  if (fields.size() != kFieldCount) return std::nullopt;
  TranscriptLine line;
  const std::string_view number = fields[0];
  const auto [end, fault] =
      std::from_chars(number.data(), number.data() + number.size(), line.sequence);
  const auto kind = std::ranges::find(kLineKindNames, fields[2]);
  const auto hash = fixed_from_hex<Hash256::kSize>(fields[6]);
  if (fault != std::errc{} || end != number.data() + number.size() || !is_utc_text(fields[1]) ||
      kind == kLineKindNames.end() || !hash) {
    return std::nullopt;
  }
  line.time = fields[1];
  line.kind = static_cast<LineKind>(kind - kLineKindNames.begin());
  line.step = fields[3];
  line.subject = fields[4];
  line.text = fields[5];
  line.hash = *hash;
  for (const std::string* const field : {&line.step, &line.subject, &line.text}) {
    if (!is_plain_text(*field, kMaxLineText)) return std::nullopt;
  }
  if (body_of(line) + to_hex(line.hash) != text) return std::nullopt;
  return line;
}

}  // namespace

std::string transcript_text(std::string_view text) {
  std::string result(text.substr(0, kMaxLineText));
  if (is_plain_text(result, kMaxLineText)) return result;
  std::ranges::replace_if(result, [](char c) { return c < ' ' || c > '~'; }, '?');
  while (result.ends_with(' ')) result.pop_back();
  while (result.starts_with(' ')) result.erase(0, 1);
  return result.empty() ? "-" : result;
}

std::string encode_line(TranscriptLine& line, const Hash256& previous) {
  const std::string body = body_of(line);
  line.hash = chained(previous, body);
  return body + to_hex(line.hash) + '\n';
}

Result<std::vector<TranscriptLine>, TranscriptError> decode_transcript(std::string_view text,
                                                                       const Hash256& anchor) {
  std::vector<TranscriptLine> lines;
  Hash256 previous = anchor;
  while (!text.empty()) {
    const std::size_t number = lines.size() + 1;
    const std::size_t newline = text.find('\n');
    if (newline == std::string_view::npos) {
      return Failure{TranscriptError{number, "a whole line", "one without its end"}};
    }
    auto line = parse_line(text.substr(0, newline));
    text.remove_prefix(newline + 1);
    if (!line) return Failure{TranscriptError{number, "a line of a transcript", "something else"}};
    if (line->sequence != number) {
      return Failure{TranscriptError{number, "number " + std::to_string(number),
                                     "number " + std::to_string(line->sequence)}};
    }
    const Hash256 expected = chained(previous, body_of(*line));
    if (expected != line->hash) {
      return Failure{
          TranscriptError{number, "hash " + to_hex(expected), "hash " + to_hex(line->hash)}};
    }
    previous = line->hash;
    lines.push_back(*std::move(line));
  }
  return lines;
}

}  // namespace buri::hsm::ceremony
