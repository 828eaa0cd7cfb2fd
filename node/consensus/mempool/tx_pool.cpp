#include "node/consensus/mempool/tx_pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace buri::consensus::mempool {
namespace {

/// Senders that are noted of one transaction; a peer beyond is sent what it has, no more.
constexpr std::size_t kMaxSenders = 256;

/// Gas as the stock node reads it: what does not fit into an int64 is negative there.
std::int64_t gas_of(const app::TxResult& result) {
  return static_cast<std::int64_t>(result.gas_wanted);
}

void note_sender(std::vector<SenderId>& senders, SenderId sender) {
  if (sender == kNoSender || senders.size() == kMaxSenders) return;
  if (std::find(senders.begin(), senders.end(), sender) == senders.end()) senders.push_back(sender);
}

/// Bytes that a transaction takes of a block's encoding.
std::int64_t block_bytes_of(ByteView tx) {
  std::int64_t length = 1;
  for (std::size_t rest = tx.size() >> 7; rest > 0; rest >>= 7) ++length;
  return 1 + length + static_cast<std::int64_t>(tx.size());
}

}  // namespace

std::string describe(const SubmitFault& fault) {
  switch (fault.error) {
    case SubmitError::kFull:
      return fmt::format(
          "mempool is full: number of txs {} (max: {}), total txs bytes {} (max: {})",
          fault.size.txs, fault.max.txs, fault.size.bytes, fault.max.bytes);
    case SubmitError::kTooLarge:
      return fmt::format("Tx too large. Max size is {}, but got {}", fault.limit, fault.found);
    case SubmitError::kBlockBytes:
      return fmt::format("tx pre check: tx size is too big: {}, max: {}", fault.found, fault.limit);
    case SubmitError::kBlockGas:
      if (fault.found < 0) return fmt::format("gas wanted {} is negative", fault.found);
      return fmt::format("gas wanted {} is greater than max gas {}", fault.found, fault.limit);
    case SubmitError::kSeen:
      return "tx already exists in cache";
    case SubmitError::kApplication:
      return fault.reason;
  }
  return "unknown fault of a transaction";
}

TxPool::TxPool(PoolOptions options, TxChecker& checker, accel::Engine& crypto, const Clock& clock,
               std::int64_t height, TxLimits limits)
    : options_(options),
      checker_(checker),
      crypto_(crypto),
      clock_(clock),
      height_(height),
      limits_(limits),
      seen_(options.cache_size) {}

std::optional<SubmitFault> TxPool::no_room(std::size_t tx_bytes) const {
  if (entries_.size() < options_.max_txs && tx_bytes + bytes_ <= options_.max_bytes) return {};
  return SubmitFault{.error = SubmitError::kFull,
                     .size = {entries_.size(), bytes_},
                     .max = {options_.max_txs, options_.max_bytes}};
}

std::optional<SubmitFault> TxPool::admit(const Submission& submission, const Hash256& hash) {
  const ByteView tx = submission.tx;
  const std::lock_guard lock(mutex_);
  if (auto fault = no_room(tx.size())) {
    ++counters_.rejected;
    return fault;
  }
  const auto size = static_cast<std::int64_t>(tx.size());
  if (tx.size() > options_.max_tx_bytes) {
    const auto limit = static_cast<std::int64_t>(options_.max_tx_bytes);
    return SubmitFault{.error = SubmitError::kTooLarge, .limit = limit, .found = size};
  }
  const std::int64_t block_bytes = block_bytes_of(tx);
  if (limits_.bytes != -1 && block_bytes > limits_.bytes) {
    return SubmitFault{
        .error = SubmitError::kBlockBytes, .limit = limits_.bytes, .found = block_bytes};
  }
  const auto known = places_.find(hash);
  if (known != places_.end()) {
    note_sender(entries_.at(known->second).senders, submission.sender);
  }
  if (!seen_.add(hash) || known != places_.end()) return SubmitFault{.error = SubmitError::kSeen};
  return {};
}

std::optional<SubmitFault> TxPool::check_gas(const app::TxResult& result) const {
  const std::int64_t wanted = gas_of(result);
  if (limits_.gas == -1 || (wanted >= 0 && wanted <= limits_.gas)) return {};
  return SubmitFault{.error = SubmitError::kBlockGas, .limit = limits_.gas, .found = wanted};
}

void TxPool::forget_refused(const Hash256& hash) {
  if (!options_.keep_invalid_in_cache) seen_.remove(hash);
}

std::optional<SubmitFault> TxPool::add(const Submission& submission, const Hash256& hash,
                                       const app::TxResult& result) {
  const ByteView tx = submission.tx;
  const std::lock_guard lock(mutex_);
  auto gas_fault = check_gas(result);
  if (!result.ok() || gas_fault) {
    ++counters_.failed;
    forget_refused(hash);
    return result.ok() ? gas_fault : std::nullopt;
  }
  if (auto fault = no_room(tx.size())) {
    ++counters_.rejected;
    seen_.remove(hash);
    return fault;
  }
  const std::uint64_t place = ++last_place_;
  Entry entry{
      {place, hash, std::make_shared<const Bytes>(tx.begin(), tx.end()), height_, gas_of(result)},
      {}};
  note_sender(entry.senders, submission.sender);
  entries_.emplace(place, std::move(entry));
  places_.emplace(hash, place);
  bytes_ += tx.size();
  if (sizes_ != nullptr) sizes_->observe(static_cast<double>(tx.size()));
  return {};
}

SubmitResult TxPool::ask_and_add(const Submission& submission, const Hash256& hash) {
  auto answer = checker_.check_tx(submission.tx, app::TxMode::kCheck);
  if (!answer.ok()) {
    const std::lock_guard lock(mutex_);
    seen_.remove(hash);
    return Failure{
        SubmitFault{.error = SubmitError::kApplication, .reason = std::move(answer.error().log)}};
  }
  if (auto fault = add(submission, hash, *answer)) return Failure{*std::move(fault)};
  return *std::move(answer);
}

SubmitResult TxPool::submit(ByteView tx, SenderId sender) {
  const Submission submission{tx, sender};
  return std::move(submit_all(std::span(&submission, 1)).front());
}

std::vector<SubmitResult> TxPool::submit_all(std::span<const Submission> submissions) {
  std::vector<ByteView> txs;
  for (const Submission& submission : submissions) txs.push_back(submission.tx);
  std::vector<Hash256> hashes(txs.size());
  crypto_.sha256(txs, hashes);
  std::vector<std::optional<SubmitFault>> faults;
  std::vector<ByteView> news;
  for (std::size_t i = 0; i < txs.size(); ++i) {
    faults.push_back(admit(submissions[i], hashes[i]));
    if (!faults.back()) news.push_back(txs[i]);
  }
  std::vector<SubmitResult> results;
  bool has_added = false;
  {
    std::unique_lock asking(asking_, std::defer_lock);
    if (!news.empty()) asking.lock();
    if (news.size() > 1) checker_.check_signatures_ahead(news);
    for (std::size_t i = 0; i < txs.size(); ++i) {
      results.push_back(faults[i] ? SubmitResult(Failure{*std::move(faults[i])})
                                  : ask_and_add(submissions[i], hashes[i]));
      has_added = has_added || (results.back().ok() && results.back()->ok());
    }
  }
  if (has_added && listener_) listener_();
  return results;
}

void TxPool::update(const Hold& hold, std::int64_t height, std::span<const Bytes> txs,
                    std::span<const std::uint32_t> codes, TxLimits limits) {
  CHECK(hold.lock_.mutex() == &asking_, "a pool is updated under its own hold");
  CHECK(txs.size() == codes.size(), "every transaction of a block has a code");
  const std::vector<ByteView> views(txs.begin(), txs.end());
  std::vector<Hash256> hashes(txs.size());
  crypto_.sha256(views, hashes);
  {
    const std::lock_guard lock(mutex_);
    height_ = height;
    limits_ = limits;
    for (std::size_t i = 0; i < txs.size(); ++i) {
      if (codes[i] == 0) {
        static_cast<void>(seen_.add(hashes[i]));
      } else {
        forget_refused(hashes[i]);
      }
      erase(hashes[i]);
    }
  }
  if (options_.recheck) recheck();
}

void TxPool::recheck() {
  const std::vector<PooledTx> waiting = first(std::numeric_limits<std::size_t>::max());
  const MonotonicTime deadline = clock_.monotonic() + options_.recheck_timeout;
  std::size_t done = 0;
  // An application that failed keeps the transactions: whoever runs it hears of that elsewhere.
  for (; done < waiting.size() && clock_.monotonic() < deadline; ++done) {
    const PooledTx& tx = waiting[done];
    const auto answer = checker_.check_tx(*tx.bytes, app::TxMode::kRecheck);
    if (!answer.ok()) break;
    const std::lock_guard lock(mutex_);
    ++counters_.rechecked;
    if (answer->ok() && !check_gas(*answer)) continue;
    erase(tx.hash);
    forget_refused(tx.hash);
    ++counters_.evicted;
  }
  const std::lock_guard lock(mutex_);
  counters_.not_rechecked += waiting.size() - done;
}

std::vector<Bytes> TxPool::reap(std::int64_t max_bytes, std::int64_t max_gas) const {
  const std::lock_guard lock(mutex_);
  std::vector<Bytes> txs;
  std::int64_t used_bytes = 0;
  std::int64_t used_gas = 0;
  for (const auto& [place, entry] : entries_) {
    used_bytes += block_bytes_of(*entry.tx.bytes);
    if (max_bytes > -1 && used_bytes > max_bytes) break;
    if (max_gas > -1 && entry.tx.gas_wanted > max_gas - used_gas) break;
    if (max_gas > -1) used_gas += entry.tx.gas_wanted;
    txs.push_back(*entry.tx.bytes);
  }
  return txs;
}

std::vector<PooledTx> TxPool::first(std::size_t max_txs) const {
  const std::lock_guard lock(mutex_);
  std::vector<PooledTx> txs;
  for (const auto& [place, entry] : entries_) {
    if (txs.size() == max_txs) break;
    txs.push_back(entry.tx);
  }
  return txs;
}

std::optional<NextTx> TxPool::next_for(SenderId peer, std::uint64_t place) const {
  const std::lock_guard lock(mutex_);
  const auto next = entries_.upper_bound(place);
  if (next == entries_.end()) return {};
  const auto& senders = next->second.senders;
  const bool is_sender = std::find(senders.begin(), senders.end(), peer) != senders.end();
  return NextTx{next->second.tx, is_sender};
}

bool TxPool::contains(const Hash256& hash) const {
  const std::lock_guard lock(mutex_);
  return places_.contains(hash);
}

PoolSize TxPool::size() const {
  const std::lock_guard lock(mutex_);
  return {entries_.size(), bytes_};
}

PoolCounters TxPool::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

bool TxPool::erase(const Hash256& hash) {
  const auto found = places_.find(hash);
  if (found == places_.end()) return false;
  const auto entry = entries_.find(found->second);
  bytes_ -= entry->second.tx.bytes->size();
  entries_.erase(entry);
  places_.erase(found);
  return true;
}

bool TxPool::remove(const Hash256& hash) {
  const std::lock_guard lock(mutex_);
  return erase(hash);
}

void TxPool::flush() {
  const std::lock_guard asking(asking_);
  const std::lock_guard lock(mutex_);
  entries_.clear();
  places_.clear();
  bytes_ = 0;
  seen_.clear();
}

}  // namespace buri::consensus::mempool
