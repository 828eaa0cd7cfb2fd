#include "base/check.hpp"
#include "node/protocol/bor/grpc_answers.hpp"

#include <node/protocol/bor/bor_api.pb.h>

/// Any bytes either are no message, or are refused, or are an answer of Bor. The first byte tells
/// of which method.

namespace {

template <class Message>
Message parsed(const std::uint8_t* data, std::size_t size) {
  Message message;
  (void)message.ParseFromArray(data, static_cast<int>(size));
  return message;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::protocol::bor;
  if (size == 0) return 0;
  const std::uint8_t method = data[0] % 4;
  ++data;
  --size;
  if (method == 0) (void)read_header(parsed<::bor::GetHeaderByNumberResponse>(data, size));
  if (method == 1) (void)read_author(parsed<::bor::GetAuthorResponse>(data, size));
  if (method == 2) (void)read_root_hash(parsed<::bor::GetRootHashResponse>(data, size));
  if (method != 3) return 0;
  const auto blocks = read_blocks(parsed<::bor::GetBlockInfoInBatchResponse>(data, size), 100, 256);
  if (!blocks) return 0;
  for (std::size_t i = 0; i < blocks->size(); ++i) {
    CHECK((*blocks)[i].block.number == 100 + i, "blocks stand in their places");
    CHECK(i == 0 || (*blocks)[i].block.parent_hash == (*blocks)[i - 1].block.hash,
          "blocks are a chain");
  }
  return 0;
}
