#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.hpp"

/// Random access to a document that may be larger than memory.

namespace buri::consensus::app {

/// One thread at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// Fills the front of `target` with what stands at `offset`; the count is smaller than the target
  /// only at the end of the document. Errors: why the medium failed.
  virtual Result<std::size_t, std::string> read(std::uint64_t offset, std::span<char> target) = 0;
};

/// A plain file, read as it is asked for. Errors: it cannot be opened.
Result<std::unique_ptr<ByteSource>, std::string> open_file(const std::string& path);
/// A document that is held in memory.
std::unique_ptr<ByteSource> in_memory(std::string text);

}  // namespace buri::consensus::app
