#include "tests/unit/node/consensus/engine/simulated_wal_files.hpp"

namespace buri::testing {
namespace {

Failure<SimulatedWalFiles::Error> power_cut(const std::string& name) {
  return Failure{SimulatedWalFiles::Error{name, "the power is gone"}};
}

}  // namespace

bool SimulatedWalFiles::fails() {
  ++calls_;
  if (calls_left_ == 0) has_failed_ = true;
  if (calls_left_ != SIZE_MAX && calls_left_ > 0) --calls_left_;
  return has_failed_;
}

void SimulatedWalFiles::restart(std::size_t kept) {
  for (auto& [name, file] : files_) {
    const std::size_t loose = file.content.size() - file.synced;
    file.content.resize(file.synced + loose * kept / 1000);
    file.synced = file.content.size();
  }
  has_failed_ = false;
  calls_left_ = SIZE_MAX;
}

void SimulatedWalFiles::put(const std::string& name, Bytes content) {
  const std::size_t size = content.size();
  files_[name] = {std::move(content), size};
}

Result<std::vector<std::string>, SimulatedWalFiles::Error> SimulatedWalFiles::list() {
  std::vector<std::string> names;
  for (const auto& [name, file] : files_) names.push_back(name);
  return names;
}

Result<Bytes, SimulatedWalFiles::Error> SimulatedWalFiles::read(const std::string& name) {
  const auto found = files_.find(name);
  if (found == files_.end()) return Failure{Error{name, "no such file"}};
  return found->second.content;
}

Status<SimulatedWalFiles::Error> SimulatedWalFiles::append(const std::string& name,
                                                           ByteView bytes) {
  // A failing write may have written any part.
  const bool is_cut = fails();
  const std::size_t written = is_cut ? bytes.size() / 2 : bytes.size();
  if (!is_cut || calls_left_ == 0) buri::append(files_[name].content, bytes.first(written));
  if (is_cut) return power_cut(name);
  return Unit{};
}

Status<SimulatedWalFiles::Error> SimulatedWalFiles::sync(const std::string& name) {
  if (fails()) return power_cut(name);
  File& file = files_[name];
  file.synced = file.content.size();
  return Unit{};
}

Status<SimulatedWalFiles::Error> SimulatedWalFiles::truncate(const std::string& name,
                                                             std::uint64_t byte_count) {
  if (fails()) return power_cut(name);
  File& file = files_[name];
  file.content.resize(static_cast<std::size_t>(byte_count));
  file.synced = file.content.size();
  return Unit{};
}

Status<SimulatedWalFiles::Error> SimulatedWalFiles::rename(const std::string& from,
                                                           const std::string& to) {
  if (fails()) return power_cut(from);
  auto node = files_.extract(from);
  if (node.empty()) return Failure{Error{from, "no such file"}};
  node.key() = to;
  files_.erase(to);
  files_.insert(std::move(node));
  return Unit{};
}

Status<SimulatedWalFiles::Error> SimulatedWalFiles::remove(const std::string& name) {
  if (fails()) return power_cut(name);
  files_.erase(name);
  return Unit{};
}

}  // namespace buri::testing
