#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "hsm/pkcs11/pin.hpp"

/// Splitting a key-encryption key among custodians: any `threshold` shares give it back, fewer tell
/// nothing. Shares are those of Botan's RTSS (draft-mcgrew-tss-03 with SHA-256), which notices a
/// damaged share; Botan's `tss_recover` reads them, too. This is the one place that calls Botan for
/// secrets; its exceptions end here.

namespace buri::hsm::ceremony {

using pkcs11::Secret;

/// Bytes of the secret, and of one share of it: 20 of header, the share's number, the secret and
/// its SHA-256.
inline constexpr std::size_t kSharedSecretBytes = 32;
inline constexpr std::size_t kShareBytes = 20 + 1 + kSharedSecretBytes + 32;

enum class ShareFault : std::uint8_t {
  kNoShare,   ///< not the text or bytes of a share of this kind
  kMixed,     ///< shares of different splits
  kRepeated,  ///< one share twice
  kTooFew,    ///< fewer than the threshold
  kDamaged,   ///< together they give no secret: at least one was changed
};
/// A sentence.
std::string_view describe(ShareFault fault);

/// Splits a secret of kSharedSecretBytes. `identifier` marks the shares of this split. REQUIRES:
/// 2 <= threshold <= count <= 255.
std::vector<Secret> split_secret(const Secret& secret, unsigned threshold, unsigned count,
                                 const std::array<std::uint8_t, 16>& identifier, Random& random);

/// Gives the secret back from `threshold` or more shares, in any order.
Result<Secret, ShareFault> join_shares(std::span<const Secret> shares);

/// The number of a share, from 1. REQUIRES: a share.
unsigned share_number(const Secret& share);
/// How many shares are needed. REQUIRES: a share.
unsigned share_threshold(const Secret& share);

/// A share as a custodian writes it down: six lines of hex digits in groups of eight.
Secret share_text(const Secret& share);
/// The share that a text holds; blanks and newlines do not matter.
Result<Secret, ShareFault> parse_share(ByteView text);

/// What a custodian compares: the first 6 bytes of SHA-256 of the share.
std::string share_check_value(const Secret& share);
/// What people compare for an AES-256 key: the first 6 bytes of its CMAC over one zero block.
std::string key_check_value(const Secret& key);

}  // namespace buri::hsm::ceremony
