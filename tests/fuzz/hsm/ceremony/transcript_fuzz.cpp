#include "base/check.hpp"
#include "hsm/ceremony/transcript.hpp"

/// A transcript, and single lines whose hash is made to fit: what was read encodes to the same.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::hsm::ceremony;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  buri::Hash256 previous;
  auto lines = decode_transcript(text, previous);
  if (lines.ok()) {
    std::string again;
    for (TranscriptLine& line : *lines) {
      again += encode_line(line, previous);
      previous = line.hash;
    }
    CHECK(again == text, "a transcript encodes as it was read");
  }
  TranscriptLine line{
      1, "2026-11-26T00:00:00Z", LineKind::kNote, "opening", "-", transcript_text(text), {}};
  const std::string encoded = encode_line(line, {});
  const auto back = decode_transcript(encoded, {});
  CHECK(back.ok() && back->front() == line, "any text becomes a line that reads back");
  return 0;
}
