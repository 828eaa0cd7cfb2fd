#include "base/check.hpp"
#include "node/consensus/engine/wal_record.hpp"

/// A file of consensus' write-ahead log. Every good record is what its encoding reads as, and
/// reading goes forward.

using namespace buri::consensus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  buri::ByteView rest(data, size);
  while (!rest.empty()) {
    const std::size_t before = rest.size();
    const auto record = engine::take_wal_record(rest);
    if (!record.ok()) {
      CHECK(rest.size() == before, "an error leaves the view alone");
      CHECK(!engine::describe(record.error()).empty(), "a fault has a name");
      break;
    }
    CHECK(rest.size() < before, "a record takes bytes");
    const auto bytes = engine::encode_wal_record(*record);
    if (!bytes) continue;
    buri::ByteView again(*bytes);
    const auto reread = engine::take_wal_record(again);
    CHECK(reread.ok() && *reread == *record && again.empty(), "what is written is read");
  }
  return 0;
}
