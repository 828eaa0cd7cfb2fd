#include "base/check.hpp"
#include "hsm/ceremony/answers.hpp"

/// An answers file: what was read, written and read again, is the same.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::hsm::ceremony;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto book = decode_answers(text);
  if (!book.ok()) return 0;
  const auto again = decode_answers(encode_answers(*book));
  CHECK(again.ok() && *again == *book, "answers survive being written");
  return 0;
}
