#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hsm/ceremony/journal.hpp"
#include "hsm/ceremony/record_json.hpp"

/// The list of all files of a ceremony or drill with their hashes. It is written last, so that its
/// own hash stands for everything; participants sign it with their own keys.

namespace buri::hsm::ceremony {

inline constexpr const char* kManifestFile = "manifest.json";
/// Folder of the participants' signatures: "signatures/2-oskar.sig" is the second one's.
inline constexpr const char* kSignatureFolder = "signatures";
/// Folder of the restore drills, numbered from "drills/001".
inline constexpr const char* kDrillFolder = "drills";

/// How it ended.
enum class Outcome : std::uint8_t {
  kDone,
  kFailed,       ///< a drill that did not succeed
  kInterrupted,  ///< a drill that was cut off; nothing is known of what it would have shown
};
inline constexpr std::array<std::string_view, 3> kOutcomeNames{"done", "failed", "interrupted"};

struct ManifestEntry {
  std::string path;
  std::uint64_t bytes = 0;
  Hash256 sha256;
};

struct Manifest {
  std::string ceremony_id;
  Outcome outcome{};
  std::uint64_t transcript_lines = 0;
  Hash256 transcript_head;
  std::vector<ManifestEntry> files;  ///< ascending by path

  /// The entry of a path, or null.
  [[nodiscard]] const ManifestEntry* find(std::string_view path) const;
};

template <class Visitor>
void describe_fields(Visitor& visit, ManifestEntry& entry) {
  visit.field("path", entry.path);
  visit.field("bytes", entry.bytes);
  visit.field("sha256", entry.sha256);
}
template <class Visitor>
void describe_fields(Visitor& visit, Manifest& manifest) {
  visit.field("ceremony_id", manifest.ceremony_id);
  visit.choice("outcome", manifest.outcome, kOutcomeNames);
  visit.field("transcript_lines", manifest.transcript_lines);
  visit.field("transcript_head", manifest.transcript_head);
  visit.field("files", manifest.files);
}

/// Exactly what encode_record() writes, paths ascending, none absolute or leading outside the
/// folder.
Result<Manifest, JsonError> decode_manifest(std::string_view text);

/// True for the paths that a manifest does not list: itself, signatures, drills.
bool is_outside_manifest(std::string_view path);

/// The manifest of everything in the store now.
Result<Manifest, Reason> make_manifest(Store& store, const Journal& journal,
                                       const std::string& ceremony_id, Outcome outcome);

/// The file that holds the signature of participant `number` (from 1).
std::string signature_path(std::size_t number, std::string_view name);

/// "drills/001".
std::string drill_folder(std::size_t number);
/// The ceremony id in a drill's proof of possession: "ID/drill-001".
std::string drill_id(const std::string& ceremony_id, std::size_t number);

}  // namespace buri::hsm::ceremony
