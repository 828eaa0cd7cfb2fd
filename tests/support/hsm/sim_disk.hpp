#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/random.hpp"
#include "hsm/signer/disk.hpp"

/// A disk that lives in memory and fails as disks and kernels do: what is written stands in a page
/// cache until it is synced, a power cut keeps any part of what was not, a failed sync forgets what
/// it should have written, sectors rot. Seeded, so that every failure can be replayed.

namespace buri::hsm::sim {

/// The calls that can be counted, crashed at and failed.
enum class DiskCall : std::uint8_t {
  kWrite,
  kSync,
  kResize,
  kCreate,
  kRename,
  kRemove,
  kSyncDirectory
};

/// A simulated directory. Not thread-safe. Files opened from it must not outlive it.
class SimDisk final : public signer::Disk {
 public:
  /// Bytes written or lost as one; a torn write leaves any mixture of old and new pieces.
  static constexpr std::size_t kPieceBytes = 512;

  /// `random` decides what survives; it must outlive the disk.
  explicit SimDisk(Random& random) : random_(random) {}

  Result<std::unique_ptr<signer::DiskFile>, signer::DiskError> open(
      const std::string& name) override;
  Result<std::unique_ptr<signer::DiskFile>, signer::DiskError> create(
      const std::string& name) override;
  Status<signer::DiskError> rename(const std::string& from, const std::string& to) override;
  Status<signer::DiskError> remove(const std::string& name) override;
  Status<signer::DiskError> sync_directory() override;
  Result<std::vector<std::string>, signer::DiskError> list() override;
  Status<signer::DiskError> lock() override;

  /// The process or machine dies in the middle of the `calls`-th call from now (0: the next one):
  /// that call does any part of its work, and it and all later ones fail until a restart.
  void crash_in(std::uint64_t calls) { calls_left_ = calls; }
  /// Asked before every call that writes; an error it returns is what the caller sees.
  using Fault = std::function<std::optional<signer::DiskError>(DiskCall)>;
  void set_fault(Fault fault) { fault_ = std::move(fault); }
  /// True between a crash and the restart: nothing that happens then is seen outside.
  [[nodiscard]] bool dead() const { return dead_; }
  /// Calls that write since the disk was made.
  [[nodiscard]] std::uint64_t calls() const { return calls_; }

  /// A new process on the same machine: the page cache survived.
  void restart_process();
  /// The machine comes back after a power cut.
  void restart_machine();
  /// Spoils one byte of one piece of a file, on the disk and in the cache.
  void rot(const std::string& name, std::uint64_t offset);
  /// Takes a copy of everything durable, as a backup or a virtual machine's snapshot does.
  struct Image;
  [[nodiscard]] std::shared_ptr<const Image> snapshot() const;
  /// Puts a snapshot back. Files that are open keep showing the old contents.
  void restore(const Image& image);

 private:
  struct Node;
  class File;
  using Names = std::map<std::string, std::shared_ptr<Node>>;

  std::optional<signer::DiskError> before(DiskCall call);
  static void tear(Node& node, Random& random);

  Random& random_;
  Names names_;          // as processes see the directory
  Names durable_names_;  // as the disk has it
  Fault fault_;
  std::optional<std::uint64_t> calls_left_;
  std::uint64_t calls_ = 0;
  bool dead_ = false;
  bool crashing_ = false;  // the present call is the one that dies
};

}  // namespace buri::hsm::sim
