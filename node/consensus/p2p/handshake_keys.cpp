#include "node/consensus/p2p/handshake_keys.hpp"

#include "node/consensus/p2p/transcript.hpp"

namespace buri::consensus::p2p {

HandshakeKeys derive_keys(const Secret<32>& shared, bool own_is_lower) {
  Secret<96> all;
  hkdf_sha256(shared.view(), as_bytes("TENDERMINT_SECRET_CONNECTION_KEY_AND_CHALLENGE_GEN"),
              all.writable());
  const ByteView first = all.view().first(32);
  const ByteView second = all.view().subspan(32, 32);
  return {.receive = Secret<32>::from(own_is_lower ? first : second),
          .send = Secret<32>::from(own_is_lower ? second : first),
          .unused = Secret<32>::from(all.view().last(32))};
}

Hash256 handshake_challenge(const X25519Public& lower, const X25519Public& upper,
                            const Secret<32>& shared) {
  Transcript transcript("TENDERMINT_SECRET_CONNECTION_TRANSCRIPT_HASH");
  transcript.append("EPHEMERAL_LOWER_PUBLIC_KEY", lower);
  transcript.append("EPHEMERAL_UPPER_PUBLIC_KEY", upper);
  transcript.append("DH_SECRET", shared.view());
  Hash256 challenge;
  transcript.challenge("SECRET_CONNECTION_MAC", challenge.bytes);
  return challenge;
}

}  // namespace buri::consensus::p2p
