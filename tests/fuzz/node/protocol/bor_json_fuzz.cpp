#include "base/check.hpp"
#include "node/protocol/bor/json_answers.hpp"
#include "node/protocol/json_rpc/values.hpp"

/// Any document either is refused with the field at fault or is an answer of Bor.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = buri::parse_json(buri::as_text({data, size}));
  if (!document.ok()) return 0;
  const buri::JsonCursor cursor(document.value());
  const auto header = buri::protocol::bor::read_header(cursor);
  if (!header.ok()) CHECK(!header.error().path.empty(), "an error names its field");
  (void)buri::protocol::bor::read_total_difficulty(cursor);
  (void)buri::protocol::bor::read_root_hash(cursor);
  (void)buri::protocol::json_rpc::read_data(cursor);
  const auto number = buri::protocol::json_rpc::read_uint64(cursor);
  if (!number.ok()) return 0;
  CHECK("\"" + std::string(cursor.string().value()) + "\"" ==
                buri::protocol::json_rpc::quantity_text(*number) ||
            cursor.string()->find_first_of("ABCDEF") != std::string_view::npos,
        "an integer has one text but for the case of its letters");
  return 0;
}
