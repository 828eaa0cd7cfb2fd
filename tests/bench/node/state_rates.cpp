#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "accel/hasher.hpp"
#include "base/random.hpp"
#include "node/execution/state/state_store.hpp"
#include "node/storage/rocks_database.hpp"
#include "tests/support/execution/random_blocks.hpp"

/// How long blocks of random payments take on a large state: FOLDER ACCOUNTS BLOCKS CACHE_MIB.
/// Fills an empty folder with ACCOUNTS accounts, then applies BLOCKS blocks of 1,000 payments
/// between random ones, each read as the EVM would and made durable.

namespace {

using namespace buri;
using namespace buri::execution;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kFillAccounts = 100'000;
constexpr std::uint64_t kPayments = 1000;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Of all threads, the database's among them.
double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void must(bool ok, const std::string& what) {
  if (ok) return;
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

void apply(state::StateStore& store, const state::StateChange& change) {
  const auto head = store.head();
  const auto applied = store.apply(head ? head->number + 1 : 0, {}, change);
  must(applied.ok(), applied.ok() ? "" : applied.error().detail);
}

void fill(state::StateStore& store, std::uint64_t accounts) {
  const auto start = Clock::now();
  for (std::uint64_t at = 0; at < accounts;) {
    const std::uint64_t until = std::min(accounts, at + kFillAccounts);
    state::StateChange change;
    for (; at < until; ++at) {
      state::AccountChange& account = change.accounts.emplace_back();
      account.address = testing::numbered_address(at);
      account.balance = U256::from_uint64(std::uint64_t{1} << 60);
    }
    apply(store, change);
    const double took_s = seconds_since(start);
    std::printf("filled %llu of %llu accounts in %.1f s, %.0f s to go\n",
                static_cast<unsigned long long>(at), static_cast<unsigned long long>(accounts),
                took_s, took_s * static_cast<double>(accounts - at) / static_cast<double>(at));
    std::fflush(stdout);
  }
}

std::vector<Address> random_parties(Random& random, std::uint64_t accounts) {
  std::vector<Address> parties;
  for (std::uint64_t i = 0; i < 2 * kPayments; ++i) {
    parties.push_back(testing::numbered_address(random.below(accounts)));
  }
  return parties;
}

/// What a block's parts took, in seconds.
struct Times {
  double execution;  ///< reading and paying
  double root;
  double write;
};

/// Each of `parties` with an even index pays to the next one. Tries are written beside it.
Times run_block(state::StateStore& store, const std::vector<Address>& parties) {
  const auto start = Clock::now();
  const std::uint64_t number = store.head()->number;
  store.read_ahead(parties);
  const auto view = store.view(number);
  evm::JournaledState journal(*view);
  for (std::size_t i = 0; i < parties.size(); i += 2) {
    evm::Account& from = journal.account(parties[i]);
    evm::Account& to = journal.account(parties[i + 1]);
    journal.set_nonce(from, from.nonce + 1);
    journal.debit(from, U256::from_uint64(1));
    journal.credit(to, U256::from_uint64(1));
    journal.finalize();
  }
  const double executed = seconds_since(start);
  auto step = store.prepare(state::collect_change(journal));
  must(step.ok(), step.ok() ? "" : step.error().detail);
  const double rooted = seconds_since(start);
  const auto kept = store.commit(std::move(step).value(), number + 1, {});
  must(kept.ok(), kept.ok() ? "" : kept.error().detail);
  return {executed, rooted - executed, seconds_since(start) - rooted};
}

void print_line(const char* name, std::vector<double>& seconds) {
  std::ranges::sort(seconds);
  const auto at = [&](double share) {
    return 1e3 * seconds[static_cast<std::size_t>(share * static_cast<double>(seconds.size() - 1))];
  };
  std::printf("%s: p50 %.1f ms, p99 %.1f ms, longest %.1f ms\n", name, at(0.5), at(0.99), at(1.0));
}

}  // namespace

int main(int count, char** arguments) {
  must(count == 5, "usage: state-rates FOLDER ACCOUNTS BLOCKS CACHE_MIB");
  const std::uint64_t accounts = std::strtoull(arguments[2], nullptr, 10);
  const std::uint64_t blocks = std::strtoull(arguments[3], nullptr, 10);
  const std::size_t cache_bytes = std::strtoull(arguments[4], nullptr, 10) << 20;
  std::filesystem::create_directories(arguments[1]);
  auto database = storage::open_rocks_database(
      {.folder = arguments[1],
       .block_cache_bytes = cache_bytes / 2,
       .write_buffer_bytes = std::min(cache_bytes / 4, std::size_t{192} << 20)},
      state::state_families());
  must(database.ok(), database.ok() ? "" : database.error().detail);
  state::ThreadTaskRunner trie_writer;
  auto opened = state::StateStore::open(*database.value(), accel::best_hasher().keccak256_batch,
                                        {.caches = {.account_bytes = cache_bytes / 8,
                                                    .slot_bytes = cache_bytes / 16,
                                                    .node_bytes = cache_bytes / 4},
                                         .trie_writer = &trie_writer,
                                         .read_ahead_threads = state::kReadAheadThreads});
  must(opened.ok(), opened.ok() ? "" : opened.error().detail);
  state::StateStore& store = *opened.value();
  if (!store.head()) fill(store, accounts);
  SeededRandom random(1);
  std::vector<double> execution;
  std::vector<double> root;
  std::vector<double> write;
  std::vector<double> whole;
  const double cpu_start = cpu_seconds();
  for (std::uint64_t i = 0; i < blocks; ++i) {
    const Times times = run_block(store, random_parties(random, accounts));
    execution.push_back(times.execution);
    root.push_back(times.root);
    write.push_back(times.write);
    whole.push_back(times.execution + times.root + times.write);
  }
  must(!whole.empty(), "no blocks were asked for");
  const double cpu = cpu_seconds() - cpu_start;
  std::printf("processor time: %.1f ms a block\n", 1e3 * cpu / static_cast<double>(blocks));
  print_line("reads and payments", execution);
  print_line("root", root);
  print_line("write", write);
  print_line("block", whole);
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  std::printf("memory: %ld MiB at most\n", use.ru_maxrss / 1024);
}
