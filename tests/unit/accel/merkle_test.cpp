#include "accel/merkle.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <fstream>
#include <optional>
#include <random>
#include <sstream>

#include "accel/cpu.hpp"
#include "accel/scalar/keccak256.hpp"
#include "base/hex.hpp"

/// The trees over every hasher, against golden vectors and naive recursive models that follow the
/// definitions word by word.

namespace buri::accel {
namespace {

Hash256 model_sha256(ByteView message) {
  Hash256 digest;
  EXPECT_EQ(
      EVP_Digest(message.data(), message.size(), digest.data(), nullptr, EVP_sha256(), nullptr), 1);
  return digest;
}

Bytes concatenation(std::initializer_list<ByteView> parts) {
  Bytes result;
  for (const ByteView part : parts) append(result, part);
  return result;
}

/// RFC 6962, 2.1, over raw leaves.
Hash256 model_rfc6962_root(std::span<const ByteView> leaves) {
  if (leaves.empty()) return model_sha256({});
  if (leaves.size() == 1) return model_sha256(concatenation({Bytes{0}, leaves[0]}));
  std::size_t split = 1;
  while (2 * split < leaves.size()) split *= 2;
  return model_sha256(concatenation({Bytes{1}, model_rfc6962_root(leaves.first(split)),
                                     model_rfc6962_root(leaves.subspan(split))}));
}

/// RFC 6962, 2.1.1: the audit path, lowest sibling first.
std::vector<Hash256> model_rfc6962_path(std::span<const ByteView> leaves, std::size_t index) {
  if (leaves.size() == 1) return {};
  std::size_t split = 1;
  while (2 * split < leaves.size()) split *= 2;
  const bool left = index < split;
  auto path = left ? model_rfc6962_path(leaves.first(split), index)
                   : model_rfc6962_path(leaves.subspan(split), index - split);
  path.push_back(model_rfc6962_root(left ? leaves.subspan(split) : leaves.first(split)));
  return path;
}

/// Checkpoint tree over leaves already padded to a power of two.
Hash256 model_checkpoint_root(std::span<const Hash256> leaves) {
  if (leaves.size() == 1) return leaves[0];
  const std::size_t half = leaves.size() / 2;
  const Bytes nodes = concatenation(
      {model_checkpoint_root(leaves.first(half)), model_checkpoint_root(leaves.subspan(half))});
  Hash256 parent;
  scalar::keccak256(nodes, parent);
  return parent;
}

std::vector<Hash256> random_hashes(std::size_t count) {
  std::mt19937_64 random(count);
  std::vector<Hash256> hashes(count);
  for (Hash256& hash : hashes) {
    for (auto& byte : hash.bytes) byte = static_cast<std::uint8_t>(random());
  }
  return hashes;
}

std::vector<Bytes> random_leaves(std::size_t count) {
  std::mt19937_64 random(count);
  std::vector<Bytes> leaves(count);
  for (Bytes& leaf : leaves) {
    leaf.resize(random() % 200);
    for (auto& byte : leaf) byte = static_cast<std::uint8_t>(random());
  }
  return leaves;
}

std::vector<ByteView> views(const std::vector<Bytes>& leaves) {
  return {leaves.begin(), leaves.end()};
}

struct Table {
  const char* name;
  bool runs_here;
  const Hasher& (*hasher)();
};

class Merkle : public testing::TestWithParam<Table> {
 protected:
  void SetUp() override {
    if (!GetParam().runs_here) GTEST_SKIP() << "this processor lacks " << GetParam().name;
  }
  static const Hasher& hasher() { return GetParam().hasher(); }
};

TEST_P(Merkle, TheTableNamesItself) { EXPECT_EQ(hasher().name, GetParam().name); }

// tests/golden/rootchain/checkpoint-roots.txt; the file says how its records read.
TEST_P(Merkle, CheckpointGoldenVectors) {
  std::ifstream file("tests/golden/rootchain/checkpoint-roots.txt");
  ASSERT_TRUE(file.is_open());
  std::vector<Hash256> leaves;
  unsigned roots = 0;
  unsigned zeros = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string kind;
    std::size_t number = 0;
    std::string hash;
    std::string word;
    fields >> kind >> number;
    if (kind == "leaf") {
      std::string time;
      std::string transactions_root;
      std::string receipts_root;
      fields >> time >> transactions_root >> receipts_root >> hash;
      Bytes header(128);
      for (std::size_t i = 0; i < 8; ++i) {
        header[31 - i] = static_cast<std::uint8_t>(number >> (8 * i));
        header[63 - i] = static_cast<std::uint8_t>(std::stoull(time) >> (8 * i));
      }
      std::memcpy(header.data() + 64, fixed_from_hex<32>(transactions_root)->data(), 32);
      std::memcpy(header.data() + 96, fixed_from_hex<32>(receipts_root)->data(), 32);
      const ByteView preimage(header);
      hasher().keccak256_batch({&preimage, 1}, {&leaves.emplace_back(), 1});
      EXPECT_EQ("0x" + to_hex(leaves.back()), hash);
    } else if (kind == "root") {
      ++roots;
      std::string siblings;
      fields >> hash >> word >> word >> word >> siblings;
      const auto some = std::span(leaves).first(number);
      const Hash256 root = checkpoint_root(some, hasher());
      EXPECT_EQ("0x" + to_hex(root), hash) << line;
      std::string proof_text = "0x";
      const auto proof = checkpoint_proof(some, number - 1, hasher());
      for (const Hash256& sibling : proof) proof_text += to_hex(sibling);
      EXPECT_EQ(proof_text, siblings) << line;
      EXPECT_TRUE(verify_checkpoint_proof(some.back(), number - 1, proof, root).ok());
    } else {
      ++zeros;
      ASSERT_EQ(kind, "zero");
      fields >> hash;
      const std::vector<Hash256> zero_leaves(std::size_t{1} << number);
      EXPECT_EQ("0x" + to_hex(checkpoint_root(zero_leaves, hasher())), hash) << line;
    }
  }
  EXPECT_EQ(leaves.size(), 5u);
  EXPECT_EQ(roots, 4u);
  EXPECT_EQ(zeros, 6u);
}

TEST_P(Merkle, CheckpointRootsAndProofsOfEveryLeafMatchTheModel) {
  for (std::size_t count = 1; count <= 70; ++count) {
    const auto leaves = random_hashes(count);
    auto padded = leaves;
    padded.resize(std::bit_ceil(count));
    const Hash256 root = checkpoint_root(leaves, hasher());
    ASSERT_EQ(root, model_checkpoint_root(padded)) << count << " leaves";
    for (std::size_t i = 0; i < count; ++i) {
      const auto proof = checkpoint_proof(leaves, i, hasher());
      ASSERT_EQ(std::size_t{1} << proof.size(), padded.size());
      ASSERT_TRUE(verify_checkpoint_proof(leaves[i], i, proof, root).ok()) << i << " of " << count;
    }
  }
}

TEST_P(Merkle, LargeCheckpointTreesMatchTheModel) {
  for (const std::size_t count : {1000, 4097}) {
    auto leaves = random_hashes(count);
    const Hash256 root = checkpoint_root(leaves, hasher());
    leaves.resize(std::bit_ceil(count));
    EXPECT_EQ(root, model_checkpoint_root(leaves)) << count << " leaves";
  }
}

TEST_P(Merkle, Rfc6962RootsAndProofsOfEveryLeafMatchTheModel) {
  for (std::size_t count = 0; count <= 70; ++count) {
    const auto leaves = random_leaves(count);
    const auto leaf_views = views(leaves);
    const Hash256 root = rfc6962_root(leaf_views, hasher());
    ASSERT_EQ(root, model_rfc6962_root(leaf_views)) << count << " leaves";
    const auto proofs = rfc6962_proofs(leaf_views, hasher());
    ASSERT_EQ(proofs.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(proofs[i].total, static_cast<std::int64_t>(count));
      ASSERT_EQ(proofs[i].index, static_cast<std::int64_t>(i));
      ASSERT_EQ(proofs[i].aunts, model_rfc6962_path(leaf_views, i)) << i << " of " << count;
      ASSERT_TRUE(verify_rfc6962_proof(proofs[i], leaves[i], root).ok()) << i << " of " << count;
    }
  }
}

// More leaves than one group of prefixed copies holds, and one leaf larger than a group.
TEST_P(Merkle, Rfc6962LeavesOfAnySizeMatchTheModel) {
  auto leaves = random_leaves(1500);
  leaves[700].assign(100'000, 0x5a);
  const auto leaf_views = views(leaves);
  EXPECT_EQ(rfc6962_root(leaf_views, hasher()), model_rfc6962_root(leaf_views));
}

INSTANTIATE_TEST_SUITE_P(Hashers, Merkle,
                         testing::Values(Table{"scalar", true, scalar_hasher},
                                         Table{"avx2", cpu_features().avx2, avx2_hasher},
                                         Table{"avx512", cpu_features().avx512_ifma,
                                               avx512_hasher}),
                         [](const auto& instance) { return instance.param.name; });

TEST(BestHasher, IsTheWidestThisProcessorRuns) {
  const CpuFeatures& cpu = cpu_features();
  EXPECT_EQ(best_hasher().name, cpu.avx512_ifma ? "avx512" : cpu.avx2 ? "avx2" : "scalar");
}

std::optional<ProofError> error_of(const Status<ProofError>& status) {
  if (status.ok()) return std::nullopt;
  return status.error();
}

TEST(CheckpointProof, RefusesEveryFlippedBit) {
  const auto leaves = random_hashes(11);
  const Hash256 root = checkpoint_root(leaves, scalar_hasher());
  const auto proof = checkpoint_proof(leaves, 6, scalar_hasher());
  for (std::size_t bit = 0; bit < 8 * 32; ++bit) {
    const auto flipped = [bit](Hash256 hash) {
      hash.bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
      return hash;
    };
    for (std::size_t i = 0; i < proof.size(); ++i) {
      auto wrong = proof;
      wrong[i] = flipped(wrong[i]);
      ASSERT_EQ(error_of(verify_checkpoint_proof(leaves[6], 6, wrong, root)),
                ProofError::kWrongRoot);
    }
    ASSERT_FALSE(verify_checkpoint_proof(flipped(leaves[6]), 6, proof, root).ok());
    ASSERT_FALSE(verify_checkpoint_proof(leaves[6], 6, proof, flipped(root)).ok());
  }
}

// Merkle.sol: require(index < 2 ** proofHeight).
TEST(CheckpointProof, RefusesOtherIndicesAndTooLongPaths) {
  const auto leaves = random_hashes(8);
  const Hash256 root = checkpoint_root(leaves, scalar_hasher());
  const auto proof = checkpoint_proof(leaves, 5, scalar_hasher());
  for (std::uint64_t index = 0; index < 8; ++index) {
    EXPECT_EQ(verify_checkpoint_proof(leaves[5], index, proof, root).ok(), index == 5);
  }
  EXPECT_EQ(error_of(verify_checkpoint_proof(leaves[5], 8 + 5, proof, root)),
            ProofError::kIndexOutOfRange);
  EXPECT_EQ(error_of(verify_checkpoint_proof(leaves[5], 1, {}, leaves[5])),
            ProofError::kIndexOutOfRange);
  EXPECT_TRUE(verify_checkpoint_proof(leaves[5], 0, {}, leaves[5]).ok());
  const std::vector<Hash256> endless(64);
  EXPECT_EQ(error_of(verify_checkpoint_proof(leaves[5], 5, endless, root)),
            ProofError::kTooManyNodes);
}

class Rfc6962ProofOfOneLeaf : public testing::Test {
 protected:
  std::vector<Bytes> leaves_ = random_leaves(13);
  Hash256 root_ = rfc6962_root(views(leaves_), scalar_hasher());
  Rfc6962Proof proof_ = rfc6962_proofs(views(leaves_), scalar_hasher())[9];

  std::optional<ProofError> error(const Rfc6962Proof& proof) {
    return error_of(verify_rfc6962_proof(proof, leaves_[9], root_));
  }
};

TEST_F(Rfc6962ProofOfOneLeaf, RefusesEveryFlippedBit) {
  for (std::size_t bit = 0; bit < 8 * 32; ++bit) {
    const auto mask = static_cast<std::uint8_t>(1u << bit % 8);
    for (std::size_t i = 0; i < proof_.aunts.size(); ++i) {
      auto wrong = proof_;
      wrong.aunts[i].bytes[bit / 8] ^= mask;
      ASSERT_EQ(error(wrong), ProofError::kWrongRoot);
    }
    auto wrong = proof_;
    wrong.leaf_hash.bytes[bit / 8] ^= mask;
    ASSERT_EQ(error(wrong), ProofError::kWrongLeafHash);
    Hash256 other_root = root_;
    other_root.bytes[bit / 8] ^= mask;
    ASSERT_EQ(error_of(verify_rfc6962_proof(proof_, leaves_[9], other_root)),
              ProofError::kWrongRoot);
  }
}

TEST_F(Rfc6962ProofOfOneLeaf, RefusesOtherPlacesAndSizes) {
  for (std::int64_t index = -1; index <= 14; ++index) {
    auto moved = proof_;
    moved.index = index;
    EXPECT_EQ(verify_rfc6962_proof(moved, leaves_[9], root_).ok(), index == 9);
  }
  auto moved = proof_;
  moved.index = 13;
  EXPECT_EQ(error(moved), ProofError::kIndexOutOfRange);
  moved.index = -1;
  EXPECT_EQ(error(moved), ProofError::kIndexOutOfRange);
  moved = proof_;
  moved.total = -13;
  EXPECT_EQ(error(moved), ProofError::kIndexOutOfRange);
  moved.total = 0;
  moved.index = 0;
  EXPECT_EQ(error(moved), ProofError::kIndexOutOfRange);
  moved = proof_;
  moved.total = 1000;
  EXPECT_EQ(error(moved), ProofError::kWrongNodeCount);
}

TEST_F(Rfc6962ProofOfOneLeaf, RefusesMissingSurplusAndEndlessAunts) {
  auto wrong = proof_;
  wrong.aunts.pop_back();
  EXPECT_EQ(error(wrong), ProofError::kWrongNodeCount);
  wrong = proof_;
  wrong.aunts.emplace_back();
  EXPECT_EQ(error(wrong), ProofError::kWrongNodeCount);
  wrong.aunts.resize(Rfc6962Proof::kMaxAunts + 1);
  EXPECT_EQ(error(wrong), ProofError::kTooManyNodes);
}

TEST_F(Rfc6962ProofOfOneLeaf, RefusesAnotherLeaf) {
  EXPECT_EQ(error_of(verify_rfc6962_proof(proof_, leaves_[8], root_)), ProofError::kWrongLeafHash);
}

// A tree of 2^63 - 1 leaves: the last one is carried up once, all others have 63 aunts.
TEST(Rfc6962ProofLimits, TheLargestTreeIsWalked) {
  Rfc6962Proof proof;
  proof.total = std::numeric_limits<std::int64_t>::max();
  for (const bool last : {false, true}) {
    proof.index = last ? proof.total - 1 : 0;
    proof.aunts.resize(62);
    EXPECT_EQ(rfc6962_root_from_proof(proof).ok(), last);
    proof.aunts.resize(63);
    EXPECT_EQ(rfc6962_root_from_proof(proof).ok(), !last);
  }
}

}  // namespace
}  // namespace buri::accel
