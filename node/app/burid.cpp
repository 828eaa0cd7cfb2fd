#include <signal.h>
#include <systemd/sd-daemon.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "node/app/node.hpp"
#include "node/app/start_options.hpp"

/// The process burid: `burid start --home DIR`. Exit codes: 0 after an orderly stop, 1 when
/// consensus cannot go on, 2 when it cannot start as it is configured.

namespace buri::app {
namespace {

constexpr int kExitOk = 0;
constexpr int kExitStopped = 1;
constexpr int kExitUnusable = 2;
constexpr timespec kTick{1, 0};

/// Signals that the main thread waits for; blocked before any thread exists.
sigset_t awaited_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

int refuse(const std::string& reason) {
  std::cerr << "burid: " << reason << "\n";
  return kExitUnusable;
}

/// Until a signal or a failure; the watchdog hears of it as long as the consensus loop runs.
int watch(Node& node, const sigset_t& signals) {
  for (;;) {
    const int number = ::sigtimedwait(&signals, nullptr, &kTick);
    if (number == SIGTERM || number == SIGINT) return kExitOk;
    if (const auto failure = node.failure()) {
      std::cerr << "burid: consensus stopped: " << *failure << "\n";
      return kExitStopped;
    }
    if (node.is_alive()) {
      sd_notifyf(0, "WATCHDOG=1\nSTATUS=height %lld, %zu peers",
                 static_cast<long long>(node.height()), node.peer_count());
    }
  }
}

int start(const StartArguments& arguments) {
  const sigset_t signals = awaited_signals();
  ::signal(SIGPIPE, SIG_IGN);
  auto settings = read_start_options(arguments);
  if (!settings.ok()) return refuse(settings.error());
  const Logger logger("burid", settings->log_level);
  auto node = Node::open(std::move(settings->node), logger);
  if (!node.ok()) return refuse(node.error());
  const auto started = (*node)->start();
  if (!started.ok()) return refuse(started.error());
  sd_notify(0, "READY=1");
  const int code = watch(**node, signals);
  sd_notify(0, "STOPPING=1");
  logger.info("stopping", {{"height", (*node)->height()}});
  (*node)->stop();
  return code;
}

}  // namespace
}  // namespace buri::app

int main(int argc, char** argv) {
  CLI::App app("The Buri node.\nExample: burid start --home /var/lib/buri");
  app.name("burid");
  app.require_subcommand(1);
  buri::app::StartArguments arguments;
  CLI::App* start = app.add_subcommand("start", "Runs a node until it is told to stop");
  buri::app::add_start_arguments(*start, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 reports a broken command line by throwing; --help arrives the same way.
    return app.exit(error) == 0 ? buri::app::kExitOk : buri::app::kExitUnusable;
  }
  return buri::app::start(arguments);
}
