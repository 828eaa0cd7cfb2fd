#include "hsm/wire/codec.hpp"

#include "base/check.hpp"
#include "hsm/wire/message_fields.hpp"

namespace buri::hsm::wire {
namespace {

template <class Message>
Result<Message, Refusal> decode(ByteView frame) {
  if (frame.size() > kMaxFrameBytes) {
    return Failure{Refusal{Rule::kEncoding, "frame",
                           "at most " + std::to_string(kMaxFrameBytes) + " bytes",
                           std::to_string(frame.size()) + " bytes"}};
  }
  return decode_fields<Message>(frame, Rule::kEncoding);
}

template <class Message>
Bytes encode(const Message& message) {
  Bytes frame = encode_fields(message);
  CHECK(frame.size() <= kMaxFrameBytes, "a message was built that no frame holds");
  return frame;
}

}  // namespace

Bytes encode_request(const Request& request) { return encode(request); }
Bytes encode_response(const Response& response) { return encode(response); }

std::size_t encoded_size(const Request& request) { return encode_fields(request).size(); }

Result<Request, Refusal> decode_request(ByteView frame) { return decode<Request>(frame); }
Result<Response, Refusal> decode_response(ByteView frame) { return decode<Response>(frame); }

std::uint64_t peek_request_id(ByteView frame) {
  ProtobufReader reader(frame);
  if (reader.at_end()) return 0;
  const auto field = reader.next();
  const bool is_id = field.ok() && field->number == 1 && field->type == WireType::kVarint;
  return is_id ? field->integer : 0;
}

}  // namespace buri::hsm::wire
