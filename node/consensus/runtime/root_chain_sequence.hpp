#pragma once

#include <cstdint>
#include <string>

/// How the modules name an event of the root chain that they must not apply twice.

namespace buri::consensus::runtime {

/// What one block counts for.
inline constexpr std::uint64_t kSequenceUnit = 100'000;

/// block number * 100000 + log index, in decimal. From Kyoto on a log index of 100000 or more gives
/// "block_index" instead, because the sum would name other events (heimdall-after-ithaca.md K8).
std::string root_chain_sequence(std::uint64_t block_number, std::uint64_t log_index, bool is_kyoto);

}  // namespace buri::consensus::runtime
