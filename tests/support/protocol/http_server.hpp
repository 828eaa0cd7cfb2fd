#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// An HTTP server on the loopback interface that answers as it is told, also wrongly.

namespace buri::testing {

/// What is done with one request.
struct HttpReply {
  std::string bytes;                   ///< written as they are: status line, headers, body
  std::chrono::milliseconds delay{0};  ///< before the first byte
  std::size_t piece = 0;               ///< bytes written at once; 0: all
  std::chrono::milliseconds between_pieces{0};
  bool closes = false;  ///< the connection ends after the bytes
};

/// "HTTP/1.1 200 OK" with this body.
HttpReply http_ok(const std::string& body);
/// Another status, without a body.
HttpReply http_status(int status);

/// One request as it came.
struct HttpRequest {
  std::string head;
  std::string body;
};

/// A certificate that signs itself, and its key.
struct TestCertificate {
  std::string certificate_pem;
  std::string key_pem;
};
/// `names` as OpenSSL writes a subjectAltName.
TestCertificate make_certificate(const std::string& names = "DNS:localhost,IP:127.0.0.1");

/// Serves until it is destroyed; one thread a connection.
class HttpServer {
 public:
  using Handler = std::function<HttpReply(const HttpRequest& request)>;

  /// With TLS if a certificate is given.
  explicit HttpServer(Handler handler, const TestCertificate* certificate = nullptr);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// "http://127.0.0.1:port", or "https://localhost:port".
  [[nodiscard]] std::string url() const;
  [[nodiscard]] int connections() const { return connections_; }
  [[nodiscard]] int requests() const { return requests_; }
  /// Closes every connection that is open, as a server does with idle ones.
  void close_connections();

 private:
  struct Tls;
  void accept_all();
  void serve(int descriptor);

  Handler handler_;
  std::unique_ptr<Tls> tls_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> ends_{false};
  std::atomic<int> connections_{0};
  std::atomic<int> requests_{0};
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace buri::testing
