#include "node/devnet/links.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace buri::devnet {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Fault = boost::system::error_code;

constexpr std::size_t kBufferBytes = 65'536;

/// Two sockets, each one's words written to the other. Ends both when one ends.
class Wire : public std::enable_shared_from_this<Wire> {
 public:
  Wire(tcp::socket near, asio::io_context& context) : near_(std::move(near)), far_(context) {}

  void start(std::uint16_t port) {
    far_.async_connect({asio::ip::address_v4::loopback(), port},
                       [self = shared_from_this()](Fault fault) {
                         if (fault) return self->end();
                         self->quicken();
                         self->pass(self->near_, self->far_, self->forth_);
                         self->pass(self->far_, self->near_, self->back_);
                       });
  }

  void end() {
    Fault ignored;
    near_.close(ignored);
    far_.close(ignored);
  }

 private:
  using Buffer = std::array<char, kBufferBytes>;

  /// Votes are small and must not wait to be sent with others.
  void quicken() {
    Fault ignored;
    near_.set_option(tcp::no_delay(true), ignored);
    far_.set_option(tcp::no_delay(true), ignored);
  }

  void pass(tcp::socket& from, tcp::socket& to, Buffer& buffer) {
    from.async_read_some(asio::buffer(buffer),
                         [&, self = shared_from_this()](Fault fault, std::size_t count) {
                           if (fault) return self->end();
                           asio::async_write(to, asio::buffer(buffer.data(), count),
                                             [&, self](Fault failed, std::size_t) {
                                               if (failed) return self->end();
                                               self->pass(from, to, buffer);
                                             });
                         });
  }

  tcp::socket near_;
  tcp::socket far_;
  Buffer forth_;
  Buffer back_;
};

}  // namespace

/// Where one validator dials another.
class Links::Relay {
 public:
  Relay(asio::io_context& context, std::uint16_t target)
      : context_(context),
        acceptor_(context, {asio::ip::address_v4::loopback(), 0}),
        target_(target) {
    accept();
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  void set_cut(bool is_cut) {
    is_cut_ = is_cut;
    if (!is_cut) return;
    for (const auto& wire : wires_) {
      if (const auto live = wire.lock()) live->end();
    }
    wires_.clear();
  }

 private:
  void accept() {
    acceptor_.async_accept([this](Fault fault, tcp::socket near) {
      if (fault == asio::error::operation_aborted) return;
      if (!fault && !is_cut_) carry(std::move(near));
      accept();
    });
  }

  void carry(tcp::socket near) {
    std::erase_if(wires_, [](const auto& wire) { return wire.expired(); });
    const auto wire = std::make_shared<Wire>(std::move(near), context_);
    wires_.push_back(wire);
    wire->start(target_);
  }

  asio::io_context& context_;
  tcp::acceptor acceptor_;
  const std::uint16_t target_;
  std::vector<std::weak_ptr<Wire>> wires_;
  bool is_cut_ = false;
};

struct Links::State {
  asio::io_context context;
  std::map<std::pair<std::size_t, std::size_t>, Relay> relays;
  mutable std::mutex mutex;
  Groups groups;
  std::thread thread;
};

Links::Links(std::unique_ptr<State> state) : state_(std::move(state)) {
  state_->thread = std::thread([all = state_.get()] { all->context.run(); });
}

Links::~Links() {
  state_->context.stop();
  state_->thread.join();
}

Result<std::unique_ptr<Links>, std::string> Links::start(std::vector<std::uint16_t> p2p_ports) {
  auto state = std::make_unique<State>();
  try {
    for (std::size_t from = 1; from <= p2p_ports.size(); ++from) {
      for (std::size_t to = from + 1; to <= p2p_ports.size(); ++to) {
        state->relays.try_emplace({from, to}, state->context, p2p_ports[to - 1]);
      }
    }
  } catch (const boost::system::system_error& error) {
    return Failure{std::string("links between the validators: ") + error.what()};
  }
  return std::unique_ptr<Links>(new Links(std::move(state)));
}

std::uint16_t Links::port(std::size_t from, std::size_t to) const {
  return state_->relays.at({from, to}).port();
}

void Links::divide(const Groups& groups) {
  std::map<std::size_t, std::size_t> group_of;
  for (std::size_t group = 0; group < groups.size(); ++group) {
    for (const std::size_t validator : groups[group]) group_of[validator] = group;
  }
  {
    const std::lock_guard lock(state_->mutex);
    state_->groups = groups.size() > 1 ? groups : Groups{};
  }
  asio::post(state_->context, [all = state_.get(), group_of] {
    for (auto& [pair, relay] : all->relays) {
      relay.set_cut(group_of.at(pair.first) != group_of.at(pair.second));
    }
  });
}

Groups Links::groups() const {
  const std::lock_guard lock(state_->mutex);
  return state_->groups;
}

Result<Groups, std::string> parse_groups(std::string_view text, std::size_t validators) {
  Groups groups;
  std::set<std::size_t> named;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(",|", begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    std::size_t number = 0;
    const auto [stop, fault] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (fault != std::errc() || stop != word.data() + word.size() || number < 1 ||
        number > validators || !named.insert(number).second) {
      return Failure{fmt::format(
          "expected groups like 1,2|3,4 of validators from 1 to {}, each once, found \"{}\"",
          validators, text)};
    }
    if (begin == 0 || text[begin - 1] == '|') groups.emplace_back();
    groups.back().push_back(number);
    begin = end + 1;
  }
  std::vector<std::size_t> others;
  for (std::size_t number = 1; number <= validators; ++number) {
    if (!named.contains(number)) others.push_back(number);
  }
  if (!others.empty()) groups.push_back(std::move(others));
  return groups;
}

std::string groups_text(const Groups& groups) {
  std::vector<std::string> texts;
  for (const auto& group : groups) texts.push_back(fmt::format("{}", fmt::join(group, ",")));
  return fmt::format("{}", fmt::join(texts, "|"));
}

}  // namespace buri::devnet
