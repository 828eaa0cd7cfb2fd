#pragma once

#include <string_view>

/// Messages marshalled by the fork's own code (golden record heimdall-devnet, wire/messages.json),
/// in hex.

namespace buri::consensus::p2p::testing {

/// AuthSigMessage without its length; the signature is over 32 bytes of 5a.
inline constexpr std::string_view kAuthEd25519 =
    "0a220a204b537370c7f6120e33a5e1471a89cf8b5ab209501ec8421c81de1aee60f8716f124093f8"
    "dec33c4617cd1b3fb95ae8315f186927e789070893fe0a72028478778b0a4876bf637a3ede1b1305"
    "e8c00c42192cc6ca580dfdfab38c5010e5d26f573007";

/// The same of a secp256k1 key.
inline constexpr std::string_view kAuthSecp256k1 =
    "0a431a4104af3d5b2e293d36494b0e54f16c45b8f1bd78093eb059abb98e1d3d05c9b502e30aae1b"
    "6afe1ae403b00ea1bee5bb9627f28946e5723d112b484ffe881262adf91241befce1307451d63fdd"
    "372406fbc74d9fe0c0f5eb25bf5be7ccf305a69757aece24ec62b4de3088341a789f0691b8aa4aee"
    "b7628e6e83d92cf80c74d4824fa70701";

}  // namespace buri::consensus::p2p::testing
