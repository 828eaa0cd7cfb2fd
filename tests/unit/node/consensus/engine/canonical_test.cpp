#include "node/consensus/engine/canonical.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "hsm/wire/sign_bytes.hpp"
#include "node/consensus/engine/hashes.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::engine {
namespace {

/// The sign bytes of an entry and the keccak256 of them, in hex.
std::pair<std::string, std::string> signed_text(const buri::testing::GoldenCommit& golden,
                                                std::size_t index) {
  const auto& [header, commit] = golden.signed_header;
  const Bytes bytes = precommit_sign_bytes(header.chain_id, commit, index);
  const ByteView message(bytes);
  Hash256 digest;
  buri::testing::engine().keccak256({&message, 1}, {&digest, 1});
  return {to_hex(bytes), to_hex(digest)};
}

// tests/golden/cometbft/README.md, sign-bytes examples 1 to 3.
TEST(Canonical, SignBytesAreThoseOfMainnet) {
  const auto& commits = buri::testing::golden_commits();
  const auto [bytes, digest] = signed_text(commits[0], 0);
  EXPECT_EQ(bytes,
            "7208021108f240030000000022480a201d1659510af6cf2f6d7f596e9cb8a880de5c2dbc50b771b6b0e4bf"
            "77853d59db1224080112201cfcaabb6c02dd008e0de1d63d8c78e529b930aeed015d3734a1771c9e5e8698"
            "2a0b08df97f7d50610dbe9c330320e6865696d64616c6c76322d313337");
  EXPECT_EQ(digest, "8a5d0c8a4a5054c408f188f22f1886ac545f765b4a84a02c520f08abd8126d4c");
  EXPECT_EQ(signed_text(commits[0], 103).second,
            "ba876ee717a36c583e83b5ad506658bcd247b09c737713a3d76d370251bb155e");
  EXPECT_EQ(signed_text(commits[3], 29).second,
            "ad21210e84f4576ae3b2f399d975b1a5bb2c178b621ec476e1e43b9be29332fe");
}

TEST(Canonical, NilVoteOfACommitSignsNoBlock) {
  Commit commit = buri::testing::golden_commits()[0].signed_header.commit;
  commit.signatures[0].flag = BlockIdFlag::kNil;
  EXPECT_EQ(precommit_sign_bytes("c", commit, 0),
            hsm::wire::vote_sign_bytes("c", hsm::wire::VoteType::kPrecommit, commit.height,
                                       commit.round, BlockId{}, commit.signatures[0].timestamp));
}

TEST(Canonical, ValidatorLeafHasTheKeyInFieldThree) {
  Validator validator;
  validator.public_key.bytes[0] = 4;
  validator.voting_power = 300;
  const std::string leaf = to_hex(validator_leaf(validator));
  EXPECT_EQ(leaf.substr(0, 10), "0a431a4104");
  EXPECT_EQ(leaf.substr(leaf.size() - 6), "10ac02");
}

TEST(Canonical, AbsentEntryIsItsFlagAndGoZeroTime) {
  EXPECT_EQ(to_hex(commit_sig_leaf(CommitSig{})), "08011a0b088092b8c398feffffff01");
}

// spec/cometbft.md 2.3: empty values are empty leaves.
TEST(Canonical, EmptyHeaderFieldsAreEmptyLeaves) {
  const auto leaves = header_leaves(Header{});
  EXPECT_TRUE(leaves[0].empty());
  EXPECT_TRUE(leaves[1].empty());
  EXPECT_TRUE(leaves[2].empty());
  EXPECT_EQ(to_hex(leaves[4]), "1200");
  EXPECT_TRUE(leaves[10].empty());
}

TEST(Hashes, HeaderHashesAreThoseOfMainnet) {
  const char* expected[] = {"1D1659510AF6CF2F6D7F596E9CB8A880DE5C2DBC50B771B6B0E4BF77853D59DB",
                            "09A940740916DAA2A32D48B003917E270020A2B83F499D698C705318A0D64962",
                            "3E752B955C54103F7BA711CF22BAD804CEBBA5E81447BFFE9C8B8A5151FFE511",
                            "5A7F7A6D9CC2EDAE2CAF43965540B33A6ECDEE5F4148A81FB9611A76F245F3B0"};
  for (std::size_t i = 0; i < 4; ++i) {
    const Header& header = buri::testing::golden_commits()[i].signed_header.header;
    EXPECT_EQ(to_upper_hex(header_hash(buri::testing::engine(), header)), expected[i]);
  }
}

TEST(Hashes, CommitAndValidatorHashesAreThoseOfMainnet) {
  const auto& golden = buri::testing::golden_commits()[3];
  EXPECT_EQ(to_upper_hex(commit_hash(buri::testing::engine(), golden.signed_header.commit)),
            "474D345EE48528D69D3BF7988B51B1B0481F3BB6801125883A4DE53B292CA9C1");
  EXPECT_EQ(to_upper_hex(validators_hash(buri::testing::engine(), golden.validators.validators())),
            "9D7F087CC1CDE77B4E1A37A42001DF5BA7FB24EDD0D4549E3776337BE4A7FD13");
}

}  // namespace
}  // namespace buri::consensus::engine
