#pragma once

#include <cstddef>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "hsm/wire/refusal.hpp"
#include "hsm/wire/request.hpp"
#include "hsm/wire/response.hpp"

/// Requests and responses as frames: one SOCK_SEQPACKET message each, protobuf wire format, read so
/// strictly that every message has exactly one accepted encoding (docs/formats/signer-protocol.md).
/// What decodes encodes to the same bytes again.

namespace buri::hsm::wire {

/// Most bytes of a frame. A longer one is refused unread.
inline constexpr std::size_t kMaxFrameBytes = 64 * 1024;

/// REQUIRES: the encoding fits kMaxFrameBytes; a client checks encoded_size() first where lists may
/// be long.
Bytes encode_request(const Request& request);
Bytes encode_response(const Response& response);

/// Bytes that the frame would take.
std::size_t encoded_size(const Request& request);

/// The refusal has rule kEncoding and names the field. Unknown fields, fields out of order or
/// twice, varints longer than needed, default values written out, trailing bytes, lists over their
/// bounds and frames over kMaxFrameBytes are all refused.
Result<Request, Refusal> decode_request(ByteView frame);
Result<Response, Refusal> decode_response(ByteView frame);

/// The id of a request that may be malformed behind it, so that a refusal can name it; 0 if there
/// is none to read.
std::uint64_t peek_request_id(ByteView frame);

}  // namespace buri::hsm::wire
