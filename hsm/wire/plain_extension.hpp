#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "hsm/wire/checkpoint.hpp"

/// The extension that CometBFT's Polygon fork signs raw, without any domain of its own
/// (spec/heimdall.md 4.1, heimdall-after-ithaca.md 5). Only these two forms are ever signed.

namespace buri::hsm::wire {

/// Which form of the dummy a height has.
enum class ExtensionForm : std::uint8_t {
  kBanner = 1,   ///< banner, height and chain id between bars
  kCompact = 2,  ///< 0x00, height, chain id
};

/// What a validator with no checkpoint to promise signs at `height`.
Bytes plain_dummy(ExtensionForm form, std::int64_t height, std::string_view chain_id);

/// Six words: the data argument of RootChain.submitCheckpoint.
FixedBytes<192> checkpoint_words(const Checkpoint& checkpoint);
/// 0x01 and the six words.
Bytes plain_checkpoint(const Checkpoint& checkpoint);
/// The inverse of plain_checkpoint; nothing unless the bytes are exactly what it makes.
std::optional<Checkpoint> parse_plain_checkpoint(ByteView bytes);

}  // namespace buri::hsm::wire
