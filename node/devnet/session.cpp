#include "node/devnet/session.hpp"

#include <poll.h>
#include <cmath>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <ostream>
#include <vector>

#include "node/devnet/control.hpp"
#include "node/devnet/folder.hpp"
#include "node/devnet/network.hpp"
#include "node/devnet/signals.hpp"
#include "node/devnet/view.hpp"

namespace buri::devnet {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int kTickMs = 100;
constexpr std::chrono::milliseconds kDrawPeriod{500};
constexpr std::chrono::seconds kLinePeriod{5};
constexpr std::size_t kTailBytes = 2000;

/// A running network with its view and its control socket.
class Session {
 public:
  Session(const SessionOptions& options, Network& network, const Sources& sources,
          ControlServer control, Descriptor signals, std::ostream& out)
      : options_(options),
        network_(network),
        sources_(sources),
        control_(std::move(control)),
        signals_(std::move(signals)),
        board_(network.status_sources()),
        out_(out),
        begin_(Clock::now()) {}

  Status<std::string> run() {
    while (!ends_) {
      wait_for_words();
      network_.reap();
      if (!is_ready_) RETURN_IF_ERROR(look_whether_ready());
      if (is_ready_) show();
      if (options_.heights > 0 && is_ready_ && lowest_height() >= options_.heights) break;
    }
    say_end();
    return Unit{};
  }

 private:
  void wait_for_words() {
    pollfd ready[] = {{signals_.get(), POLLIN, 0}, {control_.descriptor(), POLLIN, 0}};
    if (::poll(ready, 2, kTickMs) <= 0) return;
    if (ready[0].revents != 0) ends_ = true;
    if (ready[1].revents != 0) {
      control_.serve_one([this](const json::object& question) { return answer(question); });
    }
  }

  Result<json::object, std::string> answer(const json::object& question) {
    const auto text = [&](std::string_view key) -> std::string {
      const json::value* value = question.if_contains(key);
      return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
    };
    const std::string word = text("do");
    if (word == "status") {
      json::object status = status_json(network_, board_.now());
      status["is_ready"] = is_ready_;
      status["sources_port"] = sources_.port();
      return status;
    }
    if (word == "down") {
      ends_ = true;
      return json::object{{"done", "the devnet ends"}};
    }
    if (word == "partition" || word == "heal") {
      Groups groups{{}};
      if (word == "partition") {
        ASSIGN_OR_RETURN(groups, parse_groups(text("groups"), network_.size()));
      } else {
        for (std::size_t one = 1; one <= network_.size(); ++one) groups.front().push_back(one);
      }
      network_.links().divide(groups);
      return json::object{{"done", groups_text(groups)}};
    }
    const json::value* number = question.if_contains("validator");
    const std::size_t validator =
        number != nullptr && number->is_int64() ? static_cast<std::size_t>(number->as_int64()) : 0;
    if (word == "start") {
      RETURN_IF_ERROR(network_.start_validator(validator));
      return json::object{{"done", "started"}};
    }
    if (word != "kill") return Failure{"there is no word " + word};
    const std::string part = text("part");
    const json::value* graceful = question.if_contains("gracefully");
    RETURN_IF_ERROR(
        network_.kill_validator(validator,
                                part == "signer" ? Part::kSigner
                                : part == "both" ? Part::kBoth
                                                 : Part::kNode,
                                graceful != nullptr && graceful->is_bool() && graceful->as_bool()));
    return json::object{{"done", "stopped"}};
  }

  /// Whether every node has decided a height since it first told one; a folder's chain may be an
  /// old one, whose heights say nothing of the network. A process that ends before ends the
  /// network.
  Status<std::string> look_whether_ready() {
    const auto statuses = board_.now();
    first_heights_.resize(statuses.size());
    is_ready_ = true;
    for (std::size_t i = 0; i < statuses.size(); ++i) {
      if (first_heights_[i] == 0) first_heights_[i] = statuses[i].height;
      is_ready_ = is_ready_ && first_heights_[i] > 0 && statuses[i].height > first_heights_[i];
    }
    if (is_ready_) {
      say_ready();
      return Unit{};
    }
    for (std::size_t number = 1; number <= network_.size(); ++number) {
      for (const Daemon* daemon : {&network_.node(number), network_.signer(number)}) {
        if (daemon == nullptr || daemon->is_running()) continue;
        return Failure{"a process of validator " + std::to_string(number) +
                       " ended before the network was ready: " + daemon->end() + "; the end of " +
                       daemon->log_path() + ":\n" + tail_of(daemon->log_path(), kTailBytes)};
      }
    }
    if (Clock::now() - begin_ < options_.ready_patience) return Unit{};
    return Failure{"not every validator has decided a new block after " +
                   std::to_string(options_.ready_patience.count()) + " s:\n" +
                   summary_line(status_json(network_, statuses)) + "; logs are below " +
                   network_.layout().root().string()};
  }

  [[nodiscard]] std::int64_t lowest_height() const {
    const auto statuses = board_.now();
    std::int64_t lowest = INT64_MAX;
    for (std::size_t i = 0; i < statuses.size(); ++i) {
      if (network_.node(i + 1).is_running()) lowest = std::min(lowest, statuses[i].height);
    }
    return lowest == INT64_MAX ? 0 : lowest;
  }

  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(Clock::now() - begin_).count();
  }

  /// What the other verbs need to find this network.
  [[nodiscard]] std::string home_option() const {
    const fs::path& root = network_.layout().root();
    return root == Layout(default_root()).root() ? "" : " --home " + root.string();
  }

  void say_ready() {
    ready_height_ = lowest_height();
    ready_time_ = Clock::now();
    json::object status = status_json(network_, board_.now());
    if (options_.as_json) {
      status["seconds"] = seconds();
      status["event"] = "ready";
      out_ << json::serialize(status) << std::endl;
      return;
    }
    out_ << "Ready after " << std::lround(seconds()) << " s: " << network_.size()
         << " validators of chain " << network_.identity().chain_id
         << (network_.identity().uses_development_keys()
                 ? " sign with KEYS IN PLAIN FILES (--development-keys)"
                 : " sign through buri-signer, each with a key in a SoftHSM token of its own")
         << "\nEthereum and Bor are stand-ins (docs/devnet.md)\nFolder "
         << network_.layout().root().string()
         << "\nIn a second terminal: buri devnet status|kill 2|start 2|logs 1 --follow|down"
         << home_option() << "\n";
    for (const std::string& line : status_lines(status)) out_ << line << "\n";
    lines_drawn_ = options_.is_terminal ? network_.size() + 2 : 0;
    out_ << std::flush;
  }

  void show() {
    if (options_.as_json) return;
    const auto period = options_.is_terminal ? std::chrono::milliseconds(kDrawPeriod) : kLinePeriod;
    if (Clock::now() - last_shown_ < period) return;
    last_shown_ = Clock::now();
    const json::object status = status_json(network_, board_.now());
    if (!options_.is_terminal) {
      out_ << summary_line(status) << std::endl;
      return;
    }
    // Up over the last drawing, each line replaced to its end.
    if (lines_drawn_ > 0) out_ << "\x1b[" << lines_drawn_ << "A";
    const auto lines = status_lines(status);
    for (const std::string& line : lines) out_ << "\x1b[K" << line << "\n";
    lines_drawn_ = lines.size();
    out_ << std::flush;
  }

  void say_end() {
    if (!is_ready_) return;
    const double passed = std::chrono::duration<double>(Clock::now() - ready_time_).count();
    json::object status = status_json(network_, board_.now());
    const std::int64_t decided = status.at("height").as_int64() - ready_height_;
    if (options_.as_json) {
      status["event"] = "end";
      status["seconds"] = seconds();
      status["heights_decided"] = decided;
      out_ << json::serialize(status) << std::endl;
      return;
    }
    out_ << summary_line(status) << "; " << decided << " heights in " << std::lround(passed)
         << " s. Stopping." << std::endl;
  }

  const SessionOptions& options_;
  Network& network_;
  const Sources& sources_;
  const ControlServer control_;
  const Descriptor signals_;
  StatusBoard board_;
  std::ostream& out_;
  const Clock::time_point begin_;
  Clock::time_point ready_time_;
  Clock::time_point last_shown_;
  std::vector<std::int64_t> first_heights_;  ///< of each node; 0: none told yet
  std::int64_t ready_height_ = 0;
  std::size_t lines_drawn_ = 0;
  bool is_ready_ = false;
  bool ends_ = false;
};

/// Stand-ins for Ethereum and Bor that know all nodes.
Result<std::unique_ptr<Sources>, std::string> start_sources(const Network& network) {
  SourceOptions options;
  options.bor_file = network.layout().bor();
  options.root_chain_file = network.layout().root_chain();
  options.validators = network.size();
  options.start_time_s = static_cast<std::uint64_t>(network.identity().genesis_time_s);
  for (std::size_t number = 1; number <= network.size(); ++number) {
    options.heimdall_rest_ports.push_back(network.ports(number).rest);
  }
  return Sources::start(std::move(options), Logger("sources", LogLevel::kWarning));
}

}  // namespace

Status<std::string> run_session(const SessionOptions& options, std::ostream& out) {
  const Layout layout(options.root);
  ASSIGN_OR_RETURN(const Programs programs, Programs::find());
  Descriptor signals = awaited_signals();
  ASSIGN_OR_RETURN(const Descriptor lock, take_folder(layout));
  if (options.is_fresh) RETURN_IF_ERROR(remove_devnet(layout));
  ASSIGN_OR_RETURN(Identity identity, provision(layout, programs, options.network));
  Network network(layout, std::move(identity), programs);
  RETURN_IF_ERROR(network.draw_ports());
  ASSIGN_OR_RETURN(const auto sources, start_sources(network));
  NetworkOptions outside;
  outside.eth_rpc_url = sources->root_chain_url();
  outside.bor_rpc_url = sources->bor_url();
  outside.commit_timeout_ms = options.commit_timeout_ms;
  ASSIGN_OR_RETURN(ControlServer control, ControlServer::listen(layout.control()));
  RETURN_IF_ERROR(network.start(outside));
  Session session(options, network, *sources, std::move(control), std::move(signals), out);
  return session.run();
}

Status<std::string> run_sources(SourceOptions options, std::ostream& out) {
  const Descriptor signals = awaited_signals();
  if (options.start_time_s == 0) {
    options.start_time_s =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(
                                       std::chrono::system_clock::now().time_since_epoch())
                                       .count());
  }
  ASSIGN_OR_RETURN(const auto sources,
                   Sources::start(std::move(options), Logger("sources", LogLevel::kInfo)));
  out << "eth_rpc_url " << sources->root_chain_url() << "\nbor_rpc_url " << sources->bor_url()
      << "\nevents      " << sources->events_url() << std::endl;
  pollfd ended{signals.get(), POLLIN, 0};
  while (::poll(&ended, 1, -1) <= 0) {
  }
  return Unit{};
}

}  // namespace buri::devnet
