#include "node/consensus/app/vote_extension.hpp"

#include "base/codec/protobuf_writer.hpp"
#include "node/consensus/codec/message.hpp"

namespace buri::consensus::app {

Result<VoteExtension, codec::DecodeError> decode_extension(ByteView bytes) {
  return codec::decode<VoteExtension>(bytes);
}

bool has_unknown_fields(ByteView extension, const runtime::MessageRegistry& registry) {
  return !codec::find_unknown_fields(extension, codec::descriptor<VoteExtension>(),
                                     registry.resolver(), {})
              .ok();
}

Bytes extension_sign_bytes(std::string_view chain_id, std::int64_t height, std::int32_t round,
                           ByteView extension) {
  return ProtobufWriter()
      .bytes(1, extension)
      .sfixed64(2, height)
      .sfixed64(3, round)
      .string(4, chain_id)
      .length_prefixed();
}

}  // namespace buri::consensus::app
