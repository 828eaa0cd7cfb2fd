#pragma once

#include <functional>
#include <memory>
#include <string>

#include "node/consensus/app/genesis_file.hpp"
#include "node/protocol/heimdall_forks.hpp"

/// Files that several commands of `buri consensus` take.

namespace buri::cli {

/// Told how many bytes of a file were read so far, those read again counted, and its size.
using ReadProgress = std::function<void(std::uint64_t bytes_read, std::uint64_t file_bytes)>;

/// A file, which is read as it is needed; one that ends in ".xz" is unpacked into memory. Errors,
/// one sentence: it cannot be read.
Result<std::unique_ptr<consensus::app::ByteSource>, std::string> open_document(
    const std::string& path, ReadProgress on_read = {});

/// A genesis file, opened so. Errors, one sentence: it cannot be read, or is no genesis.
Result<consensus::app::Genesis, std::string> open_genesis_file(const std::string& path,
                                                               ReadProgress on_read = {});

/// A fork file: a JSON object of fork names and heights. Errors: one sentence.
Result<protocol::HeimdallForks, std::string> read_forks(const std::string& path);

}  // namespace buri::cli
