#pragma once

#include <cstddef>
#include <map>

#include "node/consensus/engine/wal_files.hpp"

/// A disk for the write-ahead log that loses power: every call may be the last, what was not synced
/// survives in part.

namespace buri::testing {

class SimulatedWalFiles final : public consensus::engine::WalFiles {
 public:
  using Error = consensus::engine::WalFileError;

  /// The call after `calls` further ones fails, and all that follow it.
  void fail_after(std::size_t calls) { calls_left_ = calls; }
  [[nodiscard]] bool has_failed() const { return has_failed_; }
  /// Writing calls so far.
  [[nodiscard]] std::size_t calls() const { return calls_; }
  /// The power comes back: of each file what was synced is there, and `kept` of each thousand bytes
  /// of the rest.
  void restart(std::size_t kept);
  /// Puts a file there, durable.
  void put(const std::string& name, Bytes content);

  Result<std::vector<std::string>, Error> list() override;
  Result<Bytes, Error> read(const std::string& name) override;
  Status<Error> append(const std::string& name, ByteView bytes) override;
  Status<Error> sync(const std::string& name) override;
  Status<Error> truncate(const std::string& name, std::uint64_t byte_count) override;
  Status<Error> rename(const std::string& from, const std::string& to) override;
  Status<Error> remove(const std::string& name) override;

 private:
  struct File {
    Bytes content;
    std::size_t synced = 0;
  };
  bool fails();

  std::map<std::string, File> files_;
  std::size_t calls_ = 0;
  std::size_t calls_left_ = SIZE_MAX;
  bool has_failed_ = false;
};

}  // namespace buri::testing
