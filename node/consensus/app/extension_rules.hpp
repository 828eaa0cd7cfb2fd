#pragma once

#include "node/consensus/app/vote_extension.hpp"
#include "node/consensus/runtime/context.hpp"
#include "node/protocol/heimdall_forks.hpp"

/// The single rules of vote extensions that need no validator set: sizes, flags, form, answers on
/// side transactions (spec/heimdall.md 4.2, 4.4; heimdall-after-ithaca.md 5).

namespace buri::consensus::app {

/// Answers in one extension and, from Zurich on, side transactions in one block.
inline constexpr std::size_t kMaxSideResponses = 50;
/// How much of a block's hash a compact extension keeps.
inline constexpr std::size_t kCompactHashBytes = 8;

inline constexpr std::size_t kMinExtensionBytes = 10;
inline constexpr std::size_t kMaxExtensionBytes = 10'240;
inline constexpr std::size_t kMaxNonRpBytes = 500;
/// The banner that fills an extension with nothing to say before the compact form.
inline constexpr std::string_view kDummyBanner = "\t\r\n#HEIMDALL-VOTE-EXTENSION#\r\n\t";
inline constexpr std::size_t kMinNonRpBytes = 31;
inline constexpr std::size_t kMinCompactNonRpBytes = 9;
static_assert(kDummyBanner.size() == kMinNonRpBytes);

/// Whether the flag is one of CometBFT's three.
bool is_known_flag(std::int32_t flag);
/// Whether the validator is named by an address: one of 20 bytes, or none at all, which nobody has.
bool has_address(const ExtendedVote& vote);
/// A commit vote whose extensions a proposer took out because they were bad: it counts for nothing
/// and breaks no rule.
bool is_placeholder(const ExtendedVote& vote);
/// The vote without its extensions.
ExtendedVote to_placeholder(const ExtendedVote& vote);
/// Whether the vote's extensions count: a commit vote that is no placeholder.
bool counts(const ExtendedVote& vote);

/// The non-RP extension of one who has no checkpoint to sign.
Bytes dummy_extension(const protocol::HeimdallForks& forks, std::string_view chain_id,
                      std::int64_t extension_height);
/// The least size of a non-RP extension made for that height, in bytes.
std::size_t min_non_rp_bytes(const protocol::HeimdallForks& forks, std::int64_t extension_height);
/// How many bytes of a block one validator's extension may take, from Phuket on. REQUIRES:
/// validators > 0.
std::size_t max_extension_bytes(std::int64_t max_tx_bytes, std::size_t validators);

/// The hash as extensions of that height name it.
Bytes extension_block_hash(const protocol::HeimdallForks& forks, std::int64_t extension_height,
                           ByteView block_hash);
/// The height that the extension states fits that it was made for, and the hash has the length of
/// its form. The error says what is wrong.
Status<runtime::Error> check_extension_form(const VoteExtension& extension,
                                            const protocol::HeimdallForks& forks,
                                            std::int64_t extension_height);
/// At most 50 answers, each a valid one on another transaction. The error is a plain one.
Status<runtime::Error> check_side_responses(const std::vector<SideTxResponse>& responses);
/// Vote extensions must be on at `height`. The error is a plain one. `enable_height` is the
/// consensus parameter; 0 is never.
Status<runtime::Error> check_extensions_enabled(std::int64_t enable_height, std::int64_t height);

}  // namespace buri::consensus::app
