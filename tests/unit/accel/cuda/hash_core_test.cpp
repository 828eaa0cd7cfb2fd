#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <cstring>
#include <random>

#include "accel/cuda/keccak256.cuh"
#include "accel/cuda/sha256.cuh"
#include "accel/scalar/keccak256.hpp"
#include "base/bytes.hpp"

/// What each thread of the hash kernels computes, run on the host.

namespace buri::accel::cuda {
namespace {

constexpr std::uint64_t kSeed = 9;
constexpr std::size_t kLongest = 600;  // several blocks of both functions

/// A message as it lies in the arena: zero-filled to the next eight bytes.
std::vector<std::uint64_t> arena_of(ByteView message) {
  std::vector<std::uint64_t> words(message.size() / 8 + 1);
  if (!message.empty()) std::memcpy(words.data(), message.data(), message.size());
  return words;
}

Bytes random_bytes(std::size_t count, std::mt19937_64& random) {
  Bytes bytes(count);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

Hash256 from_words(const std::uint32_t (&words)[kHashWords32]) {
  Hash256 hash;
  for (unsigned i = 0; i < kHashWords32; ++i) {
    const std::uint32_t word = byte_swap(words[i]);
    std::memcpy(hash.data() + 4 * i, &word, 4);
  }
  return hash;
}

TEST(HashCore, KeccakAgreesForEveryLength) {
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  for (std::size_t length = 0; length <= kLongest; ++length) {
    const Bytes message = random_bytes(length, random);
    Hash256 expected;
    scalar::keccak256(message, expected);
    std::uint64_t digest[kHashWords64];
    keccak256(arena_of(message).data(), static_cast<std::uint32_t>(length), digest);
    ASSERT_EQ(std::memcmp(digest, expected.data(), 32), 0) << length;
  }
}

TEST(HashCore, Sha256AgreesForEveryLength) {
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  for (std::size_t length = 0; length <= kLongest; ++length) {
    const Bytes message = random_bytes(length, random);
    Hash256 expected;
    SHA256(message.data(), message.size(), expected.data());
    const std::vector<std::uint64_t> arena = arena_of(message);
    std::vector<std::uint32_t> words(2 * arena.size());
    std::memcpy(words.data(), arena.data(), 4 * words.size());
    std::uint32_t digest[kHashWords32];
    sha256(words.data(), static_cast<std::uint32_t>(length), digest);
    ASSERT_EQ(from_words(digest), expected) << length;
  }
}

TEST(HashCore, PairsAreTheHashesOfTheirConcatenation) {
  std::mt19937_64 random(kSeed);
  const Bytes both = random_bytes(64, random);
  std::uint64_t left[kHashWords64], right[kHashWords64], digest[kHashWords64];
  std::memcpy(left, both.data(), 32);
  std::memcpy(right, both.data() + 32, 32);
  keccak256_pair(left, right, digest);
  Hash256 expected;
  scalar::keccak256(both, expected);
  EXPECT_EQ(std::memcmp(digest, expected.data(), 32), 0);
}

TEST(HashCore, InnerNodesAreThoseOfRfc6962) {
  std::mt19937_64 random(kSeed);
  Bytes node{0x01};
  append(node, random_bytes(64, random));
  std::uint32_t left[kHashWords32], right[kHashWords32], digest[kHashWords32];
  for (unsigned i = 0; i < kHashWords32; ++i) {
    std::memcpy(&left[i], node.data() + 1 + 4 * i, 4);
    std::memcpy(&right[i], node.data() + 33 + 4 * i, 4);
    left[i] = byte_swap(left[i]);
    right[i] = byte_swap(right[i]);
  }
  sha256_inner_node(left, right, digest);
  Hash256 expected;
  SHA256(node.data(), node.size(), expected.data());
  EXPECT_EQ(from_words(digest), expected);
}

}  // namespace
}  // namespace buri::accel::cuda
