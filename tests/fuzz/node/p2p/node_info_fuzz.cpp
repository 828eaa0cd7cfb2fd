#include "base/check.hpp"
#include "node/consensus/p2p/node_info.hpp"

/// Any bytes are waited for, refused, or a NodeInfo that is written and read again the same.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::consensus::p2p;
  buri::Bytes buffer(data, data + size);
  const auto info = take_node_info(buffer);
  if (!info.ok()) {
    CHECK(!describe(info.error()).empty(), "every error has words");
    return 0;
  }
  if (!info->has_value()) return 0;
  CHECK(buffer.size() < size, "what was read is gone");
  buri::Bytes again = encode_delimited(**info);
  // Sub-messages left out are written empty, which may carry the longest over the limit.
  if (again.size() > kMaxNodeInfoBytes) return 0;
  const auto second = take_node_info(again);
  CHECK(second.ok() && second.value() == info.value() && again.empty(),
        "what was read is written the same");
  const auto status = check_compatible(**info, **info, NodeId());
  CHECK(!status.ok() && !describe(status.error()).empty(), "no node is its own peer");
  return 0;
}
