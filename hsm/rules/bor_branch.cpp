#include "hsm/rules/bor_branch.hpp"

#include <algorithm>

#include "base/codec/rlp.hpp"
#include "hsm/rules/digest.hpp"
#include "hsm/wire/sign_bytes.hpp"

namespace buri::hsm::rules {
namespace {

constexpr int kItemsBeforeNumber = 8;
constexpr int kFewestItems = 15;
constexpr int kMostItems = 16;

/// What chains headers together.
struct Link {
  std::uint64_t number = 0;
  Hash256 parent;
};

/// Reads number and parent of a header; an error unless it is a list of 15 or 16 byte strings.
Result<Link, RlpError> read_link(ByteView rlp) {
  ASSIGN_OR_RETURN(RlpReader items, decode_rlp_list(rlp));
  Link link;
  ASSIGN_OR_RETURN(link.parent, items.next_fixed<32>());
  for (int i = 1; i < kItemsBeforeNumber; ++i) RETURN_IF_ERROR(items.next_bytes());
  ASSIGN_OR_RETURN(link.number, items.next_uint64());
  int count = kItemsBeforeNumber + 1;
  for (; !items.at_end() && count < kMostItems; ++count) RETURN_IF_ERROR(items.next_bytes());
  if (count < kFewestItems) return Failure{RlpError::kMissingItem};
  RETURN_IF_ERROR(items.expect_end());
  return link;
}

/// Whether the block is the milestone, or one above it that a header of ours stands on or is.
bool is_anchor(const BorRecord& record, std::uint64_t number, const Hash256& hash) {
  if (!record.milestone || number < record.milestone->number) return false;
  if (number == record.milestone->number) return hash == record.milestone->hash;
  if (record.last_header && number == record.last_header->number &&
      hash == last_block_hash(record)) {
    return true;
  }
  return std::any_of(record.seals.begin(), record.seals.end(), [&](const BorSeal& seal) {
    return seal.number - 1 == number && seal.parent == hash;
  });
}

}  // namespace

bool keeps_milestone(const BorRecord& record, std::uint64_t parent_number, const Hash256& parent,
                     std::span<const Bytes> branch) {
  std::uint64_t number = parent_number;
  Hash256 hash = parent;
  for (auto rlp = branch.rbegin(); rlp != branch.rend(); ++rlp) {
    const auto link = read_link(*rlp);
    if (!link.ok() || link->number != number || number == 0 || keccak256(*rlp) != hash) {
      return false;
    }
    --number;
    hash = link->parent;
  }
  return is_anchor(record, number, hash);
}

std::optional<Hash256> last_block_hash(const BorRecord& record) {
  if (!record.last_header || !record.signature) return std::nullopt;
  return keccak256(wire::bor_header_rlp(*record.last_header, *record.signature));
}

}  // namespace buri::hsm::rules
