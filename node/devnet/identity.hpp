#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// Who validates a devnet: what is drawn once, when its folder is made, and kept from then on.

namespace buri::devnet {

inline constexpr std::uint64_t kBorChainId = 15'001;
inline constexpr std::string_view kDefaultChainId = "buri-devnet";
inline constexpr std::size_t kMaxValidators = 100;

struct ValidatorIdentity {
  FixedBytes<65> public_key;  ///< uncompressed, with its leading 04
  std::string node_id;        ///< as peers call the node
  std::string key_uri;        ///< RFC 7512; empty for a development key

  [[nodiscard]] Address address() const;
  friend bool operator==(const ValidatorIdentity&, const ValidatorIdentity&) = default;
};

struct Identity {
  std::string chain_id{kDefaultChainId};
  std::int64_t genesis_time_s = 0;  ///< Unix seconds
  std::vector<ValidatorIdentity> validators;

  [[nodiscard]] bool uses_development_keys() const {
    return !validators.empty() && validators.front().key_uri.empty();
  }
  friend bool operator==(const Identity&, const Identity&) = default;
};

/// The text of devnet.json, and back. The error is a sentence.
std::string identity_text(const Identity& identity);
Result<Identity, std::string> parse_identity(std::string_view text);

}  // namespace buri::devnet
