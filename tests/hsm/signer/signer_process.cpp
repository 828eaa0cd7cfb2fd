#include "tests/hsm/signer/signer_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>

#include "accel/hasher.hpp"
#include "base/hex.hpp"
#include "hsm/rules/record.hpp"
#include "hsm/signer/posix_disk.hpp"
#include "hsm/signer/state_file.hpp"
#include "hsm/wire/plain_extension.hpp"
#include "hsm/wire/vote_extension.hpp"
#include "tests/hsm/fixture/worker_setup.hpp"

extern char** environ;

namespace buri::hsm::test {
namespace {

constexpr std::string_view kChain = "heimdall-test";
constexpr std::uint32_t kTimeoutMs = 2000;

std::string read_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

Line::Line(const std::string& path) : descriptor_(::socket(AF_UNIX, SOCK_SEQPACKET, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  timeval patience{5, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  is_open_ = ::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

Line::~Line() { ::close(descriptor_); }

std::optional<Bytes> Line::ask(ByteView frame) {
  if (::send(descriptor_, frame.data(), frame.size(), MSG_NOSIGNAL) < 0) return std::nullopt;
  Bytes answer(wire::kMaxFrameBytes);
  const ssize_t count = ::recv(descriptor_, answer.data(), answer.size(), 0);
  if (count <= 0) return std::nullopt;
  answer.resize(static_cast<std::size_t>(count));
  return answer;
}

wire::ResponseBody Line::ask(const wire::RequestBody& body) {
  const auto answer = ask(wire::encode_request({7, kTimeoutMs, body}));
  CHECK(answer.has_value(), "the signer answers");
  auto response = wire::decode_response(*answer);
  CHECK(response.ok() && response->id == 7, "the signer's answers are well-formed");
  return response->body;
}

SignerProcess::SignerProcess(const SoftHsmToken& token, const std::string& more_configuration) {
  std::string pattern = "/tmp/buri-signer-XXXXXX";
  CHECK(::mkdtemp(pattern.data()) != nullptr, "a temporary folder");
  folder_ = pattern;
  public_key_.bytes[0] = 0x04;
  std::copy_n(token.public_key().data(), 64, public_key_.data() + 1);
  const ByteView point = token.public_key();
  Hash256 hash;
  accel::scalar_hasher().keccak256_batch({&point, 1}, {&hash, 1});
  address_ = Address::from(ByteView(hash).last(Address::kSize));
  write_files(token, more_configuration);
}

SignerProcess::~SignerProcess() {
  if (process_ != 0) stop(SIGKILL);
  std::filesystem::remove_all(folder_);
}

void SignerProcess::write_files(const SoftHsmToken& token,
                                const std::string& more_configuration) const {
  std::filesystem::create_directory(folder_ / "state");
  std::filesystem::create_directory(folder_ / "audit");
  auto disk = signer::open_posix_disk(folder_ / "state");
  const Bytes record = rules::encode_record(rules::start_consensus(kFirstHeight));
  CHECK(disk.ok() && signer::StateFile::create(**disk, {address_, "consensus"}, record).ok(),
        "fresh sign-state");
  std::ofstream(folder_ / "policy.toml") << "version = 1\n[consensus]\nchain_id = \"" << kChain
                                         << "\"\nmax_per_minute = 1000000\n"
                                            "[checkpoint]\nbor_chain_id = 7\n";
  const std::string folder = folder_.string();
  const std::string user = "users = [\"" + std::to_string(::getuid()) + "\"]\n";
  std::ofstream(folder_ / "signer.toml")
      << "[key]\npublic_key = \"" << to_hex(public_key_) << "\"\n"
      << "[state]\ndirectory = \"" << folder << "/state\"\naudit_directory = \"" << folder
      << "/audit\"\nledgers = [\"consensus\"]\npolicy_file = \"" << folder << "/policy.toml\"\n"
      << "activates_by_itself = true\n"
      << "[hsm]\nworker = \"" << BURI_HSM_PROGRAM
      << "\"\n[[hsm.device]]\nname = \"first\"\nuri = \"" << token.key_uri() << "\"\nprofile = \""
      << device_of(token).profile << "\"\npin_file = \"" << token.pin_file()
      << "\"\nenvironment = [\"SOFTHSM2_CONF=" << SoftHsm::instance().config_path() << "\"]\n"
      << "[[socket]]\npath = \"" << consensus_socket()
      << "\"\npurposes = [\"proposal\", \"vote\"]\n"
      << user << "[[clef]]\npath = \"" << clef_socket()
      << "\"\npurposes = [\"bor_header\"]\nbor_chain_id = 7\n"
      << user << "[admin]\npath = \"" << folder << "/admin.sock\"\n"
      << user << "[metrics]\npath = \"" << metrics_socket() << "\"\n"
      << user << more_configuration;
}

void SignerProcess::start() {
  launch();
  const auto is_there = [this] { return std::filesystem::exists(folder_ / "metrics.sock"); };
  if (!eventually(is_there)) std::fputs(this->log().c_str(), stderr);
}

void SignerProcess::launch() {
  const std::string config = folder_ / "signer.toml";
  const std::string log = folder_ / "log";
  // The leak checker of the address sanitizer traces its process, which the signer's filter
  // forbids.
  ::setenv("LSAN_OPTIONS", "detect_leaks=0", 1);
  const char* arguments[] = {BURI_SIGNER_PROGRAM, "--config", config.c_str(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
  CHECK(::posix_spawn(&process_, arguments[0], &actions, nullptr,
                      const_cast<char* const*>(arguments), environ) == 0,
        "buri-signer starts");
  ::posix_spawn_file_actions_destroy(&actions);
}

int SignerProcess::stop(int signal_number) {
  int status = 0;
  ::kill(process_, signal_number);
  ::waitpid(process_, &status, 0);
  process_ = 0;
  std::filesystem::remove(folder_ / "metrics.sock");
  return status;
}

std::vector<pid_t> SignerProcess::workers() const {
  std::vector<pid_t> found;
  const std::filesystem::path tasks = "/proc/" + std::to_string(process_) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks)) {
    std::istringstream children(read_file(task.path() / "children"));
    for (pid_t child = 0; children >> child;) found.push_back(child);
  }
  return found;
}

std::string SignerProcess::say(const std::string& words) const {
  Line line(folder_ / "admin.sock");
  const auto answer = line.ask(as_bytes(words));
  return answer ? std::string(as_text(*answer)) : "";
}

bool SignerProcess::reaches(const std::string& state) const {
  return eventually([&] { return say("status").starts_with("ok state " + state + "\n"); });
}

std::string SignerProcess::log() const { return read_file(folder_ / "log"); }

wire::SignVote SignerProcess::prevote(std::int64_t height, std::uint8_t block) const {
  wire::SignVote vote;
  vote.chain_id = kChain;
  vote.height = height;
  vote.block_id.hash.emplace().bytes.fill(block);
  vote.block_id.parts.total = 1;
  vote.block_id.parts.hash.emplace().bytes.fill(block);
  vote.timestamp.seconds = std::chrono::duration_cast<std::chrono::seconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  vote.validator_address = address_;
  return vote;
}

wire::SignVote SignerProcess::precommit(std::int64_t height, std::uint8_t block) const {
  wire::SignVote vote = prevote(height, block);
  vote.type = wire::VoteType::kPrecommit;
  wire::VoteExtension extension;
  extension.block_hash.assign(vote.block_id.hash->bytes.begin(), vote.block_id.hash->bytes.end());
  extension.height = height;
  vote.extension = wire::encode_vote_extension(extension);
  vote.plain_extension = wire::plain_dummy(wire::ExtensionForm::kBanner, height, kChain);
  return vote;
}

}  // namespace buri::hsm::test
