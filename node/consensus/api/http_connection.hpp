#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>

#include "node/consensus/api/http_server_core.hpp"

namespace buri::consensus::api {

/// One client's connection: requests one after the other, each answered before the next is read.
/// Lives as long as something of it is under way.
class HttpConnection final : public ServedConnection,
                             public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(ServerStream stream, Seat seat, std::string remote);
  void start();
  void shut_down(bool at_once) override;

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  void read_request();
  void read_more();
  void take_bytes(boost::system::error_code error, std::size_t bytes);
  void take_header();
  void take_request();
  bool upgrade();
  void refuse(boost::system::error_code error);
  HttpRequest request_of_parser();
  void dispatch(HttpRequest request);
  void answer(std::uint64_t serial, HttpResponse response);
  void write(HttpResponse&& response);
  void close();

  ServerStream stream_;
  Seat seat_;
  const std::string remote_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::size_t request_bytes_ = 0;
  bool is_header_taken_ = false;
  bool is_head_ = false;
  bool keeps_alive_ = false;
  bool is_ending_ = false;
  bool is_answering_ = false;  ///< from a whole request to the end of its answer
  std::uint64_t serial_ = 0;   ///< of the request that waits for an answer
  std::optional<std::string> origin_;
};

}  // namespace buri::consensus::api
