#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "hsm/wire/codec.hpp"
#include "tests/hsm/fixture/softhsm_token.hpp"

/// A running buri-signer over a SoftHSM token, with files and sockets in a folder of its own.

namespace buri::hsm::test {

/// One connection to a SOCK_SEQPACKET socket. Not copyable.
class Line {
 public:
  explicit Line(const std::string& path);
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// The answer to a frame; nothing if the connection is closed.
  std::optional<Bytes> ask(ByteView frame);
  /// The answer to a request; aborts if there is none.
  wire::ResponseBody ask(const wire::RequestBody& body);

 private:
  int descriptor_;
};

class SignerProcess {
 public:
  static constexpr std::int64_t kFirstHeight = 100;

  /// Writes configuration, policy and sign-state for the key of `token`; starts nothing.
  explicit SignerProcess(const SoftHsmToken& token);
  ~SignerProcess();

  /// Starts the daemon and waits until its sockets are there.
  void start();
  /// Ends it with that signal and waits. The exit status as waitpid(2) gives it.
  int stop(int signal_number);
  [[nodiscard]] pid_t process() const { return process_; }
  /// Children of the daemon.
  [[nodiscard]] std::vector<pid_t> workers() const;

  /// An operator's word, answered.
  [[nodiscard]] std::string say(const std::string& words) const;
  /// Waits until status names that state, up to ten seconds.
  [[nodiscard]] bool reaches(const std::string& state) const;
  [[nodiscard]] std::string consensus_socket() const { return folder_ / "consensus.sock"; }
  [[nodiscard]] std::string clef_socket() const { return folder_ / "clef.sock"; }
  [[nodiscard]] std::string metrics_socket() const { return folder_ / "metrics.sock"; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  /// All that the daemon wrote to standard error.
  [[nodiscard]] std::string log() const;

  /// A prevote of this key for a block, dated now.
  [[nodiscard]] wire::SignVote prevote(std::int64_t height, std::uint8_t block) const;

 private:
  void write_files(const SoftHsmToken& token) const;

  std::filesystem::path folder_;
  Address address_;
  FixedBytes<65> public_key_;
  pid_t process_ = 0;
};

}  // namespace buri::hsm::test
