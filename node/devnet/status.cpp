#include "node/devnet/status.hpp"

#include <charconv>

#include "base/check.hpp"
#include "base/clock.hpp"
#include "hsm/signer/admin_client.hpp"

namespace buri::devnet {
namespace {

namespace json = boost::json;
using protocol::json_rpc::HttpTransport;

constexpr std::chrono::milliseconds kPeriod{500};
constexpr std::chrono::milliseconds kGlance{50};
constexpr std::chrono::seconds kPatience{2};
constexpr std::string_view kQuestions =
    R"([{"jsonrpc":"2.0","id":1,"method":"status","params":{}},)"
    R"({"jsonrpc":"2.0","id":2,"method":"net_info","params":{}},)"
    R"({"jsonrpc":"2.0","id":3,"method":"consensus_state","params":{}}])";

/// The text at a path of objects; empty if it is not there.
std::string text_at(const json::value& answer, std::string_view pointer) {
  boost::system::error_code missing;
  const json::value* found = answer.find_pointer(pointer, missing);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : "";
}

template <class Integer>
Integer number_of(std::string_view text) {
  Integer value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void read_answer(const json::value& answer, ValidatorStatus& status) {
  const std::string height = text_at(answer, "/result/sync_info/latest_block_height");
  if (!height.empty()) {
    status.answers = true;
    status.height = number_of<std::int64_t>(height);
    status.hash = text_at(answer, "/result/sync_info/latest_block_hash");
  }
  const std::string peers = text_at(answer, "/result/n_peers");
  if (!peers.empty()) status.peers = number_of<std::size_t>(peers);
  const std::string place = text_at(answer, "/result/round_state/height~1round~1step");
  const auto slash = place.find('/');
  if (slash != std::string::npos) status.round = number_of<std::int32_t>(place.substr(slash + 1));
}

/// "ACTIVE" from "state ACTIVE\n...".
std::string signer_state(const std::string& socket) {
  if (socket.empty()) return "file";
  const auto said = hsm::signer::say_to_signer(socket, "status");
  if (!said.ok() || !said->starts_with("state ")) return "none";
  return said->substr(6, said->find('\n') - 6);
}

}  // namespace

StatusBoard::StatusBoard(std::vector<StatusSource> sources)
    : sources_(std::move(sources)), statuses_(sources_.size()) {
  std::vector<protocol::endpoints::Url> urls;
  for (const StatusSource& source : sources_) {
    const auto url =
        protocol::endpoints::parse_url("http://127.0.0.1:" + std::to_string(source.rpc_port));
    CHECK(url.ok(), "an address of the loopback interface is one");
    urls.push_back(*url);
  }
  auto transport = HttpTransport::create(std::move(urls), {}, system_clock());
  CHECK(transport.ok(), "plain HTTP needs no files");
  transport_ = std::move(transport).value();
  thread_ = std::thread([this] { run(); });
}

StatusBoard::~StatusBoard() {
  ends_ = true;
  thread_.join();
}

std::vector<ValidatorStatus> StatusBoard::now() const {
  const std::lock_guard lock(mutex_);
  return statuses_;
}

void StatusBoard::run() {
  while (!ends_) {
    const MonotonicTime next = system_clock().monotonic() + kPeriod;
    for (std::size_t i = 0; i < sources_.size() && !ends_; ++i) {
      ValidatorStatus status = ask(i, now()[i]);
      const std::lock_guard lock(mutex_);
      statuses_[i] = std::move(status);
    }
    while (!ends_ && system_clock().monotonic() < next) std::this_thread::sleep_for(kGlance);
  }
}

ValidatorStatus StatusBoard::ask(std::size_t index, ValidatorStatus last) const {
  ValidatorStatus status = std::move(last);
  status.answers = false;
  status.peers = 0;
  const auto body = transport_->post(index, kQuestions, system_clock().monotonic() + kPatience);
  if (body.ok()) {
    boost::system::error_code fault;
    const json::value answers = json::parse(*body, fault);
    if (!fault && answers.is_array()) {
      for (const json::value& answer : answers.as_array()) read_answer(answer, status);
    }
  }
  status.signer = signer_state(sources_[index].signer_admin);
  return status;
}

}  // namespace buri::devnet
