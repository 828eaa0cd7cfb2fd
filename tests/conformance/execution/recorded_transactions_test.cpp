#include <gtest/gtest.h>

#include <sstream>

#include "base/hex.hpp"
#include "node/execution/transaction/decode.hpp"
#include "node/execution/transaction/encode.hpp"
#include "tests/conformance/execution/archive.hpp"

/// Every transaction of the recorded chains, of all types that Bor has: its hash is the one that
/// the stock client gave, and it encodes to the bytes that it was read from.

namespace buri::testing {
namespace {

using namespace execution::transaction;

/// The hashes of the transactions that stand in blocks, in order; state-sync transactions from
/// before Madhugiri, which no block holds, have type 0 and no gas.
std::vector<std::string> recorded_hashes(const std::string& folder) {
  std::vector<std::string> hashes;
  std::istringstream lines(read_xz(folder + "/tx-gas.tsv.xz"));
  std::string block;
  std::string index;
  std::string hash;
  std::string type;
  std::string gas;
  std::string rest;
  std::getline(lines, rest);  // the names of the columns
  while (lines >> block >> index >> hash >> type >> gas && std::getline(lines, rest)) {
    const bool is_outside = type == "0x0" && gas == "0";
    if (!is_outside) hashes.push_back(hash);
  }
  return hashes;
}

class RecordedTransactions : public ::testing::TestWithParam<std::string> {};

TEST_P(RecordedTransactions, HaveTheStockClientsHashes) {
  const auto folder = fixture_path("../golden/bor-devnet/" + GetParam());
  if (!folder) GTEST_SKIP() << GetParam() << " is absent: set BURI_FIXTURES";
  const auto hashes = recorded_hashes(*folder);
  const std::string packed = read_xz(*folder + "/blocks.rlp.xz");
  std::size_t count = 0;
  for (RlpReader blocks(as_bytes(packed)); !blocks.at_end();) {
    RlpReader parts = *blocks.next_list();
    ASSERT_TRUE(parts.next_list().ok());
    const RlpItem body = *parts.next();
    RlpWriter rewritten;
    for (RlpReader transactions(body.payload); !transactions.at_end(); ++count) {
      const auto transaction = read(transactions);
      ASSERT_TRUE(transaction.ok()) << describe(transaction.error());
      ASSERT_LT(count, hashes.size());
      ASSERT_EQ("0x" + to_hex(hash(*transaction)), hashes[count]);
      write(*transaction, rewritten);
    }
    ASSERT_TRUE(equal(rewritten.as_list(), body.encoded));
  }
  EXPECT_EQ(count, hashes.size());
}

INSTANTIATE_TEST_SUITE_P(Devnet, RecordedTransactions,
                         ::testing::Values("chain-a", "chain-b", "chain-z"),
                         [](const auto& info) { return info.param.substr(6); });

}  // namespace
}  // namespace buri::testing
