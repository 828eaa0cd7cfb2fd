#include "base/check.hpp"
#include "node/consensus/p2p/address_book_file.hpp"

/// Any text is refused, or a book that can be used and written, and is read again the same.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::consensus::p2p;
  const auto record = parse_address_book(buri::as_text({data, size}));
  if (!record.ok()) {
    CHECK(!describe(record.error()).empty(), "every error has words");
    return 0;
  }
  const buri::WallTime now{std::chrono::seconds(1'790'000'000)};
  buri::SeededRandom random(size);
  AddressBook book({}, true, random);
  book.restore(record.value(), now);
  CHECK(book.selection().size() <= 250, "no more than the fork tells is told");
  if (const auto picked = book.pick(50)) book.mark_good(picked->id, now);
  book.ban({}, std::chrono::hours(1), now);
  const auto again = parse_address_book(address_book_text(book.record()));
  CHECK(again.ok() && again.value() == book.record(), "what was written is read the same");
  return 0;
}
