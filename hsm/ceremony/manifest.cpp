#include "hsm/ceremony/manifest.hpp"

#include <algorithm>

namespace buri::hsm::ceremony {
namespace {

bool is_safe_path(std::string_view path) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
  if (path.find_first_not_of(kAllowed) != std::string_view::npos) return false;
  while (true) {
    const std::string_view part = path.substr(0, path.find('/'));
    if (part.empty() || part == "." || part == "..") return false;
    if (part.size() == path.size()) return true;
    path.remove_prefix(part.size() + 1);
  }
}

/// At least three digits.
std::string padded(std::size_t number) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

}  // namespace

const ManifestEntry* Manifest::find(std::string_view path) const {
  const auto entry = std::ranges::find(files, path, &ManifestEntry::path);
  return entry == files.end() ? nullptr : &*entry;
}

Result<Manifest, JsonError> decode_manifest(std::string_view text) {
  ASSIGN_OR_RETURN(Manifest manifest, decode_record<Manifest>(text));
  for (std::size_t i = 0; i < manifest.files.size(); ++i) {
    const std::string& path = manifest.files[i].path;
    const std::string place = "files[" + std::to_string(i) + "].path";
    if (!is_safe_path(path) || is_outside_manifest(path)) {
      return Failure{JsonError{place, "a path inside the folder", quoted_json(path)}};
    }
    if (i > 0 && path <= manifest.files[i - 1].path) {
      return Failure{JsonError{place, "paths in ascending order", quoted_json(path)}};
    }
  }
  return manifest;
}

bool is_outside_manifest(std::string_view path) {
  return path == kManifestFile || path.starts_with(std::string(kSignatureFolder) + "/") ||
         path.starts_with(std::string(kDrillFolder) + "/");
}

Result<Manifest, Reason> make_manifest(Store& store, const Journal& journal,
                                       const std::string& ceremony_id, Outcome outcome) {
  Manifest manifest{ceremony_id, outcome, journal.lines().size(), journal.head(), {}};
  ASSIGN_OR_RETURN(const auto names, store.list());
  for (const std::string& name : names) {
    if (is_outside_manifest(name)) continue;
    ASSIGN_OR_RETURN(const Bytes bytes, store.read(name));
    manifest.files.push_back({name, bytes.size(), sha256(bytes)});
  }
  return manifest;
}

std::string signature_path(std::size_t number, std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper || (c >= 'a' && c <= 'z')) plain += static_cast<char>(upper ? c - 'A' + 'a' : c);
    if (c == ' ') break;  // the first name tells the files apart for people
  }
  return std::string(kSignatureFolder) + "/" + std::to_string(number) +
         (plain.empty() ? "" : "-" + plain) + ".sig";
}

std::string drill_folder(std::size_t number) {
  return std::string(kDrillFolder) + "/" + padded(number);
}

std::string drill_id(const std::string& ceremony_id, std::size_t number) {
  return ceremony_id + "/drill-" + padded(number);
}

}  // namespace buri::hsm::ceremony
