#include "node/consensus/sync/block_message.hpp"

#include "node/consensus/codec/message.hpp"

namespace buri::consensus::sync {
namespace wire {

using codec::Field;

/// BlockRequest and NoBlockResponse alike.
struct BlockHeight {
  std::int64_t height = 0;
  static constexpr std::string_view kName = "tendermint.blocksync.BlockRequest";
  static constexpr auto fields() { return fields_of(Field{1, "height", &BlockHeight::height}); }
};
/// Both stay encoded: they have decoders of their own.
struct BlockResponse {
  Bytes block{};
  Bytes ext_commit{};
  static constexpr std::string_view kName = "tendermint.blocksync.BlockResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "block", &BlockResponse::block},
                     Field{2, "ext_commit", &BlockResponse::ext_commit});
  }
};
struct StatusResponse {
  std::int64_t height = 0;
  std::int64_t base = 0;
  static constexpr std::string_view kName = "tendermint.blocksync.StatusResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "height", &StatusResponse::height},
                     Field{2, "base", &StatusResponse::base});
  }
};

}  // namespace wire

namespace {

using codec::DecodeError;

/// Numbers of the messages in the oneof, which are the variant's places from 1 on.
enum class BlockKind : std::uint8_t {
  kBlockRequest = 1,
  kNoBlockResponse,
  kBlockResponse,
  kStatusRequest,
  kStatusResponse
};

Result<BlockMessage, DecodeError> decode_response(ByteView bytes) {
  ASSIGN_OR_RETURN(const wire::BlockResponse read, codec::decode<wire::BlockResponse>(bytes));
  if (read.block.empty()) return Failure{DecodeError::kValue};
  BlockResponse response;
  ASSIGN_OR_RETURN(response.block, engine::decode_block(read.block));
  if (!read.ext_commit.empty()) {
    ASSIGN_OR_RETURN(response.extended_commit, engine::decode_extended_commit(read.ext_commit));
  }
  return BlockMessage(std::move(response));
}

Result<BlockMessage, DecodeError> decode_kind(BlockKind kind, ByteView bytes) {
  if (kind == BlockKind::kBlockResponse) return decode_response(bytes);
  // The fields of the other four are the first ones of the last.
  ASSIGN_OR_RETURN(const wire::StatusResponse read, codec::decode<wire::StatusResponse>(bytes));
  switch (kind) {
    case BlockKind::kBlockRequest:
      return BlockMessage(BlockRequest{read.height});
    case BlockKind::kNoBlockResponse:
      return BlockMessage(NoBlockResponse{read.height});
    case BlockKind::kStatusRequest:
      return BlockMessage(StatusRequest{});
    default:
      return BlockMessage(StatusResponse{read.height, read.base});
  }
}

Bytes body(const BlockRequest& message) { return codec::encode(wire::BlockHeight{message.height}); }
Bytes body(const NoBlockResponse& message) {
  return codec::encode(wire::BlockHeight{message.height});
}
Bytes response_body(Bytes block, Bytes extended_commit) {
  return codec::encode(wire::BlockResponse{std::move(block), std::move(extended_commit)});
}
Bytes body(const BlockResponse& message) {
  return response_body(
      engine::encode_block(message.block),
      message.extended_commit ? engine::encode_extended_commit(*message.extended_commit) : Bytes());
}
Bytes body(const StatusRequest&) { return {}; }
Bytes body(const StatusResponse& message) {
  return codec::encode(wire::StatusResponse{message.height, message.base});
}

Status<BlockMessageFault> check_height(std::int64_t height) {
  if (height >= 0) return Unit{};
  return Failure{BlockMessageFault{"height", "at least 0", std::to_string(height)}};
}
Status<BlockMessageFault> check(const BlockRequest& message) {
  return check_height(message.height);
}
Status<BlockMessageFault> check(const NoBlockResponse& message) {
  return check_height(message.height);
}
Status<BlockMessageFault> check(const StatusRequest&) { return Unit{}; }
Status<BlockMessageFault> check(const BlockResponse& message) {
  const std::int64_t height = message.block.header.height;
  if (height <= 0)
    return Failure{BlockMessageFault{"block height", "at least 1", std::to_string(height)}};
  if (!message.extended_commit || message.extended_commit->height == height) return Unit{};
  return Failure{BlockMessageFault{"extended commit height", std::to_string(height),
                                   std::to_string(message.extended_commit->height)}};
}
Status<BlockMessageFault> check(const StatusResponse& message) {
  RETURN_IF_ERROR(check_height(message.height));
  if (message.base >= 0 && message.base <= message.height) return Unit{};
  return Failure{BlockMessageFault{"base", "0 to " + std::to_string(message.height),
                                   std::to_string(message.base)}};
}

}  // namespace

Result<BlockMessage, DecodeError> decode_block_message(ByteView bytes) {
  codec::WireReader reader(bytes);
  std::optional<BlockMessage> message;
  while (!reader.at_end()) {
    ASSIGN_OR_RETURN(const codec::RawField raw, reader.next());
    if (raw.number == 0 || raw.number > std::variant_size_v<BlockMessage>) continue;
    if (raw.wire != codec::Wire::kBytes) return Failure{DecodeError::kWireType};
    ASSIGN_OR_RETURN(message, decode_kind(static_cast<BlockKind>(raw.number), raw.bytes));
  }
  if (!message) return Failure{DecodeError::kUnknownField};
  return *std::move(message);
}

Result<bool, DecodeError> holds_block(ByteView bytes) {
  codec::WireReader reader(bytes);
  bool found = false;
  while (!reader.at_end()) {
    ASSIGN_OR_RETURN(const codec::RawField raw, reader.next());
    found |= raw.number == static_cast<std::uint32_t>(BlockKind::kBlockResponse);
  }
  return found;
}

Bytes encode_block_message(const BlockMessage& message) {
  Bytes bytes;
  std::visit(
      [&](const auto& value) {
        const auto number = static_cast<std::uint32_t>(message.index() + 1);
        codec::detail::append_delimited(bytes, number, body(value));
      },
      message);
  return bytes;
}

Bytes encode_block_response(ByteView block, ByteView extended_commit) {
  Bytes bytes;
  codec::detail::append_delimited(
      bytes, static_cast<std::uint32_t>(BlockKind::kBlockResponse),
      response_body(Bytes(block.begin(), block.end()),
                    Bytes(extended_commit.begin(), extended_commit.end())));
  return bytes;
}

Status<BlockMessageFault> check_basic(const BlockMessage& message) {
  return std::visit([](const auto& value) { return check(value); }, message);
}

}  // namespace buri::consensus::sync
