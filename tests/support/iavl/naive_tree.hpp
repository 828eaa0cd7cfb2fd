#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.hpp"

/// IAVL trees written down as plainly as the rules allow, one node at a time on the heap and hashed
/// by OpenSSL: what the real ones are held against.

namespace buri::testing {

class NaiveTree {
 public:
  void set(ByteView key, ByteView value, std::int64_t version);
  bool remove(ByteView key, std::int64_t version);
  [[nodiscard]] Hash256 root() const;

  struct Node;
  using Link = std::shared_ptr<const Node>;

 private:
  Link root_;
};

/// Several trees and what they hold, at every height since the first.
class NaiveStores {
 public:
  using Content = std::map<Bytes, Bytes>;
  using Writes = std::map<Bytes, std::optional<Bytes>>;

  explicit NaiveStores(std::size_t count) : trees_(count), content_(count) {}

  /// Applies the writes of a height, one map per store.
  void apply(std::int64_t height, const std::vector<Writes>& writes);
  void roll_back(std::int64_t height);

  [[nodiscard]] std::vector<Hash256> roots(std::int64_t height) const;
  [[nodiscard]] const Content& content(std::int64_t height, std::size_t store) const {
    return heights_.at(height).content[store];
  }

 private:
  struct Height {
    std::vector<NaiveTree> trees;
    std::vector<Content> content;
  };

  std::vector<NaiveTree> trees_;
  std::vector<Content> content_;
  std::map<std::int64_t, Height> heights_;
};

}  // namespace buri::testing
