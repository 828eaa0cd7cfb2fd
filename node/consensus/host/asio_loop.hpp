#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <memory>

#include "node/consensus/host/loop.hpp"

/// The host's loop on Boost.Asio: a strand, so that whichever thread has time runs it.

namespace buri::consensus::host {

class AsioLoop final : public Loop {
 public:
  explicit AsioLoop(const boost::asio::any_io_executor& executor) : strand_(executor) {}

  void post(std::function<void()> work) override { boost::asio::post(strand_, std::move(work)); }
  void after(std::chrono::nanoseconds delay, std::function<void()> work) override {
    auto timer = std::make_shared<boost::asio::steady_timer>(strand_, delay);
    timer->async_wait([timer, work = std::move(work)](const boost::system::error_code& error) {
      if (!error) work();
    });
  }

 private:
  boost::asio::strand<boost::asio::any_io_executor> strand_;
};

}  // namespace buri::consensus::host
