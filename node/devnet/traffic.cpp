#include "node/devnet/traffic.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <charconv>
#include <ostream>
#include <sstream>

#include "base/hex.hpp"
#include "base/random.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/host/durable_file.hpp"
#include "node/consensus/modules/bank/types.hpp"
#include "node/devnet/control.hpp"
#include "node/devnet/identity.hpp"
#include "node/devnet/signals.hpp"
#include "node/devnet/traffic_duties.hpp"

namespace buri::devnet {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kTick = 100ms;
constexpr auto kChainPeriod = 1s;
constexpr auto kDutyPeriod = 2s;
constexpr auto kLinePeriod = 5s;
constexpr std::chrono::seconds kWordPatience{10};
/// What a rate that could not be kept is made up for.
constexpr double kMaxDebt = 20;

/// The port behind the last colon.
std::uint16_t port_of(const std::string& url) {
  std::uint16_t port = 0;
  const char* end = url.data() + url.size();
  std::from_chars(url.data() + url.rfind(':') + 1, end, port);
  return port;
}

class Traffic {
 public:
  Traffic(TrafficOptions options, std::ostream& lines)
      : rate_(options.sends_per_second),
        lines_(lines),
        random_(options.seed),
        client_(std::move(options.nodes)),
        sources_(options.sources_port),
        count_(lines),
        sender_(client_, std::move(options.accounts), count_) {}

  /// One step of some milliseconds; seconds if a node is slow.
  void step() {
    const auto now = Clock::now();
    if (now >= next_chain_) {
      next_chain_ = now + kChainPeriod;
      if (client_.choose()) {
        sender_.learn(now);
        count_.watch(client_);
      }
    }
    if (now >= next_duty_) {
      next_duty_ = now + kDutyPeriod;
      do_duties(now);
    }
    send_coins(now);
    if (now >= next_line_) {
      next_line_ = now + kLinePeriod;
      lines_ << count_.summary() << std::endl;
    }
  }

  [[nodiscard]] const TrafficCount& count() const { return count_; }

 private:
  void do_duties(Clock::time_point now) {
    const auto view = sources_.root_chain();
    if (!view.ok()) {
      count_.refused("root chain", view.error());
      return;
    }
    events_.work(client_, *view, sender_, count_, now);
    checkpoints_.work(client_, sources_, *view, sender_, count_, now);
  }

  void send_coins(Clock::time_point now) {
    if (last_send_ == Clock::time_point{}) last_send_ = now;
    debt_ += rate_ * std::chrono::duration<double>(now - last_send_).count();
    debt_ = std::min(debt_, kMaxDebt);
    last_send_ = now;
    for (; debt_ >= 1; --debt_) {
      if (!sender_.send("send", [this](const std::string& from) { return coins(from); })) return;
    }
  }

  /// Some wei to an account that may be new.
  hsm::wire::HeimdallMessage coins(const std::string& from) {
    Address receiver;
    random_.fill(MutableByteView(receiver.bytes).first(1));
    receiver.bytes.back() = 1;
    consensus::modules::bank::MsgSend message;
    message.from_address = from;
    message.to_address = "0x" + to_hex(receiver);
    message.amount = {{"pol", consensus::runtime::Integer(random_.below(1'000'000) + 1)}};
    auto any = consensus::codec::pack(message);
    return {std::move(any.type_url), std::move(any.value)};
  }

  const double rate_;
  std::ostream& lines_;
  SeededRandom random_;
  NodeClient client_;
  const SourcesClient sources_;
  TrafficCount count_;
  TrafficSender sender_;
  EventDuty events_;
  CheckpointDuty checkpoints_;
  Clock::time_point next_chain_;
  Clock::time_point next_duty_;
  Clock::time_point next_line_ = Clock::now() + kLinePeriod;
  Clock::time_point last_send_;
  double debt_ = 0;
};

}  // namespace

Status<std::string> find_devnet(const Layout& layout, TrafficOptions& options) {
  ASSIGN_OR_RETURN(const json::object status,
                   ask_devnet(layout.control(), {{"do", "status"}}, kWordPatience));
  ASSIGN_OR_RETURN(const std::string text, consensus::host::read_file(layout.identity()));
  ASSIGN_OR_RETURN(const Identity identity, parse_identity(text));
  const json::value answer(status);
  options.sources_port = static_cast<std::uint16_t>(number_at(answer, "/sources_port").value_or(0));
  for (std::size_t number = 1; number <= identity.validators.size(); ++number) {
    const std::string place = fmt::format("/validators/{}", number - 1);
    options.nodes.push_back(
        {port_of(text_at(answer, place + "/rpc")), port_of(text_at(answer, place + "/rest"))});
    const ValidatorPaths paths = layout.validator(number);
    auto account = identity.uses_development_keys()
                       ? Account::open_file(paths.validator_key)
                       : Account::open_signer(paths.signer_transactions,
                                              identity.validators[number - 1].public_key);
    if (!account.ok()) return Failure{account.error()};
    options.accounts.push_back(std::move(account).value());
  }
  return Unit{};
}

Status<std::string> run_traffic(TrafficOptions options, std::ostream& out) {
  if (options.nodes.empty() || options.accounts.empty()) {
    return Failure{std::string("expected at least one node and one key, found none")};
  }
  const Descriptor signals = awaited_signals();
  const bool as_json = options.as_json;
  const std::int64_t heights = options.heights;
  std::ostringstream nowhere;
  Traffic traffic(std::move(options), as_json ? nowhere : out);
  pollfd ended{signals.get(), POLLIN, 0};
  std::int64_t first = 0;
  while (::poll(&ended, 1, static_cast<int>(kTick.count())) <= 0) {
    traffic.step();
    const std::int64_t height = traffic.count().height();
    if (first == 0) first = height;
    if (heights > 0 && height >= first + heights) break;
  }
  if (as_json) {
    out << json::serialize(traffic.count().json()) << std::endl;
  } else {
    out << traffic.count().summary() << std::endl;
  }
  return Unit{};
}

}  // namespace buri::devnet
