#pragma once

#include <vector>

#include "node/consensus/runtime/query_router.hpp"

/// Pages of a store's entries, as the SDK's queries give them.

namespace buri::consensus::runtime {

/// Where a page begins: at a key, or behind some entries.
struct PageRequest {
  Bytes key{};  ///< the last page's next key
  std::uint64_t offset = 0;
  std::uint64_t limit = 0;  ///< 0: one hundred, with the total
  bool count_total = false;
  bool reverse = false;

  static constexpr std::string_view kName = "cosmos.base.query.v1beta1.PageRequest";
  static constexpr auto fields() {
    using codec::Field;
    return std::tuple{Field{1, "key", &PageRequest::key}, Field{2, "offset", &PageRequest::offset},
                      Field{3, "limit", &PageRequest::limit},
                      Field{4, "count_total", &PageRequest::count_total},
                      Field{5, "reverse", &PageRequest::reverse}};
  }
  friend bool operator==(const PageRequest&, const PageRequest&) = default;
};

struct PageResponse {
  Bytes next_key{};         ///< empty: this was the last page
  std::uint64_t total = 0;  ///< of all entries, if it was asked for and no key was given

  static constexpr std::string_view kName = "cosmos.base.query.v1beta1.PageResponse";
  static constexpr auto fields() {
    using codec::Field;
    return std::tuple{Field{1, "next_key", &PageResponse::next_key},
                      Field{2, "total", &PageResponse::total}};
  }
  friend bool operator==(const PageResponse&, const PageResponse&) = default;
};

/// The values of a page, in the order of the walk.
struct Page {
  std::vector<Bytes> values;
  PageResponse response;
};

/// Reads a page of the entries whose keys begin with `prefix`; keys of requests and responses are
/// without it. Behind the last entry there is nothing. Errors: kInvalidArgument for an offset
/// beside a key, kInternal if the store fails.
QueryResult<Page> read_page(const MeteredStore& store, std::uint8_t prefix, PageRequest request);

}  // namespace buri::consensus::runtime
