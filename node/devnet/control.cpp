#include "node/devnet/control.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

namespace buri::devnet {
namespace {

namespace json = boost::json;

constexpr int kBacklog = 16;
constexpr std::size_t kMaxLineBytes = std::size_t{1} << 20;

Result<sockaddr_un, std::string> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Failure{path + " is too long for a socket; give --home a shorter folder"};
  }
  path.copy(address.sun_path, path.size());
  return address;
}

void limit(int descriptor, std::chrono::seconds patience) {
  const timeval time{patience.count(), 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

/// One line as an object; nothing if the other side says no such thing in time.
std::optional<json::object> read_line(int descriptor) {
  std::string line;
  char buffer[4096];
  while (!line.ends_with('\n')) {
    const ssize_t count = ::recv(descriptor, buffer, sizeof buffer, 0);
    if (count <= 0 || line.size() > kMaxLineBytes) return std::nullopt;
    line.append(buffer, static_cast<std::size_t>(count));
  }
  boost::system::error_code fault;
  json::value value = json::parse(line, fault);
  if (fault || !value.is_object()) return std::nullopt;
  return std::move(value.as_object());
}

bool write_line(int descriptor, const json::object& object) {
  const std::string line = json::serialize(object) + "\n";
  std::size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t count = ::send(descriptor, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace

Result<ControlServer, std::string> ControlServer::listen(const std::string& path) {
  ASSIGN_OR_RETURN(const sockaddr_un address, address_of(path));
  Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  ::unlink(path.c_str());
  if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener.get(), kBacklog) != 0) {
    return Failure{path + ": " + std::strerror(errno)};
  }
  return ControlServer(std::move(listener));
}

void ControlServer::serve_one(const ControlHandler& handler) const {
  const Descriptor caller(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!caller.is_open()) return;
  limit(caller.get(), std::chrono::seconds(1));
  const auto question = read_line(caller.get());
  if (!question) return;
  auto answer = handler(*question);
  write_line(caller.get(), answer.ok() ? *answer : json::object{{"error", answer.error()}});
}

Result<json::object, std::string> ask_devnet(const std::string& path, const json::object& question,
                                             std::chrono::seconds patience) {
  ASSIGN_OR_RETURN(const sockaddr_un address, address_of(path));
  const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  limit(socket.get(), patience);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return Failure{"no devnet runs at " + path + "; `buri devnet up` starts one"};
  }
  std::optional<json::object> answer;
  if (write_line(socket.get(), question)) answer = read_line(socket.get());
  if (!answer) return Failure{std::string("the devnet ended or did not answer in time")};
  if (const json::value* error = answer->if_contains("error")) {
    return Failure{std::string(error->as_string())};
  }
  return *std::move(answer);
}

}  // namespace buri::devnet
