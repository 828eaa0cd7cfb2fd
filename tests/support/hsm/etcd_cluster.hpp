#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

/// A real etcd cluster of three members on loopback, behind TLS, for tests: members can be killed,
/// stopped and set back to an old copy of their data.

namespace buri::hsm::testing_support {

/// Forwards TCP connections to one port of loopback; cut() drops them and refuses new ones.
class TcpProxy {
 public:
  explicit TcpProxy(std::uint16_t target_port);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// While cut, nothing passes: what arrives is neither forwarded nor answered.
  void cut(bool is_cut);

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::uint16_t port_ = 0;
};

class EtcdCluster {
 public:
  static constexpr std::size_t kMemberCount = 3;

  /// Starts all members and waits until they have a leader; nothing if etcd or openssl is missing.
  static std::unique_ptr<EtcdCluster> start();
  ~EtcdCluster();

  /// "127.0.0.1:PORT" of each member.
  [[nodiscard]] std::vector<std::string> endpoints() const;
  [[nodiscard]] std::uint16_t client_port(std::size_t member) const;
  [[nodiscard]] std::string authority_pem() const;
  [[nodiscard]] std::string certificate_pem() const;
  [[nodiscard]] std::string key_pem() const;

  void kill(std::size_t member);
  void run(std::size_t member);
  /// Stops all members, copies their data aside, starts them again.
  void back_up();
  /// Stops all members, puts the copies back, starts them again.
  void restore();

 private:
  EtcdCluster() = default;
  void make_certificates() const;
  void stop_all();
  void run_all();

  struct Member {
    std::uint16_t client_port = 0;
    std::uint16_t peer_port = 0;
    pid_t process = 0;
  };
  std::string folder_;
  std::vector<Member> members_;
};

}  // namespace buri::hsm::testing_support
