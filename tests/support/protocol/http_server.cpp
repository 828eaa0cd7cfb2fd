#include "tests/support/protocol/http_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "base/check.hpp"

namespace buri::testing {
namespace {

constexpr int kBacklog = 16;
constexpr int kPollMs = 20;
constexpr long kCertificateSeconds = 3600;

template <class Write>
std::string pem_of(Write write) {
  BIO* bio = BIO_new(BIO_s_mem());
  CHECK(write(bio) == 1, "a PEM cannot be written");
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(length));
  BIO_free(bio);
  return text;
}

std::size_t content_length(const std::string& head) {
  const auto at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
}

}  // namespace

HttpReply http_ok(const std::string& body) {
  HttpReply reply;
  reply.bytes = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body;
  return reply;
}

HttpReply http_status(int status) {
  HttpReply reply;
  reply.bytes = "HTTP/1.1 " + std::to_string(status) + " No\r\nContent-Length: 0\r\n\r\n";
  return reply;
}

TestCertificate make_certificate(const std::string& names) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -kCertificateSeconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate), kCertificateSeconds);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* common_name = reinterpret_cast<const unsigned char*>("localhost");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  for (const auto& [id, text] : {std::pair{NID_subject_alt_name, names.c_str()},
                                 std::pair{NID_basic_constraints, "critical,CA:TRUE"}}) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, text);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }
  CHECK(X509_sign(certificate, key, EVP_sha256()) > 0, "the certificate cannot be signed");
  TestCertificate result;
  result.certificate_pem = pem_of([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
  result.key_pem = pem_of([&](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
  X509_free(certificate);
  EVP_PKEY_free(key);
  return result;
}

struct HttpServer::Tls {
  explicit Tls(const TestCertificate& pem) : context(SSL_CTX_new(TLS_server_method())) {
    BIO* bio = BIO_new_mem_buf(pem.certificate_pem.data(), -1);
    X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    bio = BIO_new_mem_buf(pem.key_pem.data(), -1);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    SSL_CTX_use_certificate(context, certificate);
    SSL_CTX_use_PrivateKey(context, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~Tls() { SSL_CTX_free(context); }

  SSL_CTX* context;
};

namespace {

/// Bytes over a socket, through TLS if there is a session.
struct Wire {
  int descriptor;
  SSL* session;

  [[nodiscard]] bool read(std::string& target) const {
    char buffer[4096];
    const auto count = session != nullptr ? SSL_read(session, buffer, sizeof buffer)
                                          : ::recv(descriptor, buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    target.append(buffer, static_cast<std::size_t>(count));
    return true;
  }
  [[nodiscard]] bool write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto count = session != nullptr
                             ? SSL_write(session, bytes.data(), static_cast<int>(bytes.size()))
                             : ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
};

bool read_request(const Wire& wire, HttpRequest& request) {
  std::string bytes;
  std::size_t head_end = std::string::npos;
  while ((head_end = bytes.find("\r\n\r\n")) == std::string::npos) {
    if (!wire.read(bytes)) return false;
  }
  request.head = bytes.substr(0, head_end + 4);
  request.body = bytes.substr(head_end + 4);
  while (request.body.size() < content_length(request.head)) {
    if (!wire.read(request.body)) return false;
  }
  return true;
}

bool write_reply(const Wire& wire, const HttpReply& reply) {
  std::this_thread::sleep_for(reply.delay);
  std::string_view rest = reply.bytes;
  while (!rest.empty()) {
    const std::string_view piece = rest.substr(0, reply.piece == 0 ? rest.size() : reply.piece);
    if (!wire.write(piece)) return false;
    rest.remove_prefix(piece.size());
    if (!rest.empty()) std::this_thread::sleep_for(reply.between_pieces);
  }
  return !reply.closes;
}

}  // namespace

HttpServer::HttpServer(Handler handler, const TestCertificate* certificate)
    : handler_(std::move(handler)),
      tls_(certificate == nullptr ? nullptr : std::make_unique<Tls>(*certificate)) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets that the peer has closed
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  CHECK(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), length) == 0 &&
            ::listen(listener_, kBacklog) == 0 &&
            ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) == 0,
        "no port on the loopback interface");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

HttpServer::~HttpServer() {
  ends_ = true;
  acceptor_.join();
  close_connections();
  for (auto& thread : threads_) thread.join();
  ::close(listener_);
}

std::string HttpServer::url() const {
  return (tls_ == nullptr ? "http://127.0.0.1:" : "https://localhost:") + std::to_string(port_);
}

void HttpServer::close_connections() {
  const std::lock_guard lock(mutex_);
  for (const int descriptor : open_) ::shutdown(descriptor, SHUT_RDWR);
}

void HttpServer::accept_all() {
  while (!ends_) {
    pollfd ready{listener_, POLLIN, 0};
    if (::poll(&ready, 1, kPollMs) != 1) continue;
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) continue;
    ++connections_;
    const std::lock_guard lock(mutex_);
    open_.push_back(descriptor);
    threads_.emplace_back([this, descriptor] { serve(descriptor); });
  }
}

void HttpServer::serve(int descriptor) {
  SSL* session = nullptr;
  bool goes_on = true;
  if (tls_ != nullptr) {
    session = SSL_new(tls_->context);
    SSL_set_fd(session, descriptor);
    goes_on = SSL_accept(session) == 1;
  }
  const Wire wire{descriptor, session};
  HttpRequest request;
  while (goes_on && read_request(wire, request)) {
    ++requests_;
    goes_on = write_reply(wire, handler_(request));
  }
  SSL_free(session);
  const std::lock_guard lock(mutex_);
  std::erase(open_, descriptor);
  ::close(descriptor);
}

}  // namespace buri::testing
