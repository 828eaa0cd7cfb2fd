#include "node/protocol/bor/grpc_chain.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/hex.hpp"
#include "tests/support/protocol/scripted_transport.hpp"
#include "tests/unit/node/protocol/bor/golden_bor.hpp"
#include "tests/unit/node/protocol/bor/grpc_server.hpp"

namespace buri::protocol::bor {
namespace {

using std::chrono::milliseconds;
using testing::golden_bor_hashes;
using testing::GrpcBor;

constexpr std::uint64_t kHead = 668;
const endpoints::GrpcAddress kNobody{"127.0.0.1:1", false};

GrpcOptions options_of(milliseconds attempt, milliseconds whole) {
  GrpcOptions options;
  options.times.attempt = attempt;
  options.times.whole = whole;
  return options;
}

/// For calls that succeed, also on a busy machine.
GrpcOptions patient() { return options_of(milliseconds(1000), milliseconds(5000)); }
/// For calls that fail.
GrpcOptions hasty() { return options_of(milliseconds(200), milliseconds(200)); }

/// A chain over some endpoints, in real time, and what it logged.
class Asker {
 public:
  explicit Asker(const std::vector<endpoints::GrpcAddress>& addresses,
                 const GrpcOptions& options = patient())
      : chain_(std::move(GrpcChain::create(addresses, options,
                                           {system_clock(), random_, endpoints::thread_sleep()},
                                           world_.logger()))
                   .value()) {}
  GrpcChain* operator->() { return chain_.get(); }
  [[nodiscard]] bool logged(std::string_view text) const { return world_.logged(text); }

 private:
  testing::TestWorld world_;
  SeededRandom random_{3};
  std::unique_ptr<GrpcChain> chain_;
};

TEST(BorGrpc, ComputesTheRecordedHashOfEveryRecordedHeader) {
  const GrpcBor bor;
  Asker asker({bor.address()});
  EXPECT_EQ(bor.headers.size(), 28u);
  for (const auto& [number, header] : bor.headers) {
    const auto block = asker->block(number);
    ASSERT_TRUE(block.ok()) << number;
    EXPECT_EQ(block->hash, golden_bor_hashes().at(number)) << number;
  }
  EXPECT_EQ(asker->head()->hash, golden_bor_hashes().at(kHead));
}

TEST(BorGrpc, FetchesBatchesAsRecorded) {
  const GrpcBor bor;
  Asker asker({bor.address()});
  const auto blocks = asker->blocks(100, 104);
  ASSERT_TRUE(blocks.ok());
  ASSERT_EQ(blocks->size(), 5u);
  EXPECT_EQ((*blocks)[2].block.hash, golden_bor_hashes().at(102));
  EXPECT_EQ((*blocks)[2].block.parent_hash, golden_bor_hashes().at(101));
  EXPECT_EQ((*blocks)[2].total_difficulty, 103u);
  EXPECT_EQ(to_hex((*blocks)[2].author), "0afb1a5a973d16e6d5597b17e2009f8cdbde5c06");
  const auto genesis = asker->blocks(0, 3);
  ASSERT_EQ(genesis->size(), 4u);
  EXPECT_TRUE(genesis->front().author.is_zero());
  EXPECT_EQ(asker->blocks(660, 700)->size(), 9u);
  EXPECT_TRUE(asker->blocks(700, 710)->empty());
}

TEST(BorGrpc, TellsAuthorsAndRoots) {
  const GrpcBor bor;
  Asker asker({bor.address()});
  EXPECT_EQ(to_hex(asker->author(100).value()), "0afb1a5a973d16e6d5597b17e2009f8cdbde5c06");
  EXPECT_EQ(to_hex(asker->root_hash(0, 63).value()),
            "3c851280f167ca21eebd42ba8548c71ba0417d0efb8782dc51902f20eaf5d1c2");
}

TEST(BorGrpc, SaysWhatIsMissing) {
  const GrpcBor bor;
  Asker asker({bor.address()});
  EXPECT_EQ(asker->block(0xffffff).error(), FactError::kMissing);
  EXPECT_EQ(asker->author(0).error(), FactError::kMissing);
  EXPECT_EQ(asker->root_hash(600, 700).error(), FactError::kMissing);
}

TEST(BorGrpc, AsksTheNextEndpointWhenNobodyListens) {
  const GrpcBor bor;
  Asker asker({kNobody, bor.address()});
  EXPECT_TRUE(asker->head().ok());
  EXPECT_TRUE(asker.logged("gRPC status 14"));
  Asker alone({kNobody}, hasty());
  EXPECT_EQ(alone->head().error(), FactError::kUnavailable);
}

TEST(BorGrpc, AsksTheNextEndpointWhenOneIsSlowOrFails) {
  GrpcBor slow;
  slow.delay = milliseconds(500);
  const GrpcBor bor;
  Asker asker({slow.address(), bor.address()}, options_of(milliseconds(300), milliseconds(5000)));
  EXPECT_TRUE(asker->head().ok());
  EXPECT_EQ(slow.calls, 1);
  EXPECT_TRUE(asker.logged("gRPC status 4"));
  GrpcBor broken;
  broken.failure = grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "token secret is wrong");
  Asker other({broken.address(), bor.address()});
  EXPECT_TRUE(other->head().ok());
  EXPECT_TRUE(other.logged("gRPC status 16"));
  EXPECT_FALSE(other.logged("secret"));
}

TEST(BorGrpc, PassesOverAServerThatLeavesHeaderFieldsOut) {
  GrpcBor old;
  old.tamper = [](::bor::Header& header) { header.clear_extra_data(); };
  const GrpcBor bor;
  Asker asker({old.address(), bor.address()});
  EXPECT_EQ(asker->head()->hash, golden_bor_hashes().at(kHead));
  Asker alone({old.address()}, hasty());
  EXPECT_EQ(alone->head().error(), FactError::kUnavailable);
  EXPECT_TRUE(alone.logged("headers do not have the hashes"));
}

TEST(BorGrpc, PassesOverAServerOfAnotherChain) {
  GrpcBor foreign;
  foreign.tamper = [](::bor::Header& header) {
    if (header.number() == 0) header.set_time(1);
  };
  GrpcBor bor;
  Asker asker({bor.address(), foreign.address()},
              options_of(milliseconds(1000), milliseconds(1000)));
  EXPECT_TRUE(asker->head().ok());
  bor.failure = grpc::Status(grpc::StatusCode::UNAVAILABLE, "");
  EXPECT_EQ(asker->head().error(), FactError::kUnavailable);
  EXPECT_TRUE(asker.logged("another chain"));
}

TEST(BorGrpc, RefusesAnotherBlockThanWasAskedFor) {
  GrpcBor bor;
  Asker asker({bor.address()}, options_of(milliseconds(500), milliseconds(500)));
  ASSERT_TRUE(asker->head().ok());
  bor.headers[50] = bor.headers[100];
  EXPECT_EQ(asker->block(50).error(), FactError::kUnavailable);
  std::swap(bor.blocks[101], bor.blocks[102]);
  EXPECT_EQ(asker->blocks(100, 104).error(), FactError::kUnavailable);
}

TEST(BorGrpc, RefusesFieldsOfAnotherLength) {
  const std::function<void(::bor::Header&)> faults[] = {
      [](::bor::Header& header) { header.set_bloom("x"); },
      [](::bor::Header& header) { header.set_nonce("x"); },
      [](::bor::Header& header) { header.set_difficulty(std::string(33, 'x')); },
      [](::bor::Header& header) { header.set_base_fee(std::string(33, 'x')); },
  };
  for (const auto& fault : faults) {
    GrpcBor bor;
    bor.tamper = fault;
    Asker asker({bor.address()}, hasty());
    EXPECT_EQ(asker->head().error(), FactError::kUnavailable);
  }
}

TEST(BorGrpc, RefusesAMessageBeyondTheLimit) {
  GrpcBor bor;
  GrpcOptions options = options_of(milliseconds(500), milliseconds(500));
  options.transport.max_response_bytes = 65536;
  Asker asker({bor.address()}, options);
  EXPECT_TRUE(asker->head().ok());
  bor.headers[50].set_extra_data(std::string(70'000, 'x'));
  EXPECT_EQ(asker->block(50).error(), FactError::kUnavailable);
  EXPECT_TRUE(asker.logged("gRPC status 8"));
}

TEST(BorGrpc, SendsItsToken) {
  GrpcBor bor;
  GrpcOptions options = patient();
  options.token = "token";
  Asker asker({bor.address()}, options);
  EXPECT_TRUE(asker->head().ok());
  EXPECT_EQ(bor.last_authorization, "Bearer token");
}

TEST(BorGrpc, VerifiesAServerWithTls) {
  const auto certificate = testing::make_certificate();
  const GrpcBor bor(&certificate);
  Asker stranger({bor.address()}, hasty());
  EXPECT_EQ(stranger->head().error(), FactError::kUnavailable);
  const auto path = std::filesystem::temp_directory_path() /
                    ("buri-grpc-authority-" + std::to_string(::getpid()) + ".pem");
  std::ofstream(path) << certificate.certificate_pem;
  GrpcOptions options = patient();
  options.transport.tls_authority_file = path.string();
  Asker friendly({bor.address()}, options);
  EXPECT_TRUE(friendly->head().ok());
  std::filesystem::remove(path);
}

TEST(BorGrpc, SaysWhatItCannotDoWithTls) {
  testing::TestWorld world;
  GrpcOptions options;
  options.transport.tls_verify = false;
  const auto made =
      GrpcChain::create({{"localhost:1", true}}, options, world.world(), world.logger());
  ASSERT_FALSE(made.ok());
  EXPECT_NE(made.error().find("tls_verify"), std::string::npos);
  options.transport = {};
  options.transport.tls_authority_file = "/nonexistent.pem";
  EXPECT_FALSE(
      GrpcChain::create({{"localhost:1", true}}, options, world.world(), world.logger()).ok());
}

}  // namespace
}  // namespace buri::protocol::bor
