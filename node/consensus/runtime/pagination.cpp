#include "node/consensus/runtime/pagination.hpp"

#include "node/consensus/runtime/keys.hpp"

namespace buri::consensus::runtime {
namespace {

constexpr std::uint64_t kDefaultLimit = 100;

/// The keys from the requested one on, or down to the first.
store::KeyRange range_of(std::uint8_t prefix, const PageRequest& request) {
  store::KeyRange range = store::prefix_range(Key(prefix));
  if (request.key.empty()) return range;
  const Key start = Key(prefix).raw(request.key);
  if (request.reverse) {
    range.end = store::prefix_range(start).end;
  } else {
    range.begin = start.bytes();
  }
  return range;
}

Outcome<Page> walk(const MeteredStore& store, std::uint8_t prefix, const PageRequest& request) {
  const auto direction =
      request.reverse ? store::Direction::kDescending : store::Direction::kAscending;
  ASSIGN_OR_RETURN(auto entries, store.iterate(range_of(prefix, request), direction));
  std::uint64_t skipped = 0;
  for (; skipped < request.offset && entries.valid(); ++skipped) RETURN_IF_ERROR(entries.next());
  Page page;
  if (skipped < request.offset) return page;
  const bool counts = request.count_total && request.key.empty();
  std::uint64_t seen = 0;
  for (; entries.valid(); ++seen) {
    if (seen < request.limit) {
      page.values.emplace_back(entries.value().begin(), entries.value().end());
    } else if (seen == request.limit) {
      const ByteView key = entries.key().subspan(1);
      page.response.next_key.assign(key.begin(), key.end());
      if (!counts) return page;
    }
    RETURN_IF_ERROR(entries.next());
  }
  if (counts) page.response.total = request.offset + seen;
  return page;
}

}  // namespace

QueryResult<Page> read_page(const MeteredStore& store, std::uint8_t prefix, PageRequest request) {
  if (request.limit == 0) {
    request.limit = kDefaultLimit;
    request.count_total = true;
  }
  if (request.offset > 0 && !request.key.empty()) {
    return Failure{QueryError{QueryError::Code::kInvalidArgument,
                              "invalid request, either offset or key is expected, got both"}};
  }
  auto page = walk(store, prefix, request);
  if (!page.ok()) return Failure{QueryError{QueryError::Code::kInternal, page.error().log}};
  return std::move(page).value();
}

}  // namespace buri::consensus::runtime
