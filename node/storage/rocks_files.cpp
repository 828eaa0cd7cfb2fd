#include "node/storage/rocks_files.hpp"

#include <rocksdb/sst_file_writer.h>

#include <memory>
#include <vector>

#include "node/storage/rocks_values.hpp"

namespace buri::storage {
namespace {

/// RocksDB's own files have other names, and it leaves these alone.
constexpr std::string_view kPrefix = "sorted-";

}  // namespace

/// The part of a batch that belongs to one family.
struct RocksFiles::File {
  File(rocksdb::ColumnFamilyHandle* owner, const rocksdb::Options& options, std::string name)
      : handle(owner),
        path(std::move(name)),
        // The pages stay in memory: they are merged soon.
        writer(rocksdb::EnvOptions(options), options, handle, /*invalidate_page_cache=*/false) {}

  rocksdb::ColumnFamilyHandle* handle;
  std::string path;
  rocksdb::SstFileWriter writer;
};

rocksdb::Status RocksFiles::make_files(const Batch& batch,
                                       std::vector<std::unique_ptr<File>>& files) {
  std::vector<File*> by_family(handles_.size());
  rocksdb::Status status;
  batch.for_each([&](const Batch::Write& write) {
    File*& file = by_family[write.family.index];
    if (file == nullptr && status.ok()) {
      rocksdb::ColumnFamilyHandle* handle = handles_[write.family.index];
      file = files
                 .emplace_back(std::make_unique<File>(
                     handle, database_.GetOptions(handle),
                     folder_ + "/" + std::string(kPrefix) + std::to_string(made_++)))
                 .get();
      status = file->writer.Open(file->path);
    }
    if (!status.ok()) return;
    CHECK(write.kind != Batch::Kind::kRemoveRange, "a sorted batch has no ranges");
    status = write.kind == Batch::Kind::kPut
                 ? file->writer.Put(slice(write.key), slice(write.value))
                 : file->writer.Delete(slice(write.key));
  });
  for (const auto& file : files) {
    if (status.ok()) status = file->writer.Finish();
  }
  return status;
}

Status<StorageError> RocksFiles::write(const Batch& batch) {
  std::vector<std::unique_ptr<File>> files;
  rocksdb::Status status = make_files(batch, files);
  if (status.ok() && !files.empty()) {
    std::vector<rocksdb::IngestExternalFileArg> arguments(files.size());
    for (std::size_t i = 0; i < files.size(); ++i) {
      arguments[i].column_family = files[i]->handle;
      arguments[i].external_files = {files[i]->path};
      arguments[i].options.move_files = true;
      arguments[i].options.write_global_seqno = false;
    }
    status = database_.IngestExternalFiles(arguments);
  }
  if (status.ok()) return Unit{};
  for (const auto& file : files) database_.GetEnv()->DeleteFile(file->path).PermitUncheckedError();
  return Failure{error_of(status)};
}

void RocksFiles::remove_leftovers(rocksdb::Env& environment, const std::string& folder) {
  std::vector<std::string> names;
  if (!environment.GetChildren(folder, &names).ok()) return;
  for (const std::string& name : names) {
    if (!name.starts_with(kPrefix)) continue;
    environment.DeleteFile(folder + "/" + name).PermitUncheckedError();
  }
}

}  // namespace buri::storage
