#pragma once

#include "base/bytes.hpp"
#include "node/consensus/api/state_queries.hpp"

/// Server reflection (grpc/reflection/v1alpha/reflection.proto) as far as it lists services, which
/// is what "grpcurl list" asks; descriptors of files are not kept and are answered as not found.

namespace buri::consensus::api {

/// The stream that asks for it.
inline constexpr std::string_view kReflectionService = "grpc.reflection.v1alpha.ServerReflection";
inline constexpr std::string_view kReflectionMethod =
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

/// The answer to one message of the stream; nothing if the message does not decode.
std::optional<Bytes> reflection_answer(const StateQueries& queries, ByteView request);

}  // namespace buri::consensus::api
