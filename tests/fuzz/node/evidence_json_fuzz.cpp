#include "base/check.hpp"
#include "node/consensus/api/evidence_json.hpp"
#include "node/consensus/api/value_json.hpp"

/// Evidence as broadcast_evidence takes it: refused with the field at fault, or a piece that is
/// shown as JSON that means the same.

using namespace buri::consensus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = buri::parse_json(buri::as_text({data, size}));
  if (!document.ok()) return 0;
  const auto piece = api::decode_evidence(buri::JsonCursor(*document));
  if (!piece.ok()) {
    CHECK(!piece.error().path.empty(), "an error names its field");
    return 0;
  }
  api::JsonWriter out;
  api::write_evidence(out, *piece);
  if (out.json() == "null") return 0;  // JSON holds values that the wire does not
  const auto again = buri::parse_json(out.json());
  CHECK(again.ok(), "what is shown is JSON");
  const auto reread = api::decode_evidence(buri::JsonCursor(*again));
  CHECK(reread.ok() && reread->encoded == piece->encoded, "and is the same evidence");
  return 0;
}
