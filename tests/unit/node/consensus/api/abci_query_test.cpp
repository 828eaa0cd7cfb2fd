#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "node/consensus/iavl/proof.hpp"
#include "node/consensus/modules/milestone/query_types.hpp"
#include "tests/unit/node/consensus/api/recorded_node.hpp"
#include "tests/unit/node/golden.hpp"

/// What /abci_query asks of the application, over the recorded chain A.

namespace buri::consensus::api {
namespace {

class AbciQueryAnswers : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string why;
    node_ = RecordedNode::get(why);
    if (node_ == nullptr) GTEST_SKIP() << why;
  }
  AbciQueryAnswer ask(const std::string& path, Bytes data = {}, std::int64_t height = 0,
                      bool prove = false) const {
    return node_->api().abci().answer({path, std::move(data), height, prove});
  }
  void expect_refusal(const AbciQueryAnswer& answer, const std::string& codespace,
                      std::uint64_t code, const std::string& log) const {
    EXPECT_EQ(answer.codespace, codespace);
    EXPECT_EQ(answer.code, code);
    EXPECT_EQ(answer.log, log);
  }

  RecordedNode* node_ = nullptr;
};

TEST_F(AbciQueryAnswers, MethodsOfModulesByTheirPaths) {
  const auto answer = ask("/heimdallv2.milestone.Query/GetMilestoneCount");
  EXPECT_EQ(answer.code, 0U);
  EXPECT_EQ(answer.height, 328);
  EXPECT_TRUE(answer.key.empty());
  EXPECT_EQ(codec::decode<modules::milestone::QueryCountResponse>(*answer.value)->count, 148U);
  EXPECT_EQ(ask("/heimdallv2.milestone.Query/GetMilestoneCount", {}, 100).height, 100);
  expect_refusal(ask("/heimdallv2.milestone.Query/GetMilestoneByNumber"), "sdk", 22,
                 "rpc error: code = NotFound desc = milestone number out of range: key not found");
  expect_refusal(ask("/heimdallv2.milestone.Query/GetMilestoneCount", {}, 400), "sdk", 26,
                 "cannot query with height in the future; please provide a valid height: invalid "
                 "height");
  expect_refusal(ask("/heimdallv2.milestone.Query/GetMilestoneCount", {}, -1), "sdk", 18,
                 "cannot query with height < 0; please provide a valid height: invalid request");
  expect_refusal(ask("/heimdallv2.milestone.Query/GetMilestoneCount", {}, 1, true), "sdk", 18,
                 "cannot query with proof when height <= 1; please provide a valid height: invalid "
                 "request");
}

TEST_F(AbciQueryAnswers, KeysOfStoresWithProofsUnderTheAppHash) {
  const auto& writes = node_->chain().writes.at(328);
  for (const auto& record : writes) {
    const auto& [key, value] = record.sets.front();
    const auto answer = ask("/store/" + record.store + "/key", key, 0, true);
    ASSERT_EQ(answer.code, 0U) << answer.log;
    EXPECT_EQ(answer.value, value);
    EXPECT_EQ(answer.key, key);
    EXPECT_EQ(answer.height, 328);
    ASSERT_EQ(answer.proof.size(), 2U);
    const auto inner = iavl::decode_commitment_proof(answer.proof[0].data).value();
    const auto outer = iavl::decode_commitment_proof(answer.proof[1].data).value();
    auto& crypto = testing::engine();
    const auto root =
        iavl::existence_root(crypto, std::get<iavl::ExistenceProof>(inner), iavl::TreeKind::kIavl);
    const iavl::TreeRoot app_hash{iavl::TreeKind::kSimple,
                                  node_->stores().commit_info(328)->value().app_hash};
    EXPECT_TRUE(iavl::verify_existence(crypto, std::get<iavl::ExistenceProof>(outer), app_hash,
                                       as_bytes(record.store), root.value())
                    .ok());
  }
  const auto absent = ask("/store/bank/key", {0xFF, 0xFF}, 0, true);
  EXPECT_FALSE(absent.value.has_value());
  EXPECT_EQ(absent.proof.size(), 2U);
}

TEST_F(AbciQueryAnswers, RefusalsOfStoresAreStocks) {
  expect_refusal(ask("/store/none/key", {1}), "store", 4, "no such store: none: unknown request");
  expect_refusal(ask("/store/bank/key"), "store", 3, "query cannot be zero length: tx parse error");
  expect_refusal(ask("/store/bank/keys", {1}), "store", 4,
                 "unexpected query path: /keys: unknown request");
  expect_refusal(ask("/store/bank/key", {1}, 1, true), "sdk", 18,
                 "cannot query with proof when height <= 1; please provide a valid height: invalid "
                 "request");
  EXPECT_EQ(ask("/store/bank/key", {1}, 5000).log, "version does not exist");
}

TEST_F(AbciQueryAnswers, SubspacesAsPairs) {
  const auto answer = ask("/store/chainmanager/subspace", {0x00});
  EXPECT_EQ(answer.code, 0U);
  ASSERT_TRUE(answer.value.has_value() && !answer.value->empty());
  EXPECT_EQ(answer.value->front(), 0x0A);
  EXPECT_EQ(ask("/store/params/subspace", {0x77}).value, Bytes{});  // empty, not absent
}

TEST_F(AbciQueryAnswers, OtherPaths) {
  EXPECT_EQ(ask("/app/version").codespace, "sdk");
  EXPECT_EQ(ask("/app/version").height, 328);
  expect_refusal(ask("/app"), "sdk", 6,
                 "expected second parameter to be either 'simulate' or 'version', neither was "
                 "present: unknown request");
  expect_refusal(ask("/app/other"), "sdk", 6, "unknown query: [app other]: unknown request");
  expect_refusal(ask("/app/simulate", {1, 2}), "sdk", 2, "failed to simulate tx: tx parse error");
  EXPECT_EQ(ask("/p2p/filter/addr/127.0.0.1:1").code, 0U);
  expect_refusal(ask("/p2p/filter"), "sdk", 6,
                 "path should be p2p filter <addr|id> <parameter>: unknown request");
  expect_refusal(ask("/p2p/other/addr/x"), "sdk", 6,
                 "expected second parameter to be 'filter': unknown request");
  expect_refusal(ask("/nothing"), "sdk", 6, "unknown query path: unknown request");
  expect_refusal(ask(""), "sdk", 6, "unknown query path: unknown request");
  expect_refusal(ask("/cosmos.tx.v1beta1.Service/BroadcastTx"), "sdk", 18,
                 "can't route a broadcast tx message: invalid request");
}

}  // namespace
}  // namespace buri::consensus::api
