#include "node/consensus/runtime/pagination.hpp"

namespace buri::consensus::runtime {
namespace {

constexpr std::uint64_t kDefaultLimit = 100;

/// From the key on, in the direction of the request.
store::KeyRange range_of(ByteView prefix, const PageRequest& request) {
  store::KeyRange range = store::prefix_range(prefix);
  if (request.key.empty()) return range;
  Bytes start(prefix.begin(), prefix.end());
  append(start, request.key);
  if (request.reverse) {
    range.end = store::prefix_range(start).end;
  } else {
    range.begin = std::move(start);
  }
  return range;
}

}  // namespace

Outcome<PageResponse> paginate(
    const MeteredStore& store, ByteView prefix, const PageRequest& request,
    const std::function<Status<Error>(ByteView key, ByteView value)>& visit,
    const PageFilter& filter) {
  if (request.offset > 0 && !request.key.empty()) {
    return Failure{plain_error("invalid request, either offset or key is expected, got both")};
  }
  const std::uint64_t limit = request.limit == 0 ? kDefaultLimit : request.limit;
  const bool counts = request.key.empty() && (request.count_total || request.limit == 0);
  const auto direction =
      request.reverse ? store::Direction::kDescending : store::Direction::kAscending;
  ASSIGN_OR_RETURN(auto entries, store.iterate(range_of(prefix, request), direction));
  PageResponse page;
  std::uint64_t skipped = 0;
  for (; skipped < request.offset && entries.valid(); ++skipped) RETURN_IF_ERROR(entries.next());
  if (skipped < request.offset) return page;
  std::uint64_t count = 0;
  while (entries.valid()) {
    const ByteView key = entries.key().subspan(prefix.size());
    bool is_included = true;
    if (filter) {
      ASSIGN_OR_RETURN(is_included, filter(key, entries.value()));
    }
    if (count < limit && is_included) RETURN_IF_ERROR(visit(key, entries.value()));
    if (count == limit) {
      page.next_key.assign(key.begin(), key.end());
      if (!counts) return page;
    }
    if (is_included || !request.key.empty()) ++count;
    RETURN_IF_ERROR(entries.next());
  }
  if (counts) page.total = count + request.offset;
  return page;
}

}  // namespace buri::consensus::runtime
