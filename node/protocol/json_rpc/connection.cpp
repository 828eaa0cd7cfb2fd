#include "node/protocol/json_rpc/connection.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>

#include <sstream>

namespace buri::protocol::json_rpc {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::asio::ip::tcp;
using ErrorCode = boost::system::error_code;

constexpr std::uint32_t kMaxHeaderBytes = 16 * 1024;

std::chrono::nanoseconds time_left(const Clock& clock, MonotonicTime deadline) {
  return std::max<std::chrono::nanoseconds>(deadline - clock.monotonic(),
                                            std::chrono::nanoseconds(0));
}

using TlsStream = boost::asio::ssl::stream<beast::tcp_stream>;

/// Ends every operation: one type, so that the machinery below an operation is compiled once.
struct Done {
  ErrorCode* result;

  void operator()(const ErrorCode& error, auto&&...) const { *result = error; }
};

/// Sets the deadline of what follows, starts it and waits for its end.
template <class Stream, class Start>
ErrorCode run(boost::asio::io_context& context, Stream& stream, std::chrono::nanoseconds patience,
              Start start) {
  if (patience.count() <= 0) return beast::error::timeout;
  beast::get_lowest_layer(stream).expires_after(patience);
  ErrorCode result = beast::error::timeout;
  start(Done{&result});
  context.restart();
  context.run();
  return result;
}

TransportError error_of(const ErrorCode& error) {
  if (error == beast::error::timeout) return TransportError::kTimeout;
  if (error == http::error::body_limit || error == http::error::header_limit ||
      error == http::error::buffer_overflow) {
    return TransportError::kTooLarge;
  }
  if (error == http::error::end_of_stream || error == http::error::partial_message) {
    return TransportError::kClosed;
  }
  if (error.category() == make_error_code(http::error::bad_version).category()) {
    return TransportError::kMalformed;
  }
  return TransportError::kClosed;
}

std::optional<TransportError> refusal(http::status status) {
  switch (status) {
    case http::status::ok:
      return std::nullopt;
    case http::status::unauthorized:
    case http::status::forbidden:
      return TransportError::kDenied;
    case http::status::too_many_requests:
    case http::status::service_unavailable:
      return TransportError::kOverloaded;
    default:
      return TransportError::kOtherStatus;
  }
}

/// All bytes of the request: one buffer is written with far less code than Beast's serializer.
std::string request_of(const endpoints::Url& url, std::string_view body) {
  http::request<http::empty_body> request{http::verb::post, url.target, 11};
  request.set(http::field::host, url.authority());
  request.set(http::field::user_agent, "buri");
  request.set(http::field::content_type, "application/json");
  request.set(http::field::accept, "application/json");
  if (!url.authorization.empty()) request.set(http::field::authorization, url.authorization);
  request.keep_alive(true);
  request.content_length(body.size());
  std::ostringstream text;
  text << request.base() << body;
  return std::move(text).str();
}

/// `Stream` is the TCP stream or TLS over it.
template <class Stream>
class HttpConnection final : public Connection {
 public:
  template <class... Arguments>
  HttpConnection(const endpoints::Url& url, const Clock& clock, Arguments&... arguments)
      : url_(url), clock_(clock), stream_(context_, arguments...) {}

  Status<TransportError> open(std::span<const tcp::endpoint> addresses, MonotonicTime deadline) {
    TransportError last = TransportError::kConnect;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      const auto share =
          time_left(clock_, deadline) / static_cast<std::int64_t>(addresses.size() - i);
      auto& tcp_stream = beast::get_lowest_layer(stream_);
      const ErrorCode error = run(context_, stream_, share, [&](const Done& done) {
        tcp_stream.async_connect(addresses[i], done);
      });
      if (!error) {
        ErrorCode ignored;
        tcp_stream.socket().set_option(tcp::no_delay(true), ignored);
        return secure(deadline);
      }
      last = error == beast::error::timeout ? TransportError::kTimeout : TransportError::kConnect;
      tcp_stream.close();
    }
    return Failure{last};
  }

  Result<HttpAnswer, HttpFailure> post(std::string_view body, std::uint64_t max_bytes,
                                       MonotonicTime deadline) override {
    const std::string request = request_of(url_, body);
    const ErrorCode sent =
        run(context_, stream_, time_left(clock_, deadline), [&](const Done& done) {
          boost::asio::async_write(stream_, boost::asio::buffer(request), done);
        });
    if (sent) {
      return Failure{HttpFailure{error_of(sent), sent != beast::error::timeout}};
    }
    http::response_parser<http::string_body> parser;
    parser.header_limit(kMaxHeaderBytes);
    parser.body_limit(max_bytes);
    const ErrorCode read =
        run(context_, stream_, time_left(clock_, deadline),
            [&](const Done& done) { http::async_read(stream_, buffer_, parser, done); });
    if (read) {
      const bool is_silent = !parser.got_some() && read != beast::error::timeout;
      return Failure{HttpFailure{error_of(read), is_silent}};
    }
    return finish(parser);
  }

 private:
  Status<TransportError> secure(MonotonicTime deadline) {
    if constexpr (!std::is_same_v<Stream, beast::tcp_stream>) {
      // The name is sent only if it is one; the verifier knows names and addresses.
      ErrorCode not_numeric;
      boost::asio::ip::make_address(url_.host, not_numeric);
      if (not_numeric &&
          SSL_set_tlsext_host_name(stream_.native_handle(), url_.host.c_str()) != 1) {
        return Failure{TransportError::kTls};
      }
      stream_.set_verify_callback(boost::asio::ssl::host_name_verification(url_.host));
      const ErrorCode error =
          run(context_, stream_, time_left(clock_, deadline), [&](const Done& done) {
            stream_.async_handshake(boost::asio::ssl::stream_base::client, done);
          });
      if (error == beast::error::timeout) return Failure{TransportError::kTimeout};
      if (error) return Failure{TransportError::kTls};
    }
    return Unit{};
  }

  Result<HttpAnswer, HttpFailure> finish(http::response_parser<http::string_body>& parser) {
    if (const auto refused = refusal(parser.get().result())) return Failure{HttpFailure{*refused}};
    const auto coding = parser.get()[http::field::content_encoding];
    if (!coding.empty() && coding != "identity") {
      return Failure{HttpFailure{TransportError::kMalformed}};
    }
    // Bytes behind the answer belong to no request.
    const bool keeps = parser.get().keep_alive() && buffer_.size() == 0;
    return HttpAnswer{std::move(parser.get().body()), keeps};
  }

  const endpoints::Url& url_;
  const Clock& clock_;
  boost::asio::io_context context_{1};
  Stream stream_;
  beast::flat_buffer buffer_{kMaxHeaderBytes * 4};
};

template <class Stream, class... Arguments>
Result<std::unique_ptr<Connection>, TransportError> open(const endpoints::Url& url,
                                                         std::span<const tcp::endpoint> addresses,
                                                         const Clock& clock, MonotonicTime deadline,
                                                         Arguments&... arguments) {
  auto connection = std::make_unique<HttpConnection<Stream>>(url, clock, arguments...);
  RETURN_IF_ERROR(connection->open(addresses, deadline));
  return std::unique_ptr<Connection>(std::move(connection));
}

}  // namespace

Result<std::unique_ptr<Connection>, TransportError> connect(
    const endpoints::Url& url, std::span<const tcp::endpoint> addresses,
    boost::asio::ssl::context& tls, const Clock& clock, MonotonicTime deadline) {
  if (url.is_tls()) {
    return open<TlsStream>(url, addresses, clock, deadline, tls);
  }
  return open<beast::tcp_stream>(url, addresses, clock, deadline);
}

}  // namespace buri::protocol::json_rpc
