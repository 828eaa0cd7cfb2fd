#include "tests/support/hsm/sim_disk.hpp"

#include <algorithm>

namespace buri::hsm::sim {

using signer::DiskError;
using signer::DiskFile;

using Piece = std::array<std::uint8_t, SimDisk::kPieceBytes>;
// Pieces that are not listed are zero.
using Pieces = std::map<std::uint64_t, Piece>;

struct SimDisk::Node {
  Pieces cached;
  Pieces durable;
  std::set<std::uint64_t> dirty;
  std::uint64_t size = 0;
  std::uint64_t durable_size = 0;

  [[nodiscard]] Piece cached_piece(std::uint64_t index) const {
    const auto found = cached.find(index);
    return found == cached.end() ? Piece{} : found->second;
  }
  void persist(std::uint64_t index) {
    const auto found = cached.find(index);
    if (found == cached.end()) {
      durable.erase(index);
    } else {
      durable[index] = found->second;
    }
  }
};

struct SimDisk::Image {
  Names names;
};

class SimDisk::File final : public DiskFile {
 public:
  File(SimDisk& disk, std::shared_ptr<Node> node) : disk_(disk), node_(std::move(node)) {}

  Result<Bytes, DiskError> read(std::uint64_t offset, std::size_t max_bytes) override {
    if (disk_.dead_) return Failure{DiskError::kIo};
    Bytes bytes;
    while (bytes.size() < max_bytes && offset < node_->size) {
      const Piece piece = node_->cached_piece(offset / kPieceBytes);
      const std::uint64_t inside = offset % kPieceBytes;
      const std::uint64_t count = std::min({kPieceBytes - inside, max_bytes - bytes.size(),
                                            static_cast<std::size_t>(node_->size - offset)});
      append(bytes, ByteView(piece).subspan(inside, count));
      offset += count;
    }
    return bytes;
  }

  Status<DiskError> write(std::uint64_t offset, ByteView bytes) override {
    const auto error = disk_.before(DiskCall::kWrite);
    if (error && (*error == DiskError::kReadOnly || (disk_.dead_ && !disk_.crashing_))) {
      return Failure{*error};
    }
    // A write that fails or dies has done any part of its work from the front.
    if (error) bytes = bytes.first(disk_.random_.below(bytes.size() + 1));
    put(offset, bytes);
    if (error) return Failure{*error};
    return Unit{};
  }

  Status<DiskError> sync() override {
    const auto error = disk_.before(DiskCall::kSync);
    if (error && disk_.dead_ && !disk_.crashing_) return Failure{*error};
    for (const std::uint64_t index : node_->dirty) {
      if (!error || disk_.random_.chance(0.5)) node_->persist(index);
    }
    if (!error || disk_.random_.chance(0.5)) node_->durable_size = node_->size;
    // Forgotten even if it failed: the kernel marks such pages clean.
    if (!disk_.dead_) node_->dirty.clear();
    if (error) return Failure{*error};
    return Unit{};
  }

  Result<std::uint64_t, DiskError> size() override {
    if (disk_.dead_) return Failure{DiskError::kIo};
    return node_->size;
  }

  Status<DiskError> resize(std::uint64_t byte_count) override {
    if (const auto error = disk_.before(DiskCall::kResize)) return Failure{*error};
    if (byte_count % kPieceBytes != 0 && byte_count < node_->size) {
      const std::uint64_t last = byte_count / kPieceBytes;
      Piece piece = node_->cached_piece(last);
      std::fill(piece.begin() + static_cast<std::ptrdiff_t>(byte_count % kPieceBytes), piece.end(),
                std::uint8_t{0});
      node_->cached[last] = piece;
      node_->dirty.insert(last);
    }
    const std::uint64_t end = (byte_count + kPieceBytes - 1) / kPieceBytes;
    for (auto it = node_->cached.lower_bound(end); it != node_->cached.end();) {
      node_->dirty.insert(it->first);
      it = node_->cached.erase(it);
    }
    node_->size = byte_count;
    return Unit{};
  }

 private:
  void put(std::uint64_t offset, ByteView bytes) {
    while (!bytes.empty()) {
      const std::uint64_t index = offset / kPieceBytes;
      const std::uint64_t inside = offset % kPieceBytes;
      const std::size_t count = std::min<std::size_t>(kPieceBytes - inside, bytes.size());
      Piece piece = node_->cached_piece(index);
      std::copy_n(bytes.begin(), count, piece.begin() + static_cast<std::ptrdiff_t>(inside));
      if (piece == Piece{}) {
        node_->cached.erase(index);
      } else {
        node_->cached[index] = piece;
      }
      node_->dirty.insert(index);
      offset += count;
      bytes = bytes.subspan(count);
      node_->size = std::max(node_->size, offset);
    }
  }

  SimDisk& disk_;
  std::shared_ptr<Node> node_;
};

std::optional<DiskError> SimDisk::before(DiskCall call) {
  ++calls_;
  crashing_ = false;
  if (dead_) return DiskError::kIo;
  if (calls_left_ && (*calls_left_)-- == 0) {
    calls_left_.reset();
    dead_ = crashing_ = true;
    return DiskError::kIo;
  }
  return fault_ ? fault_(call) : std::nullopt;
}

Result<std::unique_ptr<DiskFile>, DiskError> SimDisk::open(const std::string& name) {
  if (dead_) return Failure{DiskError::kIo};
  const auto found = names_.find(name);
  if (found == names_.end()) return Failure{DiskError::kNotFound};
  return std::unique_ptr<DiskFile>(std::make_unique<File>(*this, found->second));
}

Result<std::unique_ptr<DiskFile>, DiskError> SimDisk::create(const std::string& name) {
  if (names_.contains(name)) return Failure{DiskError::kExists};
  if (const auto error = before(DiskCall::kCreate)) return Failure{*error};
  names_[name] = std::make_shared<Node>();
  return open(name);
}

Status<DiskError> SimDisk::rename(const std::string& from, const std::string& to) {
  if (const auto error = before(DiskCall::kRename)) return Failure{*error};
  if (!names_.contains(from)) return Failure{DiskError::kNotFound};
  if (names_.contains(to)) return Failure{DiskError::kExists};
  names_[to] = names_[from];
  names_.erase(from);
  return Unit{};
}

Status<DiskError> SimDisk::remove(const std::string& name) {
  if (!names_.contains(name)) return Failure{DiskError::kNotFound};
  if (const auto error = before(DiskCall::kRemove)) return Failure{*error};
  names_.erase(name);
  return Unit{};
}

Status<DiskError> SimDisk::sync_directory() {
  if (const auto error = before(DiskCall::kSyncDirectory)) return Failure{*error};
  durable_names_ = names_;
  return Unit{};
}

Result<std::vector<std::string>, DiskError> SimDisk::list() {
  if (dead_) return Failure{DiskError::kIo};
  std::vector<std::string> found;
  for (const auto& [name, node] : names_) found.push_back(name);
  return found;
}

Status<DiskError> SimDisk::lock() {
  if (dead_) return Failure{DiskError::kIo};
  return Unit{};
}

void SimDisk::restart_process() {
  dead_ = false;
  calls_left_.reset();
}

// Any piece of an unsynced write may have reached the disk, and the names may be old or new.
void SimDisk::tear(Node& node, Random& random) {
  for (const std::uint64_t index : node.dirty) {
    if (random.chance(0.5)) node.persist(index);
  }
  if (random.chance(0.5)) node.durable_size = node.size;
  node.dirty.clear();
  node.cached = node.durable;
  node.size = node.durable_size;
}

void SimDisk::restart_machine() {
  restart_process();
  if (random_.chance(0.5)) durable_names_ = names_;
  names_ = durable_names_;
  for (auto& [name, node] : names_) tear(*node, random_);
}

void SimDisk::rot(const std::string& name, std::uint64_t offset) {
  Node& node = *names_.at(name);
  const std::uint64_t index = offset / kPieceBytes;
  for (Pieces* pieces : {&node.cached, &node.durable})
    (*pieces)[index][offset % kPieceBytes] ^= 0x41;
}

std::shared_ptr<const SimDisk::Image> SimDisk::snapshot() const {
  auto image = std::make_shared<Image>();
  for (const auto& [name, node] : durable_names_) {
    auto copy = std::make_shared<Node>();
    copy->cached = copy->durable = node->durable;
    copy->size = copy->durable_size = node->durable_size;
    image->names[name] = copy;
  }
  return image;
}

void SimDisk::restore(const Image& image) {
  names_.clear();
  for (const auto& [name, node] : image.names) names_[name] = std::make_shared<Node>(*node);
  durable_names_ = names_;
}

}  // namespace buri::hsm::sim
