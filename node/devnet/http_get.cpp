#include "node/devnet/http_get.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace buri::devnet {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::uint64_t kMaxBodyBytes = std::uint64_t{16} << 20;

/// One exchange, each step begun by the one before.
class Exchange {
 public:
  Exchange(asio::io_context& context, std::uint16_t port, const std::string& target)
      : stream_(context), request_(http::verb::get, target, 11) {
    request_.set(http::field::host, "127.0.0.1");
    parser_.body_limit(kMaxBodyBytes);
    stream_.async_connect({asio::ip::address_v4::loopback(), port},
                          [this](beast::error_code fault) { write(fault); });
  }

  [[nodiscard]] Result<std::string, std::string> result() const {
    if (fault_) return Failure{fault_.message()};
    if (!is_done_) return Failure{std::string("no whole answer in time")};
    if (parser_.get().result_int() != 200) {
      return Failure{"status " + std::to_string(parser_.get().result_int())};
    }
    return parser_.get().body();
  }

 private:
  void write(beast::error_code fault) {
    fault_ = fault;
    if (fault_) return;
    http::async_write(stream_, request_,
                      [this](beast::error_code failed, std::size_t) { read(failed); });
  }
  void read(beast::error_code fault) {
    fault_ = fault;
    if (fault_) return;
    http::async_read(stream_, buffer_, parser_, [this](beast::error_code failed, std::size_t) {
      fault_ = failed;
      is_done_ = !failed;
    });
  }

  beast::tcp_stream stream_;
  http::request<http::empty_body> request_;
  http::response_parser<http::string_body> parser_;
  beast::flat_buffer buffer_;
  beast::error_code fault_;
  bool is_done_ = false;
};

}  // namespace

Result<std::string, std::string> http_get(std::uint16_t port, const std::string& target,
                                          std::chrono::milliseconds patience) {
  asio::io_context context;
  Exchange exchange(context, port, target);
  context.run_for(patience);
  return exchange.result();
}

}  // namespace buri::devnet
