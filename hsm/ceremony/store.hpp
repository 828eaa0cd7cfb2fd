#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "hsm/ceremony/text.hpp"

/// A ceremony's folder as a dependency: every write is whole or not there, and durable when it
/// returns. posix_store() is the kernel's; tests cut the power behind any of its calls.

namespace buri::hsm::ceremony {

/// Files by their path inside the folder, "custody/share-1.md". Not thread-safe.
class Store {
 public:
  virtual ~Store() = default;

  /// Writes a file, replacing one of that name: under another name first, synced, renamed, and the
  /// folder synced. Subfolders are made as needed.
  virtual Status<Reason> write(const std::string& name, ByteView bytes) = 0;
  /// Appends to a file, which is made if it is not there; synced. After a crash any part of `bytes`
  /// may stand at its end.
  virtual Status<Reason> append(const std::string& name, ByteView bytes) = 0;
  /// A whole file of at most kMaxFileBytes.
  virtual Result<Bytes, Reason> read(const std::string& name) = 0;
  [[nodiscard]] virtual bool exists(const std::string& name) = 0;
  /// The paths of all files, ascending; also of what write() left when it was interrupted, which
  /// sweep() removes. An error if there is anything but files and folders.
  virtual Result<std::vector<std::string>, Reason> list() = 0;
  /// Takes the folder for this process; an error if another has it.
  virtual Status<Reason> lock() = 0;
  /// Removes what interrupted writes left.
  virtual Status<Reason> sweep() = 0;

  static constexpr std::size_t kMaxFileBytes = std::size_t{16} << 20;

  Status<Reason> write_text(const std::string& name, std::string_view text) {
    return write(name, as_bytes(text));
  }
  Result<std::string, Reason> read_text(const std::string& name) {
    ASSIGN_OR_RETURN(const Bytes bytes, read(name));
    return std::string(as_text(bytes));
  }
};

/// The folder `path`, which must exist. Its files are readable by the owner alone.
Result<std::unique_ptr<Store>, Reason> posix_store(const std::string& path);

/// Makes the folder (and not its parents), durable; an error if it is there and not empty.
Status<Reason> make_empty_folder(const std::string& path);

/// A folder below another store. Borrows `parent`; lock() and sweep() are the parent's.
std::unique_ptr<Store> substore(Store& parent, const std::string& folder);

}  // namespace buri::hsm::ceremony
