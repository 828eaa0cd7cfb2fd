#include "node/consensus/iavl/proof.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/codec/protobuf_writer.hpp"
#include "base/hex.hpp"
#include "base/json_cursor.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::iavl {
namespace {

struct Vector {
  Bytes key;
  Bytes value;
  Hash256 root;
  Bytes proof;
};

Bytes hex_member(const JsonCursor& document, std::string_view key) {
  return from_hex(document.member(key).value().string().value()).value();
}

std::optional<Vector> read_vector(const std::string& name) {
  std::ifstream file(buri::testing::fixtures_folder() + "/ics23/" + name);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  const JsonValue document = parse_json(text.str()).value();
  const JsonCursor cursor(document);
  return Vector{hex_member(cursor, "key"), hex_member(cursor, "value"),
                Hash256::from(hex_member(cursor, "root")), hex_member(cursor, "proof")};
}

/// Whether the vector's proof holds for its key and value, or absence when the value is empty.
bool holds(const Vector& vector, TreeKind tree) {
  const auto proof = decode_commitment_proof(vector.proof);
  if (!proof.ok()) return false;
  const TreeRoot root{tree, vector.root};
  if (const auto* existence = std::get_if<ExistenceProof>(&proof.value())) {
    return verify_existence(buri::testing::engine(), *existence, root, vector.key, vector.value)
        .ok();
  }
  const auto& absence = std::get<NonExistenceProof>(proof.value());
  return vector.value.empty() &&
         verify_non_existence(buri::testing::engine(), absence, root, vector.key).ok();
}

constexpr const char* kNames[] = {"exist_left",    "exist_middle",    "exist_right",
                                  "nonexist_left", "nonexist_middle", "nonexist_right"};

// github.com/cosmos/ics23 testdata/{iavl,tendermint}.
class Ics23Vectors : public ::testing::TestWithParam<std::pair<const char*, TreeKind>> {};

TEST_P(Ics23Vectors, HoldInTheirOwnTreeOnly) {
  const auto& [folder, tree] = GetParam();
  for (const char* name : kNames) {
    const auto vector = read_vector(std::string(folder) + "/" + name + ".json");
    if (!vector)
      GTEST_SKIP() << "no ics23 vectors (set BURI_FIXTURES to the folder that holds them)";
    EXPECT_TRUE(holds(*vector, tree)) << name;
    EXPECT_FALSE(holds(*vector, tree == TreeKind::kIavl ? TreeKind::kSimple : TreeKind::kIavl));
  }
}

TEST_P(Ics23Vectors, EveryFlippedBitOfAProofIsCaught) {
  const auto& [folder, tree] = GetParam();
  for (const char* name : {"exist_middle", "nonexist_middle"}) {
    auto vector = read_vector(std::string(folder) + "/" + name + ".json");
    if (!vector)
      GTEST_SKIP() << "no ics23 vectors (set BURI_FIXTURES to the folder that holds them)";
    for (std::size_t bit = 0; bit < vector->proof.size() * 8; bit += 5) {
      vector->proof[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
      EXPECT_FALSE(holds(*vector, tree)) << name << " bit " << bit;
      vector->proof[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Trees, Ics23Vectors,
                         ::testing::Values(std::pair("iavl", TreeKind::kIavl),
                                           std::pair("tendermint", TreeKind::kSimple)));

/// A simple tree of four leaves a, c, e, g, made here by RFC 6962's rules.
class SimpleTree : public ::testing::Test {
 protected:
  SimpleTree() {
    for (std::size_t i = 0; i < 4; ++i) proofs_[i] = leaf(i);
    const Hash256 left = inner(hash_of(0), hash_of(1));
    const Hash256 right = inner(hash_of(2), hash_of(3));
    root_ = {TreeKind::kSimple, inner(left, right)};
    const Hash256 hashes[] = {hash_of(0), hash_of(1), hash_of(2), hash_of(3)};
    for (std::size_t i = 0; i < 4; ++i) {
      proofs_[i].path = {step(i % 2 == 0, hashes[i ^ 1]), step(i < 2, i < 2 ? right : left)};
    }
  }
  static ExistenceProof leaf(std::size_t i) {
    return {.key = Bytes{static_cast<std::uint8_t>('a' + 2 * i)},
            .value = Bytes{static_cast<std::uint8_t>(i + 1)},
            .leaf = {.hash = 1, .prehash_key = 0, .prehash_value = 1, .length = 1, .prefix = {0}},
            .path = {}};
  }
  static InnerOp step(bool child_is_left, const Hash256& sibling) {
    InnerOp op{.hash = 1, .prefix = {1}, .suffix = {}};
    append(child_is_left ? op.suffix : op.prefix, sibling);
    return op;
  }
  Hash256 hash_of(std::size_t i) {
    return existence_root(buri::testing::engine(), leaf(i), TreeKind::kSimple).value();
  }
  static Hash256 inner(const Hash256& left, const Hash256& right) {
    Bytes node{1};
    append(node, left);
    append(node, right);
    const ByteView message(node);
    Hash256 digest;
    buri::testing::engine().sha256({&message, 1}, {&digest, 1});
    return digest;
  }
  /// The rule that a claim of absence breaks; nothing if it holds.
  std::optional<ProofRule> absence(char key, std::optional<std::size_t> left,
                                   std::optional<std::size_t> right) {
    const Bytes wanted{static_cast<std::uint8_t>(key)};
    NonExistenceProof proof{.key = wanted, .left = {}, .right = {}};
    if (left) proof.left = proofs_[*left];
    if (right) proof.right = proofs_[*right];
    const auto status = verify_non_existence(buri::testing::engine(), proof, root_, wanted);
    return status.ok() ? std::nullopt : std::optional(status.error().rule);
  }
  ProofRule existence_rule(const ExistenceProof& proof) {
    return verify_existence(buri::testing::engine(), proof, root_, leaf(1).key, leaf(1).value)
        .error()
        .rule;
  }

  ExistenceProof proofs_[4];
  TreeRoot root_;
};

TEST_F(SimpleTree, ProvesEveryGap) {
  EXPECT_EQ(absence('b', 0, 1), std::nullopt);
  EXPECT_EQ(absence('d', 1, 2), std::nullopt);
  EXPECT_EQ(absence('f', 2, 3), std::nullopt);
  EXPECT_EQ(absence('A', std::nullopt, 0), std::nullopt);
  EXPECT_EQ(absence('z', 3, std::nullopt), std::nullopt);
}

TEST_F(SimpleTree, AbsenceNeedsNeighboursThatTouch) {
  EXPECT_EQ(absence('b', std::nullopt, std::nullopt), ProofRule::kNoNeighbours);
  EXPECT_EQ(absence('d', 0, 2), ProofRule::kNotAdjacent);
  EXPECT_EQ(absence('d', 0, 3), ProofRule::kNotAdjacent);
  EXPECT_EQ(absence('b', std::nullopt, 1), ProofRule::kNotAdjacent);
  EXPECT_EQ(absence('d', 1, std::nullopt), ProofRule::kNotAdjacent);
}

TEST_F(SimpleTree, AbsenceNeedsTheKeyBetweenTheNeighbours) {
  EXPECT_EQ(absence('c', 1, 2), ProofRule::kOrder);
  EXPECT_EQ(absence('a', 1, 2), ProofRule::kOrder);
  EXPECT_EQ(absence('g', 2, 3), ProofRule::kOrder);
  EXPECT_EQ(absence('d', 2, 1), ProofRule::kOrder);
}

TEST_F(SimpleTree, EveryRuleOfExistenceIsNamed) {
  ExistenceProof proof = proofs_[1];
  EXPECT_EQ(existence_rule(proofs_[0]), ProofRule::kKey);
  proof.value = {9};
  EXPECT_EQ(existence_rule(proof), ProofRule::kValue);
  proof = proofs_[1];
  proof.leaf.length = 0;
  EXPECT_EQ(existence_rule(proof), ProofRule::kLeaf);
  proof = proofs_[1];
  proof.path[1].hash = 2;
  EXPECT_EQ(existence_rule(proof), ProofRule::kInner);
  proof = proofs_[1];
  proof.path[0].prefix[1] ^= 1;
  EXPECT_EQ(existence_rule(proof), ProofRule::kRoot);
}

TEST(ProofDecoding, RefusesWhatProtobufLibrariesSkip) {
  const auto error = [](std::string_view hex) {
    const Bytes bytes = from_hex(hex).value();
    return decode_commitment_proof(bytes).error();
  };
  EXPECT_EQ(error(""), ProtobufError::kMissingField);
  EXPECT_EQ(error("1a00"), ProtobufError::kUnknownField);          // a batch proof
  EXPECT_EQ(error("0a00"), ProtobufError::kMissingField);          // no leaf
  EXPECT_EQ(error("0a020a00"), ProtobufError::kDefaultValue);      // an empty key
  EXPECT_EQ(error("0a041a002a00"), ProtobufError::kDefaultValue);  // an unknown, empty field
  EXPECT_EQ(error("0a051a002a0101"), ProtobufError::kUnknownField);
  EXPECT_EQ(error("0a0612010112010a"), ProtobufError::kFieldOrder);  // the value twice
  EXPECT_EQ(error("0a0012"), ProtobufError::kFieldOrder);
}

}  // namespace
}  // namespace buri::consensus::iavl
