#pragma once

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "node/consensus/p2p/net_address.hpp"

/// The addresses of nodes that may be called (spec/cometbft.md 3.4; p2p/pex/addrbook.go of the
/// fork). Addresses that were heard of lie in 256 "new" buckets, those that proved good in 64 "old"
/// ones; which bucket is decided by a secret key and by the network group of the address and of
/// whoever told it, so that one operator's nodes can fill only few of them. Where the fork hashes
/// with a key that lives as long as its process, this book uses the key of its file.

namespace buri::consensus::p2p {

/// One address of the book.
struct KnownAddress {
  NetAddress address;
  NetAddress source;  ///< of whom it was heard
  bool is_old = false;
  std::vector<std::uint16_t> buckets;  ///< of its kind; an old address has one, a new one up to 4
  std::uint32_t attempts = 0;          ///< calls since the last success
  std::optional<WallTime> last_attempt;
  std::optional<WallTime> last_success;
  std::optional<WallTime> banned_until;

  friend bool operator==(const KnownAddress&, const KnownAddress&) = default;
};

/// What the file of a book holds (address_book_file.hpp).
struct AddressBookRecord {
  std::string key;  ///< secret; 24 hex digits where stock made it
  std::vector<KnownAddress> addresses;

  friend bool operator==(const AddressBookRecord&, const AddressBookRecord&) = default;
};

/// What became of an address that was to be added.
enum class BookVerdict : std::uint8_t {
  kAdded,
  kKnown,          ///< nothing changed
  kInvalid,        ///< no address that a node can have
  kUnroutable,     ///< refused by a strict book
  kOwn,            ///< this node
  kBanned,         ///< misbehaved lately
  kPrivate,        ///< its id is to be kept private
  kPrivateSource,  ///< a private node told it: that it knows it is private, too
};

/// Not thread-safe. Time and randomness are handed in; equal calls give equal books.
class AddressBook {
 public:
  static constexpr std::size_t kNewBuckets = 256;
  static constexpr std::size_t kOldBuckets = 64;
  static constexpr std::size_t kBucketAddresses = 64;
  static constexpr std::size_t kMaxBucketsOfNew = 4;
  /// Bans held at once; beyond, those that end first are forgotten.
  static constexpr std::size_t kMaxBans = 4096;

  /// `is_strict`: only addresses that are routable across the internet (addr_book_strict).
  /// `random` also makes the key, and must outlive this object.
  AddressBook(NodeId own_id, bool is_strict, Random& random);

  /// Replaces the content by that of a file, and takes over its bans that still run. What does not
  /// fit (an id twice, a full bucket) is left out.
  void restore(const AddressBookRecord& record, WallTime now);
  [[nodiscard]] AddressBookRecord record() const;

  void add_own(const NetAddress& address) { own_addresses_.insert(address); }
  void add_private(const NodeId& id) { private_ids_.insert(id); }

  BookVerdict add(const NetAddress& address, const NetAddress& source, WallTime now);
  void remove(const NodeId& id);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool needs_more() const { return size() < kEnoughAddresses; }
  [[nodiscard]] bool contains(const NodeId& id) const { return entries_.contains(id); }
  /// Whether it once proved good.
  [[nodiscard]] bool is_good(const NodeId& id) const;
  [[nodiscard]] bool is_banned(const NodeId& id, WallTime now) const;

  /// An address to call; nothing if the kind that the dice chose is empty. `bias_to_new` in per
  /// cent, from 0 to 100.
  std::optional<NetAddress> pick(int bias_to_new);
  /// Addresses to be told to a peer: 23 per cent of the book, at least 32, at most 250.
  std::vector<NetAddress> selection();
  /// The same with a share of about `bias_to_new` per cent of new addresses, as a seed gives it.
  std::vector<NetAddress> selection(int bias_to_new);

  /// It was connected and has been of use.
  void mark_good(const NodeId& id, WallTime now);
  /// It was called in vain.
  void mark_attempt(const NodeId& id, WallTime now);
  /// Takes a node out of the book until the ban ends; a longer ban stays.
  void ban(const NodeId& id, std::chrono::seconds duration, WallTime now);
  /// Puts addresses back whose ban is over.
  void reinstate(WallTime now);

 private:
  static constexpr std::size_t kEnoughAddresses = 1000;

  struct Ban {
    WallTime until;
    std::optional<KnownAddress> address;  ///< what was in the book
  };
  using Bucket = std::vector<NodeId>;

  [[nodiscard]] std::uint16_t new_bucket_of(const NetAddress& address,
                                            const NetAddress& source) const;
  [[nodiscard]] std::uint16_t old_bucket_of(const NetAddress& address) const;
  [[nodiscard]] BookVerdict judge(const NetAddress& address, const NetAddress& source,
                                  WallTime now) const;
  Bucket& bucket(bool is_old, std::uint16_t index) {
    return is_old ? old_buckets_.at(index) : new_buckets_.at(index);
  }
  void put_into_new(KnownAddress& known, std::uint16_t index, WallTime now);
  void make_room_in_new(std::uint16_t index, WallTime now);
  void move_to_old(KnownAddress& known, WallTime now);
  void take_from_buckets(KnownAddress& known);
  [[nodiscard]] NodeId oldest_of(const Bucket& bucket) const;
  [[nodiscard]] std::size_t selection_size() const;
  std::vector<NetAddress> shuffled(bool with_new, bool with_old, std::size_t count);
  void restore_entry(const KnownAddress& read);
  void forget_excess_bans();

  NodeId own_id_;
  bool is_strict_;
  Random& random_;
  std::string key_;
  // Ordered by id: ids are chosen by others, and the order must not depend on a hash.
  std::map<NodeId, KnownAddress> entries_;
  std::map<NodeId, Ban> bans_;
  std::array<Bucket, kNewBuckets> new_buckets_;
  std::array<Bucket, kOldBuckets> old_buckets_;
  std::size_t old_count_ = 0;
  std::set<NetAddress> own_addresses_;
  std::set<NodeId> private_ids_;
};

}  // namespace buri::consensus::p2p
