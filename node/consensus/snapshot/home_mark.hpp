#pragma once

#include <string_view>

namespace buri::consensus::snapshot {

/// A file in a home's data folder while a snapshot is imported there. Where it stands, the stores
/// beside it are unfinished: no node may start on them, and the next import begins anew.
inline constexpr std::string_view kImportMark = "snapshot.import";

}  // namespace buri::consensus::snapshot
