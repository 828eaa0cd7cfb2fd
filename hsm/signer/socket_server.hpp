#pragma once

#include <sys/types.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "hsm/signer/peer.hpp"

/// A unix socket whose peers are known by what the kernel says of them: a peer that is not on the
/// list is turned away before a byte of it is read.

namespace buri::hsm::signer {

/// A frame and the file descriptor that may come with it (-1: none; owned by the handler).
struct Frame {
  ByteView bytes;
  int descriptor = -1;
};

/// Makes the answer to a frame; an empty one closes the connection.
using FrameHandler = std::function<Bytes(const Frame& frame, const Peer& peer)>;

/// What a frame is.
enum class Framing : std::uint8_t {
  kPacket,  ///< a message of a SOCK_SEQPACKET socket
  kLine,    ///< a line of a SOCK_STREAM socket, without its end
};

struct SocketOptions {
  std::string path;
  Framing framing = Framing::kPacket;
  mode_t mode = 0660;
  std::vector<std::uint32_t> uids;  ///< who may connect; empty lists admit nobody
  std::vector<std::uint32_t> gids;
  std::size_t max_frame_bytes = 64 * 1024;
  std::size_t max_connections = 16;  ///< a further one is turned away
  std::chrono::milliseconds send_patience{200};
};

/// Serves one socket with one thread: requests of all its connections one after the other.
class SocketServer {
 public:
  /// Binds and listens; replaces a socket file that nobody listens on. The error is a sentence.
  static Result<std::unique_ptr<SocketServer>, std::string> listen(const SocketOptions& options,
                                                                   FrameHandler handler,
                                                                   Logger logger, Metrics& metrics);
  /// Closes every connection and removes the socket file.
  ~SocketServer();

 private:
  struct Connection {
    int descriptor;
    Peer peer;
    Bytes line;  ///< the begun one
  };

  SocketServer(SocketOptions options, FrameHandler handler, Logger logger, Metrics& metrics);
  Status<std::string> bind_socket();
  void run();
  void accept_one();
  bool serve(Connection& connection);
  bool take_lines(Connection& connection, ByteView bytes);
  bool answer(Connection& connection, ByteView bytes, int descriptor);

  const SocketOptions options_;
  FrameHandler handler_;
  Logger logger_;
  Counter& turned_away_;
  Counter& dropped_;
  int listener_ = -1;
  int wake_ = -1;
  std::vector<Connection> connections_;
  Bytes buffer_;
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

}  // namespace buri::hsm::signer
