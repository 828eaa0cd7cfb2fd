#include "base/bytes.hpp"
#include "base/check.hpp"
#include "node/protocol/json_rpc/message.hpp"

/// Any text either is refused or holds one answer for each request. The first byte tells how many
/// were asked.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t count = 1 + data[0] % 4;
  const auto answers =
      buri::protocol::json_rpc::decode(buri::as_text({data + 1, size - 1}), 7, count, {});
  if (answers.ok()) CHECK(answers->size() == count, "one answer for each request");
  return 0;
}
