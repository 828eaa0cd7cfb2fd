#include "node/devnet/folder.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <filesystem>
#include <thread>

namespace buri::devnet {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds kLockGlance{50};

}  // namespace

Result<Descriptor, std::string> take_folder(const Layout& layout) {
  std::error_code fault;
  const bool is_ours = fs::exists(layout.lock(), fault) || fs::exists(layout.identity(), fault);
  if (!is_ours && fs::exists(layout.root(), fault) && !fs::is_empty(layout.root(), fault)) {
    return Failure{layout.root().string() +
                   " is not empty and no devnet's folder; name an empty one with --home"};
  }
  fs::create_directories(layout.root(), fault);
  fs::permissions(layout.root(), fs::perms::owner_all, fault);
  Descriptor lock(::open(layout.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (fault || !lock.is_open()) return Failure{layout.root().string() + " cannot be written"};
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return Failure{"a devnet runs in " + layout.root().string() +
                   " already; `buri devnet status` shows it, `buri devnet down` ends it"};
  }
  return lock;
}

Status<std::string> await_free_folder(const Layout& layout, std::chrono::seconds patience) {
  const Descriptor lock(::open(layout.lock().c_str(), O_RDWR | O_CLOEXEC));
  if (!lock.is_open()) return Unit{};
  const auto end = std::chrono::steady_clock::now() + patience;
  while (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (std::chrono::steady_clock::now() > end) {
      return Failure{"the devnet in " + layout.root().string() +
                     " was told to end and still runs " + std::to_string(patience.count()) +
                     " s later; its words are in " + layout.up_log().string() +
                     " or on the terminal of `buri devnet up`"};
    }
    std::this_thread::sleep_for(kLockGlance);
  }
  return Unit{};
}

}  // namespace buri::devnet
