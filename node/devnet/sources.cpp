#include "node/devnet/sources.hpp"

#include <charconv>
#include <chrono>
#include <filesystem>

#include "base/hex.hpp"
#include "base/json_cursor.hpp"
#include "node/consensus/host/durable_file.hpp"
#include "node/devnet/http_get.hpp"

namespace buri::devnet {
namespace {

namespace api = consensus::api;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kBlockPeriod = 1s;
constexpr auto kSpanPeriod = 2s;
constexpr auto kGlance = 50ms;
constexpr auto kPatience = 2s;
constexpr int kBlocksPerKeep = 5;
constexpr std::uint64_t kMaxBodyBytes = std::uint64_t{4} << 20;
/// The newest ones: the one that runs, the one that follows, and those made by rotations.
constexpr std::string_view kSpans = "/bor/spans/list?pagination.limit=8&pagination.reverse=true";
constexpr std::size_t kMaxSpans = 8;

std::uint64_t now_s() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count());
}

Result<std::uint64_t, JsonError> number_at(const JsonCursor& object, std::string_view key) {
  ASSIGN_OR_RETURN(const JsonCursor member, object.member(key));
  ASSIGN_OR_RETURN(const std::int64_t number, member.int64_string(0, INT64_MAX));
  return static_cast<std::uint64_t>(number);
}

Result<ScriptedSpan, JsonError> read_span(const JsonCursor& object) {
  ScriptedSpan span;
  ASSIGN_OR_RETURN(span.id, number_at(object, "id"));
  ASSIGN_OR_RETURN(span.start_block, number_at(object, "start_block"));
  ASSIGN_OR_RETURN(span.end_block, number_at(object, "end_block"));
  ASSIGN_OR_RETURN(const JsonCursor producers, object.member("selected_producers"));
  ASSIGN_OR_RETURN(const auto list, producers.elements(1'000));
  if (list.empty()) return Failure{producers.error("a producer")};
  ASSIGN_OR_RETURN(const JsonCursor signer, list.front().member("signer"));
  ASSIGN_OR_RETURN(const std::string_view text, signer.string());
  const auto address = text.starts_with("0x") ? fixed_from_hex<20>(text.substr(2)) : std::nullopt;
  if (!address) return Failure{signer.error("an address")};
  span.producer = *address;
  return span;
}

/// Oldest first.
Result<std::vector<ScriptedSpan>, JsonError> read_spans(std::string_view body) {
  ASSIGN_OR_RETURN(const JsonValue document, parse_json(body));
  ASSIGN_OR_RETURN(const JsonCursor list, JsonCursor(document).member("span_list"));
  ASSIGN_OR_RETURN(const auto elements, list.elements(kMaxSpans));
  std::vector<ScriptedSpan> spans;
  for (const JsonCursor& element : elements) {
    ASSIGN_OR_RETURN(const ScriptedSpan span, read_span(element));
    spans.insert(spans.begin(), span);
  }
  return spans;
}

Result<ScriptedCheckpoint, JsonError> read_checkpoint(std::string_view body) {
  ASSIGN_OR_RETURN(const JsonValue document, parse_json(body));
  ASSIGN_OR_RETURN(const JsonCursor object, JsonCursor(document).member("checkpoint"));
  ScriptedCheckpoint checkpoint;
  ASSIGN_OR_RETURN(checkpoint.start_block, number_at(object, "start_block"));
  ASSIGN_OR_RETURN(checkpoint.end_block, number_at(object, "end_block"));
  ASSIGN_OR_RETURN(const JsonCursor proposer, object.member("proposer"));
  ASSIGN_OR_RETURN(const std::string_view text, proposer.string());
  const auto address = text.starts_with("0x") ? fixed_from_hex<20>(text.substr(2)) : std::nullopt;
  if (!address) return Failure{proposer.error("an address")};
  checkpoint.proposer = *address;
  ASSIGN_OR_RETURN(const JsonCursor root, object.member("root_hash"));
  ASSIGN_OR_RETURN(const Bytes hash, root.base64());
  if (hash.size() != Hash256::kSize) return Failure{root.error("32 bytes in base64")};
  checkpoint.root_hash = Hash256::from(hash);
  return checkpoint;
}

/// A script of an earlier run, if its file is there.
template <class Script>
Result<Script, std::string> open_script(const std::string& file, std::uint64_t start_time_s) {
  std::error_code ignored;
  if (file.empty() || !std::filesystem::exists(file, ignored)) return Script(start_time_s);
  ASSIGN_OR_RETURN(const std::string text, consensus::host::read_file(file));
  auto script = Script::parse(text);
  if (!script.ok()) return Failure{file + ": " + script.error()};
  return script;
}

}  // namespace

class Sources::Handler final : public api::HttpHandler {
 public:
  explicit Handler(SourceAnswers& answers) : answers_(&answers) {}

  void handle(api::HttpRequest request, api::HttpResponder respond) override {
    api::HttpResponse response;
    const std::string path = request.path();
    if (path == "/bor") {
      response.body = answers_->bor(request.body);
    } else if (path == "/l1") {
      response.body = answers_->root_chain(request.body, now_s());
    } else if (path == "/events") {
      response.body = answers_->events(now_s());
    } else {
      response.status = 404;
      response.body = "{\"error\":\"expected /bor, /l1 or /events\"}\n";
    }
    respond(std::move(response));
  }

 private:
  SourceAnswers* answers_;
};

Sources::Sources(SourceOptions options, BorScript bor, RootChainCheckpoints root_chain,
                 Logger logger)
    : options_(std::move(options)),
      logger_(std::move(logger)),
      answers_(std::move(bor), std::move(root_chain), options_.validators),
      handler_(std::make_unique<Handler>(answers_)) {}

Result<std::unique_ptr<Sources>, std::string> Sources::start(SourceOptions options, Logger logger) {
  ASSIGN_OR_RETURN(BorScript bor, open_script<BorScript>(options.bor_file, options.start_time_s));
  ASSIGN_OR_RETURN(
      RootChainCheckpoints root_chain,
      open_script<RootChainCheckpoints>(options.root_chain_file, options.start_time_s));
  std::unique_ptr<Sources> sources(
      new Sources(std::move(options), std::move(bor), std::move(root_chain), logger));
  api::HttpServerOptions http;
  http.port = sources->options_.port;
  http.max_body_bytes = kMaxBodyBytes;
  ASSIGN_OR_RETURN(sources->server_,
                   api::HttpServer::start(http, *sources->handler_, nullptr, std::move(logger)));
  sources->thread_ = std::thread([all = sources.get()] { all->run(); });
  return sources;
}

Sources::~Sources() {
  ends_ = true;
  if (thread_.joinable()) thread_.join();
  server_ = nullptr;
}

std::string Sources::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(server_->port()) + std::string(path);
}

std::uint64_t Sources::bor_head() {
  return answers_.change([](const BorScript& bor) { return bor.head(); });
}

void Sources::learn_spans() {
  for (const std::uint16_t port : options_.heimdall_rest_ports) {
    const auto body = http_get(port, std::string(kSpans), kPatience);
    if (!body.ok()) continue;
    const auto spans = read_spans(*body);
    if (!spans.ok()) {
      logger_.warning("spans not understood", {{"reason", describe(spans.error())}});
      continue;
    }
    answers_.change([&](BorScript& bor) {
      for (const ScriptedSpan& span : *spans) bor.learn(span);
      return 0;
    });
    return;
  }
}

void Sources::take_checkpoint() {
  for (const std::uint16_t port : options_.heimdall_rest_ports) {
    // An empty buffer is answered with zeros or an error; both say that there is none.
    const auto body = http_get(port, "/checkpoints/buffer", kPatience);
    if (!body.ok()) continue;
    auto checkpoint = read_checkpoint(*body);
    if (!checkpoint.ok() || checkpoint->end_block == 0) return;
    checkpoint->created_at = now_s();
    const bool is_new = answers_.change_root_chain(
        [&](RootChainCheckpoints& root_chain) { return root_chain.take(*checkpoint); });
    if (is_new) keep();
    return;
  }
}

void Sources::keep() {
  const auto write = [this](const std::string& file, const std::string& text) {
    if (file.empty()) return;
    const auto kept = consensus::host::replace_file(file, text, 0600);
    if (!kept.ok()) logger_.warning("a stand-in was not kept", {{"reason", kept.error()}});
  };
  write(options_.bor_file, answers_.change([](const BorScript& bor) { return bor.text(); }));
  write(options_.root_chain_file,
        answers_.change_root_chain([](const RootChainCheckpoints& all) { return all.text(); }));
}

void Sources::run() {
  auto next_spans = Clock::now();
  auto next_block = Clock::now();
  for (int sealed = 0; !ends_; std::this_thread::sleep_for(kGlance)) {
    if (Clock::now() >= next_spans) {
      learn_spans();
      take_checkpoint();
      next_spans = Clock::now() + kSpanPeriod;
    }
    if (Clock::now() < next_block) continue;
    next_block += kBlockPeriod;
    const bool has_grown = answers_.change([](BorScript& bor) { return bor.grow(); });
    if (has_grown && ++sealed % kBlocksPerKeep == 0) keep();
  }
  keep();
}

}  // namespace buri::devnet
