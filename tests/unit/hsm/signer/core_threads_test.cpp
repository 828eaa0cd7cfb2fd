#include <filesystem>
#include <thread>

#include "base/hex.hpp"
#include "hsm/signer/admin.hpp"
#include "hsm/signer/posix_disk.hpp"
#include "tests/unit/hsm/signer/core_fixture.hpp"

/// The core as the daemon's threads use it: one per socket, one for time, one for administrators.
/// Under the thread sanitizer this is where a missing lock shows.

namespace buri::hsm::signer {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kHeights = 40;
constexpr int kClients = 3;
constexpr Address kContract{{0x55}};
constexpr FixedBytes<4> kUnstake{{9, 9, 9, 9}};

class CoreThreadsTest : public CoreTest {
 protected:
  CoreThreadsTest() {
    std::string pattern = "/tmp/buri-threads-XXXXXX";
    CHECK(::mkdtemp(pattern.data()) != nullptr, "a temporary folder");
    folder_ = pattern;
    disk_ = open_posix_disk(folder_).value();
  }
  ~CoreThreadsTest() override { std::filesystem::remove_all(folder_); }

  void SetUp() override {
    rules::Ledgers fresh;
    fresh.consensus = rules::start_consensus(kFirstHeight);
    fresh.root_chain = rules::start_root_chain(kFirstNonce);
    for (const rules::Ledger ledger : options().ledgers) {
      const Bytes record = rules::encode_record(fresh.get(ledger));
      ASSERT_TRUE(StateFile::create(*disk_, identity(ledger), record).ok());
    }
    const CoreParts parts{disk_.get(), disk_.get(),     &device_,  nullptr,
                          nullptr,     &system_clock(), &metrics_, [] { return true; }};
    auto core = Core::start(parts, options(), Logger("test", LogLevel::kOff));
    ASSERT_TRUE(core.ok()) << core.error();
    core_ = std::move(core).value();
    core_->tick();
    activate();
  }
  [[nodiscard]] CoreOptions options() const override {
    CoreOptions options = CoreTest::options();
    options.ledgers.push_back(rules::Ledger::kRootChainTransaction);
    options.policy.consensus.clock_refuse_s = 4'000'000'000;
    rules::RootChainPolicy& policy = options.policy.root_chain_transaction;
    policy.enabled = true;
    policy.chain_id = 1;
    policy.calls = {{kContract, kUnstake, U256{}, true}};
    return options;
  }
  /// Asks for the same heights as all other clients, for a block of its own, and again while
  /// administrators have the signer out of service.
  void vote_against_the_others(int client) {
    for (std::int64_t height = kFirstHeight; height < kFirstHeight + kHeights; ++height) {
      const auto block = static_cast<std::uint8_t>(client);
      wire::ResponseBody answer = ask(prevote(height, block));
      while (rule_of(answer) == wire::Rule::kSignerState) {
        std::this_thread::sleep_for(100us);
        answer = ask(prevote(height, block));
      }
      if (is_signed(answer)) signed_.fetch_add(1);
    }
  }
  void administrate() {
    Admin admin(*core_, {"", [](int) { return Unit{}; }, [] {}, [] { return std::string(); }});
    wire::SignRootChainTransaction request;
    request.transaction.chain_id = 1;
    request.transaction.to = kContract;
    request.transaction.call = wire::ContractCall{kUnstake, Bytes(32)};
    const std::string name = to_hex(Approvals::name_of(request));
    while (!ends_) {
      (void)ask_anywhere(request);
      for (const std::string& line :
           {std::string("status"), std::string("waiting"), "approve " + name, std::string("drain"),
            std::string("ceremony begin x"), std::string("ceremony end"),
            std::string("activate")}) {
        const Bytes answer = admin.handle({as_bytes(line), -1}, Peer{1, 1, 1});
        EXPECT_FALSE(answer.empty());
      }
      (void)metrics_.expose();
    }
  }

  std::filesystem::path folder_;
  std::unique_ptr<Disk> disk_;
  std::atomic<std::int64_t> signed_{0};
  std::atomic<bool> ends_{false};
};

TEST_F(CoreThreadsTest, ClientsTimeAndAdministratorsAtOnceSignEveryHeightOnce) {
  std::vector<std::jthread> background;
  background.emplace_back([this] { administrate(); });
  background.emplace_back([this] {
    while (!ends_) {
      core_->tick();
      std::this_thread::sleep_for(1ms);
    }
  });
  {
    std::vector<std::jthread> clients;
    for (int i = 1; i <= kClients; ++i) {
      clients.emplace_back([this, i] { vote_against_the_others(i); });
    }
  }
  ends_ = true;
  background.clear();
  EXPECT_EQ(signed_, kHeights) << "one block at each height";
  const auto all = read_audit_segments(*disk_, audit_segment_names(*disk_).value());
  EXPECT_TRUE(verify_audit(*all, core_->audit_head()).ok());
}

}  // namespace
}  // namespace buri::hsm::signer
