#pragma once

#include "base/bytes.hpp"
#include "node/consensus/p2p/secret.hpp"

/// X25519, Ed25519 and HKDF-SHA256 of OpenSSL 3, as plain functions. All are thread-safe and
/// constant time in their secrets; they abort if OpenSSL has no memory or lacks the algorithm.

namespace buri::consensus::p2p {

using X25519Public = FixedBytes<32>;
using Ed25519Public = FixedBytes<32>;
using Ed25519Signature = FixedBytes<64>;

/// The public key of a private one (RFC 7748).
X25519Public x25519_public(const Secret<32>& private_key);
/// The shared secret. False if `peer` is a point of low order, whose secret would be zero: then
/// `shared` holds nothing of use.
bool x25519_shared(const Secret<32>& private_key, const X25519Public& peer, Secret<32>& shared);

/// The public key behind a seed (RFC 8032).
Ed25519Public ed25519_public(const Secret<32>& seed);
/// The signature over `message`.
Ed25519Signature ed25519_sign(const Secret<32>& seed, ByteView message);
/// Whether `signature` holds; false for encodings that are no key or no signature.
bool ed25519_verify(const Ed25519Public& key, ByteView message, ByteView signature);

/// HKDF with SHA-256 and no salt (RFC 5869). REQUIRES: target holds at most 255 * 32 bytes.
void hkdf_sha256(ByteView input_key, ByteView info, MutableByteView target);

}  // namespace buri::consensus::p2p
