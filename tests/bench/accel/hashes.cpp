// The low-level SHA-256 calls are what a user who cares for speed calls, deprecated as they are.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <cstring>
#include <memory>
#include <vector>

#include "accel/cpu.hpp"
#include "accel/hasher.hpp"
#include "accel/merkle.hpp"
#include "tests/bench/harness.hpp"

/// Hashes and trees: 1024 messages a batch, all in the first cache levels.

namespace buri::bench {
namespace {

using accel::Hasher;

constexpr std::size_t kBatch = 1024;
constexpr const char* kScalarKeccak = "own scalar Keccak-256, one message at a time";

Figure skipped(std::string name, std::string why) {
  Figure figure;
  figure.name = std::move(name);
  figure.skipped = std::move(why);
  return figure;
}

/// `kBatch` different messages of one length, one after the other in memory.
struct Messages {
  explicit Messages(std::size_t length) : bytes(kBatch * length), digests(kBatch) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<std::uint8_t>(i * 2654435761u >> 24);
    }
    for (std::size_t i = 0; i < kBatch; ++i) views.emplace_back(bytes.data() + i * length, length);
  }
  Bytes bytes;
  std::vector<ByteView> views;
  std::vector<Hash256> digests;
};

/// Both sides through the same batch call.
Figure keccak_figure(std::string name, std::size_t length, const Hasher& ours,
                     std::optional<double> goal, const Options& options) {
  Messages messages(length);
  Hash256* digests = messages.digests.data();
  const auto side = [&](const Hasher& hasher, std::string title) {
    return Subject{std::move(title),
                   [&messages, &hasher, digests] {
                     hasher.keccak256_batch(messages.views, {digests, kBatch});
                   },
                   kBatch};
  };
  Figure figure = compare(std::move(name), side(ours, std::string(ours.name)),
                          side(accel::scalar_hasher(), kScalarKeccak), options);
  figure.goal = goal;
  return figure;
}

std::vector<Figure> keccak_avx512(const Options& options) {
  if (!accel::cpu_features().avx512_ifma) {
    return {skipped("keccak64.avx512", "this processor lacks AVX-512 with IFMA and VBMI")};
  }
  const Hasher& hasher = accel::avx512_hasher();
  return {keccak_figure("keccak64.avx512", 64, hasher, 5.8, options),
          keccak_figure("keccak128.avx512", 128, hasher, std::nullopt, options),
          keccak_figure("keccak532.avx512", 532, hasher, std::nullopt, options)};
}

std::vector<Figure> keccak_avx2(const Options& options) {
  if (!accel::cpu_features().avx2) {
    return {skipped("keccak64.avx2", "this processor lacks AVX2")};
  }
  const Hasher& hasher = accel::avx2_hasher();
  return {keccak_figure("keccak64.avx2", 64, hasher, 2.9, options),
          keccak_figure("keccak128.avx2", 128, hasher, std::nullopt, options)};
}

/// The scalar code that the lanes are compared with, beside the one a user would link. OpenSSL 3.0
/// has no Keccak-256; its SHA3-256 does the same work.
std::vector<Figure> keccak_scalar(const Options& options) {
  Messages messages(64);
  const std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> sha3(EVP_MD_fetch(nullptr, "SHA3-256", nullptr),
                                                        EVP_MD_free);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
  const Subject ours{
      "own", [&] { accel::scalar_hasher().keccak256_batch(messages.views, messages.digests); },
      kBatch};
  const Subject peer{"OpenSSL EVP SHA3-256, fetched once",
                     [&] {
                       for (std::size_t i = 0; i < kBatch; ++i) {
                         EVP_DigestInit_ex(context.get(), sha3.get(), nullptr);
                         EVP_DigestUpdate(context.get(), messages.views[i].data(), 64);
                         EVP_DigestFinal_ex(context.get(), messages.digests[i].data(), nullptr);
                       }
                     },
                     kBatch};
  return {compare("keccak64.scalar", ours, peer, options)};
}

/// Inner nodes of an RFC 6962 tree: 0x01 || left || right. The peer's messages lie ready in memory,
/// ours are made from the nodes.
Figure sha256_node_figure(std::string name, const Hasher& hasher, double goal,
                          const Options& options) {
  Messages messages(65);
  std::vector<Hash256> nodes(2 * kBatch);
  for (std::size_t i = 0; i < kBatch; ++i) {
    std::memcpy(nodes[2 * i].data(), messages.bytes.data() + 65 * i + 1, 64);
    messages.bytes[65 * i] = 0x01;
  }
  std::vector<Hash256> parents(kBatch);
  const Subject ours{std::string(hasher.name), [&] { hasher.sha256_pairs(nodes, parents); },
                     kBatch};
  const Subject peer{"OpenSSL SHA256_Init, _Update, _Final",
                     [&] {
                       for (std::size_t i = 0; i < kBatch; ++i) {
                         SHA256_CTX context;
                         SHA256_Init(&context);
                         SHA256_Update(&context, messages.views[i].data(), 65);
                         SHA256_Final(messages.digests[i].data(), &context);
                       }
                     },
                     kBatch};
  Figure figure = compare(std::move(name), ours, peer, options);
  figure.goal = goal;
  return figure;
}

std::vector<Figure> sha256_nodes(const Options& options) {
  if (!accel::cpu_features().sha_ni) {
    return {skipped("sha256_node.shani", "this processor lacks the SHA extensions")};
  }
  std::vector<Figure> figures{
      sha256_node_figure("sha256_node.shani", accel::best_hasher(), 2.4, options)};
  if (accel::best_hasher().name != accel::avx2_hasher().name) {
    figures.push_back(
        sha256_node_figure("sha256_node.shani.avx2", accel::avx2_hasher(), 2.4, options));
  }
  return figures;
}

/// The longest checkpoint tree bor answers for.
std::vector<Figure> checkpoint_tree(const Options& options) {
  const std::vector<Hash256> leaves(32768, Hash256{{1, 2, 3}});
  const auto side = [&](const Hasher& hasher, std::string title) {
    return Subject{std::move(title), [&leaves, &hasher] { accel::checkpoint_root(leaves, hasher); },
                   1};
  };
  return {compare("checkpoint_tree32768", side(accel::best_hasher(), "best"),
                  side(accel::scalar_hasher(), "the same tree with the scalar hasher"), options)};
}

const Registration kKeccakAvx512("keccak64.avx512", keccak_avx512);
const Registration kKeccakAvx2("keccak64.avx2", keccak_avx2);
const Registration kKeccakScalar("keccak64.scalar", keccak_scalar);
const Registration kSha256Nodes("sha256_node.shani", sha256_nodes);
const Registration kCheckpointTree("checkpoint_tree32768", checkpoint_tree);

}  // namespace
}  // namespace buri::bench
