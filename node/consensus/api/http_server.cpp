#include "node/consensus/api/http_server.hpp"

#include "node/consensus/api/http_connection.hpp"
#include "node/consensus/api/http_server_core.hpp"

namespace buri::consensus::api {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// A refused accept (no descriptor left) is not tried again before this.
constexpr std::chrono::milliseconds kAcceptPause{100};

}  // namespace

HttpServer::HttpServer(std::shared_ptr<HttpServerCore> core) : core_(std::move(core)) {}
HttpServer::~HttpServer() { stop(); }
void HttpServer::stop() { core_->stop(); }
std::uint16_t HttpServer::port() const { return core_->port(); }
HttpServerCounts HttpServer::counts() const { return core_->counts(); }

Result<std::unique_ptr<HttpServer>, std::string> HttpServer::start(HttpServerOptions options,
                                                                   HttpHandler& handler,
                                                                   WebSocketAcceptor acceptor,
                                                                   Logger logger) {
  auto core = std::make_shared<HttpServerCore>(std::move(options), handler, std::move(acceptor),
                                               std::move(logger));
  RETURN_IF_ERROR(core->listen());
  core->run();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(core)));
}

HttpServerCore::HttpServerCore(HttpServerOptions options, HttpHandler& handler,
                               WebSocketAcceptor acceptor, Logger logger)
    : options_(std::move(options)),
      handler_(handler),
      web_sockets_(std::move(acceptor)),
      logger_(std::move(logger)),
      strand_(context_.get_executor()),
      acceptor_(strand_),
      accept_timer_(strand_) {}

Result<std::uint16_t, std::string> HttpServerCore::listen() {
  error_code error;
  const auto address = asio::ip::make_address(options_.host, error);
  if (error) return Failure{"laddr: \"" + options_.host + "\" is no IP address."};
  const tcp::endpoint endpoint(address, options_.port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
  if (error) {
    return Failure{"cannot listen on " + options_.host + ":" + std::to_string(options_.port) +
                   ": " + error.message() + "; choose another address or stop who uses it."};
  }
  port_ = acceptor_.local_endpoint(error).port();
  return port_;
}

void HttpServerCore::run() {
  asio::post(strand_, [self = shared_from_this()] { self->accept_next(); });
  for (std::size_t index = 0; index < std::max<std::size_t>(options_.threads, 1); ++index) {
    threads_.emplace_back([this] { context_.run(); });
  }
}

HttpServerCore::Everybody HttpServerCore::everybody() const {
  const std::lock_guard lock(mutex_);
  Everybody all;
  for (const auto& [id, entry] : entries_) {
    if (auto connection = entry.connection.lock()) all.push_back(std::move(connection));
  }
  return all;
}

void HttpServerCore::wait_until_empty() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, options_.stop_grace, [this] { return entries_.empty(); });
}

void HttpServerCore::stop() {
  if (is_stopping_.exchange(true)) return;
  asio::post(strand_, [self = shared_from_this()] {
    error_code ignored;
    self->acceptor_.close(ignored);
    self->accept_timer_.cancel();
  });
  for (const auto& connection : everybody()) connection->shut_down(false);
  wait_until_empty();
  for (const auto& connection : everybody()) connection->shut_down(true);
  wait_until_empty();
  context_.stop();
  for (std::thread& thread : threads_) thread.join();
  {
    const std::lock_guard lock(over_mutex_);
    is_over_ = true;
  }
  // What still waits is cancelled by now and only has to let go of its connection.
  context_.restart();
  context_.poll();
}

bool HttpServerCore::hold(std::size_t bytes) {
  if (held_bytes_.fetch_add(bytes) + bytes <= options_.max_held_bytes) return true;
  held_bytes_ -= bytes;
  return false;
}

HttpServerCounts HttpServerCore::counts() const {
  const std::lock_guard lock(mutex_);
  HttpServerCounts counts{entries_.size(), 0, held_bytes_, refused_};
  for (const auto& [id, entry] : entries_) counts.web_sockets += entry.is_web_socket ? 1 : 0;
  return counts;
}

void HttpServerCore::accept_next() {
  if (is_stopping_) return;
  acceptor_.async_accept(
      asio::make_strand(context_), [self = shared_from_this()](error_code error, auto socket) {
        if (self->is_stopping_) return;
        if (error && error != asio::error::connection_aborted) {
          self->accept_timer_.expires_after(kAcceptPause);
          self->accept_timer_.async_wait([self](error_code) { self->accept_next(); });
          return;
        }
        if (!error) self->accepted(std::move(socket));
        self->accept_next();
      });
}

void HttpServerCore::accepted(ServerStream::socket_type socket) {
  error_code error;
  const auto remote = socket.remote_endpoint(error);
  if (error) return;
  socket.set_option(tcp::no_delay(true), error);
  const std::string ip = remote.address().to_string();
  const auto place = take_place(ip);
  if (!place) return;
  const std::string name =
      (remote.address().is_v6() ? "[" + ip + "]" : ip) + ":" + std::to_string(remote.port());
  std::make_shared<HttpConnection>(ServerStream(std::move(socket)),
                                   Seat(shared_from_this(), *place), name)
      ->start();
}

std::optional<std::uint64_t> HttpServerCore::take_place(const std::string& ip) {
  // Let go of when the mutex is free: the last reference gives a place back.
  std::shared_ptr<ServedConnection> leaving;
  std::optional<std::uint64_t> place;
  {
    const std::lock_guard lock(mutex_);
    const auto known = per_ip_.find(ip);
    const bool is_greedy =
        known != per_ip_.end() && known->second >= options_.max_connections_per_ip;
    const bool is_full = entries_.size() >= options_.max_connections;
    if (is_greedy || is_full) ++refused_;
    if (!is_greedy && (!is_full || make_room(leaving))) {
      place = ++last_id_;
      entries_[last_id_] = {{}, ip, std::chrono::steady_clock::now(), false};
      ++per_ip_[ip];
    }
  }
  if (leaving) leaving->shut_down(true);
  return place;
}

bool HttpServerCore::make_room(std::shared_ptr<ServedConnection>& leaving) {
  auto oldest = entries_.end();
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    if (!entry->second.idle_since) continue;
    if (oldest == entries_.end() || *entry->second.idle_since < *oldest->second.idle_since) {
      oldest = entry;
    }
  }
  if (oldest == entries_.end()) return false;
  leaving = oldest->second.connection.lock();
  const auto count = per_ip_.find(oldest->second.ip);
  if (--count->second == 0) per_ip_.erase(count);
  entries_.erase(oldest);
  return true;
}

Seat::~Seat() {
  if (!core_) return;
  core_->give_back(held_bytes_);
  const std::lock_guard lock(core_->mutex_);
  const auto entry = core_->entries_.find(id_);
  if (entry == core_->entries_.end()) return;
  const auto count = core_->per_ip_.find(entry->second.ip);
  if (--count->second == 0) core_->per_ip_.erase(count);
  core_->entries_.erase(entry);
  core_->changed_.notify_all();
}

void Seat::occupy(std::weak_ptr<ServedConnection> connection, bool is_web_socket) {
  const std::lock_guard lock(core_->mutex_);
  const auto entry = core_->entries_.find(id_);
  if (entry == core_->entries_.end()) return;
  entry->second.connection = std::move(connection);
  entry->second.is_web_socket = is_web_socket;
}

void Seat::set_idle(bool is_idle) {
  const std::lock_guard lock(core_->mutex_);
  const auto entry = core_->entries_.find(id_);
  if (entry == core_->entries_.end()) return;
  if (is_idle) {
    entry->second.idle_since = std::chrono::steady_clock::now();
  } else {
    entry->second.idle_since.reset();
  }
}

bool Seat::hold(std::size_t bytes) {
  if (bytes > held_bytes_ && !core_->hold(bytes - held_bytes_)) return false;
  if (bytes < held_bytes_) core_->give_back(held_bytes_ - bytes);
  held_bytes_ = bytes;
  return true;
}

}  // namespace buri::consensus::api
