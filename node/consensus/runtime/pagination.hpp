#pragma once

#include <functional>

#include "node/consensus/codec/schema.hpp"
#include "node/consensus/runtime/metered_store.hpp"

/// Pages of a collection, as the SDK cuts them (cosmos.base.query.v1beta1, types/query).

namespace buri::consensus::runtime {

struct PageRequest {
  Bytes key{};  ///< where the last page said the next one starts; not beside an offset
  std::uint64_t offset = 0;
  std::uint64_t limit = 0;  ///< 0: 100, and the total is counted
  bool count_total = false;
  bool reverse = false;

  static constexpr std::string_view kName = "cosmos.base.query.v1beta1.PageRequest";
  static constexpr auto fields() {
    using codec::Field;
    return fields_of(Field{1, "key", &PageRequest::key}, Field{2, "offset", &PageRequest::offset},
                     Field{3, "limit", &PageRequest::limit},
                     Field{4, "count_total", &PageRequest::count_total},
                     Field{5, "reverse", &PageRequest::reverse});
  }
  friend bool operator==(const PageRequest&, const PageRequest&) = default;
};

struct PageResponse {
  Bytes next_key{};  ///< empty after the last page
  std::uint64_t total = 0;

  static constexpr std::string_view kName = "cosmos.base.query.v1beta1.PageResponse";
  static constexpr auto fields() {
    using codec::Field;
    return fields_of(Field{1, "next_key", &PageResponse::next_key},
                     Field{2, "total", &PageResponse::total});
  }
};

/// Which entries count; empty for all.
using PageFilter = std::function<Outcome<bool>(ByteView key, ByteView value)>;

/// Calls `visit` for the entries of one page among the keys that begin with `prefix`; it sees the
/// key without the prefix. From a key on, the limit counts what the filter leaves out too. Errors:
/// the visitor's and the filter's, code 1 for a key beside an offset.
Outcome<PageResponse> paginate(
    const MeteredStore& store, ByteView prefix, const PageRequest& request,
    const std::function<Status<Error>(ByteView key, ByteView value)>& visit,
    const PageFilter& filter = {});

}  // namespace buri::consensus::runtime
