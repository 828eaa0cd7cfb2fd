#include "node/consensus/p2p/address_book_file.hpp"

#include "base/hex.hpp"
#include "node/consensus/codec/json.hpp"

namespace buri::consensus::p2p {
namespace book_file {

/// As Go writes a time that was never set.
constexpr codec::Timestamp kNever{-62135596800, 0};

struct Address {
  std::string id;
  std::string ip;
  std::uint32_t port = 0;

  static constexpr std::string_view kName = "NetAddress";
  static constexpr auto fields() {
    return std::tuple{codec::Field{1, "id", &Address::id}, codec::Field{2, "ip", &Address::ip},
                      codec::Field{3, "port", &Address::port}};
  }
};

struct Entry {
  Address addr;
  Address src;
  std::vector<std::uint32_t> buckets;
  std::uint32_t attempts = 0;
  std::uint32_t bucket_type = 0;  ///< 1: new, 2: old
  codec::Timestamp last_attempt = kNever;
  codec::Timestamp last_success = kNever;
  codec::Timestamp last_ban_time = kNever;

  static constexpr std::string_view kName = "knownAddress";
  static constexpr auto fields() {
    return std::tuple{codec::Field{1, "addr", &Entry::addr},
                      codec::Field{2, "src", &Entry::src},
                      codec::Field{3, "buckets", &Entry::buckets},
                      codec::Field{4, "attempts", &Entry::attempts},
                      codec::Field{5, "bucket_type", &Entry::bucket_type},
                      codec::Field{6, "last_attempt", &Entry::last_attempt},
                      codec::Field{7, "last_success", &Entry::last_success},
                      codec::Field{8, "last_ban_time", &Entry::last_ban_time}};
  }
};

struct Book {
  std::string key;
  std::vector<Entry> addrs;

  static constexpr std::string_view kName = "addrBookJSON";
  static constexpr auto fields() {
    return std::tuple{codec::Field{1, "key", &Book::key}, codec::Field{2, "addrs", &Book::addrs}};
  }
};

/// Times outside of what the clock's type holds count as never: no node has known such an address.
std::optional<WallTime> to_wall(const codec::Timestamp& time) {
  constexpr std::int64_t kMostSeconds = 9'000'000'000;  // the year 2255
  if (time.seconds < 0 || time.seconds > kMostSeconds) return std::nullopt;
  return WallTime(std::chrono::seconds(time.seconds) + std::chrono::nanoseconds(time.nanos));
}

codec::Timestamp from_wall(const std::optional<WallTime>& time) {
  if (!time) return kNever;
  const auto since = time->time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  const std::chrono::nanoseconds rest = since - seconds;
  return {seconds.count(), static_cast<std::int32_t>(rest.count())};
}

std::optional<NetAddress> to_address(const Address& read) {
  const auto id = parse_node_id(read.id);
  const auto ip = IpAddress::from_text(read.ip);
  if (!id || !ip || read.port == 0 || read.port > 0xffff) return std::nullopt;
  return NetAddress{*id, *ip, static_cast<std::uint16_t>(read.port)};
}

Address from_address(const NetAddress& address) {
  return {to_hex(address.id), address.ip.to_text(), address.port};
}

Failure<JsonError> refused(std::size_t index, std::string_view field, std::string expected,
                           std::uint32_t found) {
  return Failure{JsonError{"addrs[" + std::to_string(index) + "]." + std::string(field),
                           std::move(expected), std::to_string(found)}};
}

/// Nothing for an entry that cannot be called.
Result<std::optional<KnownAddress>, JsonError> to_known(const Entry& read, std::size_t index) {
  if (read.bucket_type != 1 && read.bucket_type != 2) {
    return refused(index, "bucket_type", "1 or 2", read.bucket_type);
  }
  KnownAddress known;
  known.is_old = read.bucket_type == 2;
  const std::size_t count = known.is_old ? AddressBook::kOldBuckets : AddressBook::kNewBuckets;
  for (const std::uint32_t bucket : read.buckets) {
    if (bucket >= count) {
      return refused(index, "buckets", "numbers below " + std::to_string(count), bucket);
    }
    known.buckets.push_back(static_cast<std::uint16_t>(bucket));
  }
  known.attempts = read.attempts;
  known.last_attempt = to_wall(read.last_attempt);
  known.last_success = to_wall(read.last_success);
  known.banned_until = to_wall(read.last_ban_time);
  const auto address = to_address(read.addr);
  if (!address) return std::optional<KnownAddress>();
  known.address = *address;
  known.source = to_address(read.src).value_or(*address);
  return std::optional(std::move(known));
}

}  // namespace book_file

Result<AddressBookRecord, JsonError> parse_address_book(std::string_view text) {
  constexpr JsonLimits kLimits{.max_bytes = std::size_t{32} << 20, .max_depth = 8};
  ASSIGN_OR_RETURN(const JsonValue document, parse_json(text, kLimits));
  ASSIGN_OR_RETURN(const book_file::Book book,
                   codec::from_json<book_file::Book>(JsonCursor(document)));
  AddressBookRecord record{book.key, {}};
  for (std::size_t i = 0; i < book.addrs.size(); ++i) {
    ASSIGN_OR_RETURN(auto known, book_file::to_known(book.addrs[i], i));
    if (known) record.addresses.push_back(*std::move(known));
  }
  return record;
}

std::string address_book_text(const AddressBookRecord& record) {
  book_file::Book book{record.key, {}};
  for (const KnownAddress& known : record.addresses) {
    book_file::Entry& entry = book.addrs.emplace_back();
    entry.addr = book_file::from_address(known.address);
    entry.src = book_file::from_address(known.source);
    entry.buckets.assign(known.buckets.begin(), known.buckets.end());
    entry.attempts = known.attempts;
    entry.bucket_type = known.is_old ? 2 : 1;
    entry.last_attempt = book_file::from_wall(known.last_attempt);
    entry.last_success = book_file::from_wall(known.last_success);
    entry.last_ban_time = book_file::from_wall(known.banned_until);
  }
  std::string text;
  codec::append_json(text, book);
  return text;
}

}  // namespace buri::consensus::p2p
