#include "accel/engine/profile.hpp"

#include <fcntl.h>
#include <link.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <vector>

#include "base/durable_write.hpp"
#include "base/hex.hpp"

namespace buri::accel::engine {
namespace {

constexpr std::string_view kHeader = "buri-accel-profile 1\n";
constexpr std::string_view kFileName = "accel-profile";
constexpr std::size_t kLargestFile = 1u << 20;

/// FNV-1a, 64 bits: against torn and bit-rotten files, not against an adversary, who could write a
/// valid profile just as well.
std::string checksum(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3u;
  char hex[17];
  std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(hash));
  return hex;
}

/// Takes text off the front of a view, piece by piece.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  bool literal(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  /// Everything up to `stop`, which is taken as well; nothing if it does not come.
  std::optional<std::string_view> until(char stop) {
    const std::size_t length = rest_.find(stop);
    if (length == std::string_view::npos) return std::nullopt;
    const std::string_view piece = rest_.substr(0, length);
    rest_.remove_prefix(length + 1);
    return piece;
  }
  /// A decimal number without sign or leading zero.
  std::optional<std::uint64_t> number() {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    const auto length = static_cast<std::size_t>(end - rest_.data());
    if (error != std::errc{} || (length > 1 && rest_.front() == '0')) return std::nullopt;
    rest_.remove_prefix(length);
    return value;
  }

 private:
  std::string_view rest_;
};

std::optional<Operation> operation_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kOperationCount; ++i) {
    if (operation_name(static_cast<Operation>(i)) == name) return static_cast<Operation>(i);
  }
  return std::nullopt;
}

/// "1:420 4:1500\n" after the names of a curve line.
std::optional<LatencyCurve> decode_points(Cursor& cursor) {
  std::vector<LatencyCurve::Point> points;
  do {
    const auto items = cursor.number();
    if (!items || !cursor.literal(":")) return std::nullopt;
    const auto nanoseconds = cursor.number();
    if (!nanoseconds) return std::nullopt;
    points.push_back({*items, *nanoseconds});
  } while (cursor.literal(" "));
  if (!cursor.literal("\n")) return std::nullopt;
  return LatencyCurve::from_points(std::move(points));
}

std::optional<Profile> decode_body(std::string_view body) {
  Cursor cursor(body);
  Profile profile;
  if (!cursor.literal(kHeader) || !cursor.literal("machine ")) return std::nullopt;
  const auto machine = cursor.until('\n');
  if (!machine || !cursor.literal("hand_over_ns ")) return std::nullopt;
  profile.machine = *machine;
  const auto hand_over = cursor.number();
  if (!hand_over || *hand_over > 1'000'000'000 || !cursor.literal("\n")) return std::nullopt;
  profile.hand_over_ns = *hand_over;
  while (!cursor.at_end()) {
    if (!cursor.literal("curve ")) return std::nullopt;
    const auto backend = cursor.until(' ');
    const auto operation = cursor.until(' ');
    if (!backend || !operation) return std::nullopt;
    const auto known = operation_from_name(*operation);
    auto curve = known ? decode_points(cursor) : std::nullopt;
    if (!curve) return std::nullopt;
    profile.curves.emplace(std::pair(std::string(*backend), *known), std::move(*curve));
  }
  return profile;
}

int find_build_id(dl_phdr_info* info, std::size_t, void* result) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    if (header.p_type != PT_NOTE) continue;
    const auto* at = reinterpret_cast<const std::uint8_t*>(info->dlpi_addr + header.p_vaddr);
    const auto* end = at + header.p_memsz;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
      ElfW(Nhdr) note;
      std::memcpy(&note, at, sizeof note);
      const auto* name = at + sizeof note;
      const auto* value = name + (note.n_namesz + 3u) / 4 * 4;
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4) {
        *static_cast<std::string*>(result) = to_hex({value, note.n_descsz});
      }
      at = value + (note.n_descsz + 3u) / 4 * 4;
    }
  }
  return 1;  // the first object is the program itself; stop there
}

}  // namespace

std::string encode_profile(const Profile& profile) {
  std::string text(kHeader);
  text += "machine " + profile.machine + "\n";
  text += "hand_over_ns " + std::to_string(profile.hand_over_ns) + "\n";
  for (const auto& [key, curve] : profile.curves) {
    text += "curve " + key.first + " " + std::string(operation_name(key.second));
    for (const LatencyCurve::Point& point : curve.points()) {
      text += " " + std::to_string(point.items) + ":" + std::to_string(point.nanoseconds);
    }
    text += "\n";
  }
  return text + "end " + checksum(text) + "\n";
}

std::optional<Profile> decode_profile(std::string_view text) {
  const std::size_t end = text.rfind("end ");
  if (end == std::string_view::npos) return std::nullopt;
  auto profile = decode_body(text.substr(0, end));
  // Writing it again settles the checksum, the order of lines and everything else.
  if (!profile || encode_profile(*profile) != text) return std::nullopt;
  return profile;
}

std::optional<Profile> load_profile(const std::string& directory, std::string_view machine) {
  const std::string path = directory + "/" + std::string(kFileName);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return std::nullopt;
  std::string text(kLargestFile, '\0');
  std::size_t size = 0;
  ssize_t got = 0;
  do {
    got = ::read(file, text.data() + size, text.size() - size);
    if (got > 0) size += static_cast<std::size_t>(got);
  } while (got > 0 && size < text.size());
  ::close(file);
  if (got != 0) return std::nullopt;
  auto profile = decode_profile(std::string_view(text).substr(0, size));
  if (!profile || profile->machine != machine) return std::nullopt;
  return profile;
}

bool store_profile(const std::string& directory, const Profile& profile) {
  const std::string path = directory + "/" + std::string(kFileName);
  std::string temporary = path + ".XXXXXX";
  const int file = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (file < 0) return false;
  const bool written = write_all(file, as_bytes(encode_profile(profile))) && ::fsync(file) == 0;
  ::close(file);
  if (written && ::rename(temporary.c_str(), path.c_str()) == 0) return true;
  ::unlink(temporary.c_str());
  return false;
}

std::string build_id() {
  std::string id = "unknown";
  ::dl_iterate_phdr(find_build_id, &id);
  return id;
}

}  // namespace buri::accel::engine
