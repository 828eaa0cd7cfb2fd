#include "hsm/signer/admin_client.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>

namespace buri::hsm::signer {
namespace {

constexpr timeval kPatience{15, 0};
constexpr std::size_t kAnswerBytes = std::size_t{2} << 20;

bool send_words(int socket, const std::string& words, int descriptor) {
  iovec part{const_cast<char*>(words.data()), words.size()};
  alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof descriptor)> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (descriptor >= 0) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof descriptor);
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  }
  return ::sendmsg(socket, &message, MSG_NOSIGNAL) == static_cast<ssize_t>(words.size());
}

}  // namespace

Result<std::string, std::string> say_to_signer(const std::string& socket_path,
                                               const std::string& words, int descriptor) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof address.sun_path) return Failure{socket_path + ": too long"};
  socket_path.copy(address.sun_path, socket_path.size());
  const int socket = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  std::string answer(kAnswerBytes, '\0');
  ssize_t count = -1;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      send_words(socket, words, descriptor)) {
    count = ::recv(socket, answer.data(), answer.size(), 0);
  }
  ::close(socket);
  if (count <= 0) return Failure{socket_path + ": no signer answers there, or not to you"};
  answer.resize(static_cast<std::size_t>(count));
  if (answer.starts_with("ok ")) return answer.substr(3);
  return Failure{answer.starts_with("error ") ? answer.substr(6) : answer};
}

}  // namespace buri::hsm::signer
