#include "base/check.hpp"
#include "node/consensus/migration/genesis_migration.hpp"

/// An export of Heimdall v1 is refused, or becomes the file of another chain whose every part can
/// be found.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::consensus;
  const auto old = app::GenesisFile::open(
      app::in_memory(std::string(reinterpret_cast<const char*>(data), size)));
  if (!old.ok()) return 0;
  std::string text;
  runtime::GenesisSink sink(runtime::append_to(text));
  const auto migrated =
      migration::migrate_genesis(**old, {"fuzz", "2025-07-10T14:00:00Z", 7}, sink);
  if (!migrated.ok()) return 0;
  const auto written = app::open_genesis(app::in_memory(text));
  if (!written.ok()) return 0;  // the head keeps what the old one had
  CHECK(written->head.chain_id == "fuzz" && written->head.initial_height == 7, "its own head");
  for (const auto* part : {"auth", "bank", "bor", "clerk", "gov", "milestone", "stake", "topup"}) {
    CHECK(written->file->has(part), "every module has its part");
  }
  return 0;
}
