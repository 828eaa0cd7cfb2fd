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

/// NodeInfo behind its length, of the node whose key is above.
inline constexpr std::string_view kNodeInfo =
    "8b010a040808100b1228333830616439356130366532316638633137306633356365303239616363"
    "646438373132643831641a137463703a2f2f302e302e302e303a3236363536220b776972652d7465"
    "73742d312a07302e33382e3232320a402021222330386061003a0477697265421c0a036f66661215"
    "7463703a2f2f3132372e302e302e313a3236363537";

/// Packets behind their lengths. The message is "hello" on channel 22, and its last piece.
inline constexpr std::string_view kPing = "020a00";
inline constexpr std::string_view kPong = "021200";
inline constexpr std::string_view kPacket = "0d1a0b082210011a0568656c6c6f";
/// A piece that is not the last, on channel 0: this, then 1024 bytes of 01.
inline constexpr std::string_view kFullPacketHead = "86081a83081a8008";

}  // namespace buri::consensus::p2p::testing
