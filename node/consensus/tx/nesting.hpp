#pragma once

#include "node/consensus/runtime/message_registry.hpp"

/// Whether a transaction nests messages too deeply: the test before decoding that Kyoto brought
/// and Lugano replaced (spec/heimdall-after-ithaca.md 4). Bytes that do not decode pass here and
/// are refused by the decoder.

namespace buri::consensus::tx {

inline constexpr int kNestingLimit = 16;

/// Kyoto until Lugano: a heuristic over bytes that look like Anys.
bool nests_too_deeply_by_bytes(ByteView raw);
/// From Lugano: a walk by descriptors.
bool nests_too_deeply_by_type(ByteView raw, const runtime::MessageRegistry& registry);
/// The rule of the block at `height`; false before Kyoto.
bool nests_too_deeply(ByteView raw, const runtime::MessageRegistry& registry,
                      const protocol::HeimdallForks& forks, std::int64_t height);

}  // namespace buri::consensus::tx
