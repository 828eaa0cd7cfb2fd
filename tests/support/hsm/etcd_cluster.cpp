#include "tests/support/hsm/etcd_cluster.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/check.hpp"
#include "base/random.hpp"

extern char** environ;

namespace buri::hsm::testing_support {
namespace {

namespace fs = std::filesystem;

// Below the ports that the kernel gives to outgoing connections, which would take a stopped
// member's port.
constexpr std::uint64_t kFirstPort = 20000;
constexpr std::uint64_t kPortCount = 12000;

std::uint16_t free_port() {
  for (;;) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto port = static_cast<std::uint16_t>(kFirstPort + system_random().below(kPortCount));
    address.sin_port = htons(port);
    const bool is_free = ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    if (is_free) return port;
  }
}

pid_t spawn(const std::vector<std::string>& arguments, const std::string& log) {
  std::vector<char*> pointers;
  for (const std::string& one : arguments) pointers.push_back(const_cast<char*>(one.c_str()));
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  for (const int number : {STDOUT_FILENO, STDERR_FILENO}) {
    ::posix_spawn_file_actions_addopen(&actions, number, log.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                       0600);
  }
  pid_t process = 0;
  const int error =
      ::posix_spawnp(&process, pointers[0], &actions, nullptr, pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? process : 0;
}

bool run_to_end(const std::vector<std::string>& arguments, const std::string& log) {
  const pid_t process = spawn(arguments, log);
  int status = 0;
  return process != 0 && ::waitpid(process, &status, 0) == process && status == 0;
}

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string url(std::string_view scheme, std::uint16_t port) {
  return std::string(scheme) + "://127.0.0.1:" + std::to_string(port);
}

}  // namespace

std::unique_ptr<EtcdCluster> EtcdCluster::start() {
  if (std::system("command -v etcd >/dev/null && command -v openssl >/dev/null") != 0) return {};
  auto cluster = std::unique_ptr<EtcdCluster>(new EtcdCluster);
  std::string pattern = (fs::temp_directory_path() / "buri-etcd-XXXXXX").string();
  CHECK(::mkdtemp(pattern.data()) != nullptr, "a temporary folder");
  cluster->folder_ = pattern;
  for (std::size_t i = 0; i < kMemberCount; ++i) {
    cluster->members_.push_back({free_port(), free_port(), 0});
  }
  cluster->make_certificates();
  cluster->run_all();
  return cluster;
}

EtcdCluster::~EtcdCluster() {
  stop_all();
  fs::remove_all(folder_);
}

// One self-signed certificate serves as authority, server and client.
void EtcdCluster::make_certificates() const {
  const bool made = run_to_end(
      {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
       "-nodes", "-days", "2", "-subj", "/CN=buri test", "-addext", "subjectAltName=IP:127.0.0.1",
       "-keyout", folder_ + "/key.pem", "-out", folder_ + "/certificate.pem"},
      folder_ + "/openssl.log");
  CHECK(made, "openssl makes a certificate");
}

std::vector<std::string> EtcdCluster::endpoints() const {
  std::vector<std::string> all;
  for (const Member& member : members_) {
    all.push_back("127.0.0.1:" + std::to_string(member.client_port));
  }
  return all;
}

std::uint16_t EtcdCluster::client_port(std::size_t member) const {
  return members_[member].client_port;
}
std::string EtcdCluster::authority_pem() const { return read_file(folder_ + "/certificate.pem"); }
std::string EtcdCluster::certificate_pem() const { return authority_pem(); }
std::string EtcdCluster::key_pem() const { return read_file(folder_ + "/key.pem"); }

void EtcdCluster::kill(std::size_t member) {
  pid_t& process = members_[member].process;
  if (process == 0) return;
  ::kill(process, SIGKILL);
  ::waitpid(process, nullptr, 0);
  process = 0;
}

void EtcdCluster::run(std::size_t member) {
  if (members_[member].process != 0) return;
  std::string peers;
  for (std::size_t i = 0; i < kMemberCount; ++i) {
    peers += (i == 0 ? "m" : ",m") + std::to_string(i) + "=" + url("http", members_[i].peer_port);
  }
  const std::string name = "m" + std::to_string(member);
  const std::string client = url("https", members_[member].client_port);
  const std::string peer = url("http", members_[member].peer_port);
  members_[member].process = spawn({"etcd",
                                    "--name",
                                    name,
                                    "--data-dir",
                                    folder_ + "/" + name,
                                    "--listen-client-urls",
                                    client,
                                    "--advertise-client-urls",
                                    client,
                                    "--listen-peer-urls",
                                    peer,
                                    "--initial-advertise-peer-urls",
                                    peer,
                                    "--initial-cluster",
                                    peers,
                                    "--initial-cluster-state",
                                    "new",
                                    "--heartbeat-interval",
                                    "20",
                                    "--election-timeout",
                                    "200",
                                    "--cert-file",
                                    folder_ + "/certificate.pem",
                                    "--key-file",
                                    folder_ + "/key.pem",
                                    "--client-cert-auth",
                                    "--trusted-ca-file",
                                    folder_ + "/certificate.pem"},
                                   folder_ + "/" + name + ".log");
  CHECK(members_[member].process != 0, "etcd starts");
}

void EtcdCluster::stop_all() {
  for (std::size_t i = 0; i < kMemberCount; ++i) kill(i);
}

void EtcdCluster::run_all() {
  for (std::size_t i = 0; i < kMemberCount; ++i) run(i);
}

void EtcdCluster::back_up() {
  stop_all();
  for (std::size_t i = 0; i < kMemberCount; ++i) {
    const std::string data = folder_ + "/m" + std::to_string(i);
    fs::copy(data, data + ".old", fs::copy_options::recursive);
  }
  run_all();
}

void EtcdCluster::restore() {
  stop_all();
  for (std::size_t i = 0; i < kMemberCount; ++i) {
    const std::string data = folder_ + "/m" + std::to_string(i);
    fs::remove_all(data);
    fs::rename(data + ".old", data);
  }
  run_all();
}

}  // namespace buri::hsm::testing_support
