#include "hsm/pkcs11/worker_process.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>

namespace buri::hsm::pkcs11 {
namespace {

/// Which exchange a channel is busy with.
struct Busy {
  int channel;
  std::size_t exchange;
};

/// Waits until one of the channels can be read; false when `limit` passes.
bool await_any(std::vector<pollfd>& entries, MonotonicTime limit) {
  while (true) {
    const auto left = limit - system_clock().monotonic();
    if (left.count() <= 0) return false;
    const timespec wait{std::chrono::duration_cast<std::chrono::seconds>(left).count(),
                        (left % std::chrono::seconds(1)).count()};
    const int ready = ppoll(entries.data(), entries.size(), &wait, nullptr);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

/// The answer to `request` that waits in `channel`; nothing if what is there is none.
std::optional<ReplyFrame> read_answer(int channel, const RequestFrame& request) {
  ReplyBytes bytes;
  const auto received =
      receive_frame(channel, {bytes.data(), bytes.size()}, system_clock().monotonic());
  if (received != ChannelResult::kFrame) return std::nullopt;
  auto reply = decode_reply(bytes);
  if (!reply || reply->kind != ReplyKind::kAnswer || reply->id != request.id) return std::nullopt;
  return reply;
}

}  // namespace

WorkerProcess::StartReport WorkerProcess::await_start(MonotonicTime deadline) {
  StartReport report;
  while (true) {
    ReplyBytes bytes;
    const auto received =
        receive_frame(channels_.front().get(), {bytes.data(), bytes.size()}, deadline);
    if (received != ChannelResult::kFrame) return report;
    auto frame = decode_reply(bytes);
    if (!frame || frame->kind == ReplyKind::kAnswer) return report;
    if (frame->kind != ReplyKind::kLoginStarts) {
      report.last = std::move(frame);
      return report;
    }
    report.login_began = true;
  }
}

std::vector<int> WorkerProcess::claim_channels(std::size_t wanted, MonotonicTime deadline) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, deadline, [&] { return dead_ || !free_channels_.empty(); });
  if (dead_) return {};
  const std::size_t count = std::min(wanted, free_channels_.size());
  std::vector<int> claimed(free_channels_.end() - static_cast<std::ptrdiff_t>(count),
                           free_channels_.end());
  free_channels_.resize(free_channels_.size() - count);
  return claimed;
}

void WorkerProcess::release_channels(const std::vector<int>& channels) {
  {
    const std::lock_guard lock(mutex_);
    free_channels_.insert(free_channels_.end(), channels.begin(), channels.end());
  }
  changed_.notify_all();
}

// Told under the lock: a channel that is free now is claimed only after the worker was told. One
// thread of the worker stays awake, no more: the others would take the processors from whoever
// syncs the record.
void WorkerProcess::expect(std::size_t signatures, MonotonicTime awake_until) {
  RequestFrame frame;
  frame.kind = RequestKind::kExpect;
  frame.deadline_ns = static_cast<std::uint64_t>(awake_until.time_since_epoch().count());
  const std::lock_guard lock(mutex_);
  const std::size_t count = std::min(signatures, free_channels_.size());
  for (std::size_t i = free_channels_.size() - count; i < free_channels_.size(); ++i) {
    (void)send_frame(free_channels_[i], encode(frame));  // one that is gone shows in perform()
    frame.deadline_ns = 0;
  }
}

ExchangeResult WorkerProcess::perform(std::span<Exchange> exchanges, MonotonicTime deadline,
                                      std::chrono::nanoseconds attempt_limit) {
  if (exchanges.empty()) return ExchangeResult::kAnswered;
  const std::vector<int> channels = claim_channels(exchanges.size(), deadline);
  if (channels.empty()) return is_dead() ? ExchangeResult::kDied : ExchangeResult::kBusy;
  const ExchangeResult result = converse(channels, exchanges, deadline, attempt_limit);
  // A channel with an answer outstanding is never used again.
  if (result != ExchangeResult::kAnswered) kill();
  release_channels(channels);
  return result;
}

ExchangeResult WorkerProcess::converse(const std::vector<int>& channels,
                                       std::span<Exchange> exchanges, MonotonicTime deadline,
                                       std::chrono::nanoseconds attempt_limit) {
  std::vector<Busy> busy;
  std::size_t next = 0;
  const auto send_next = [&](int channel) {
    if (!send_frame(channel, encode(exchanges[next].request))) return false;
    busy.push_back({channel, next++});
    return true;
  };
  for (const int channel : channels) {
    if (!send_next(channel)) return ExchangeResult::kDied;
  }
  while (!busy.empty()) {
    std::vector<pollfd> entries;
    for (const Busy& entry : busy) entries.push_back({entry.channel, POLLIN, 0});
    const MonotonicTime limit = std::min(deadline, system_clock().monotonic() + attempt_limit);
    if (!await_any(entries, limit))
      return is_dead() ? ExchangeResult::kDied : ExchangeResult::kLate;
    for (std::size_t i = entries.size(); i-- > 0;) {
      if (entries[i].revents == 0) continue;
      const Busy done = busy[i];
      Exchange& exchange = exchanges[done.exchange];
      exchange.reply = read_answer(done.channel, exchange.request);
      if (!exchange.reply) return ExchangeResult::kDied;
      busy.erase(busy.begin() + static_cast<std::ptrdiff_t>(i));
      if (next < exchanges.size() && !send_next(done.channel)) return ExchangeResult::kDied;
    }
  }
  return ExchangeResult::kAnswered;
}

}  // namespace buri::hsm::pkcs11
