#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>

#include "base/check.hpp"

/// A sorted list that one thread extends while others read it: a skip list whose items never go.
/// Private to node/storage.

namespace buri::storage {

/// `Order` is a type with `static int compare(const Item& item, const Target& target)` for every
/// target that is sought, below 0 if the item comes first. `Memory` has
/// `void* allocate(std::size_t bytes)`, aligned for a pointer, and outlives the list.
/// insert() belongs to one thread at a time; everything else may be called by any thread meanwhile
/// and sees some of the items that are being inserted.
template <class Item, class Order>
class OrderedList {
  static_assert(std::is_trivially_destructible_v<Item>, "nodes are forgotten with their memory");

 public:
  /// An item and its successors, one per level.
  class Node {
   public:
    [[nodiscard]] const Item& item() const { return item_; }
    /// The item behind this one; null behind the last.
    [[nodiscard]] const Node* next() const { return link(0).load(std::memory_order_acquire); }

   private:
    friend class OrderedList;
    explicit Node(const Item& item) : item_(item) {}
    /// The links stand behind the node.
    [[nodiscard]] std::atomic<Node*>& link(std::size_t level) {
      return *std::launder(reinterpret_cast<std::atomic<Node*>*>(this + 1) + level);
    }
    [[nodiscard]] const std::atomic<Node*>& link(std::size_t level) const {
      return *std::launder(reinterpret_cast<const std::atomic<Node*>*>(this + 1) + level);
    }

    Item item_;
  };

  /// Inserts an item, whose place is before the first that does not come before `target`. False,
  /// and nothing is done, if that one is equal.
  template <class Memory, class Target>
  bool insert(const Item& item, const Target& target, Memory& memory) {
    Links before;
    for (std::size_t level = 0; level < kLevels; ++level) before[level] = &head_[level];
    // Most items come before all others.
    int order = order_of(head_[0], target);
    if (order < 0) order = descend(target, before);
    if (order == 0) return false;
    const std::size_t levels = random_levels();
    Node* node = make(item, levels, memory);
    for (std::size_t level = 0; level < levels; ++level) {
      node->link(level).store(before[level]->load(std::memory_order_relaxed),
                              std::memory_order_relaxed);
      before[level]->store(node, std::memory_order_release);
    }
    return true;
  }

  [[nodiscard]] const Node* first() const { return head_[0].load(std::memory_order_acquire); }
  [[nodiscard]] const Node* last() const {
    return last_where([](const Item&) { return true; });
  }
  /// The first item that does not come before the target; null if there is none.
  template <class Target>
  [[nodiscard]] const Node* at_or_after(const Target& target) const {
    const Node* found = before(target);
    return found == nullptr ? first() : found->next();
  }
  /// The last item that comes before the target; null if there is none.
  template <class Target>
  [[nodiscard]] const Node* before(const Target& target) const {
    return last_where([&](const Item& item) { return Order::compare(item, target) < 0; });
  }

 private:
  /// A level has a quarter of the items of the one below.
  static constexpr std::size_t kLevels = 10;
  /// Per level the link that leads past a place.
  using Links = std::array<std::atomic<Node*>*, kLevels>;

  /// The last item of those at the beginning that `comes_before` is true of.
  template <class Predicate>
  [[nodiscard]] const Node* last_where(const Predicate& comes_before) const {
    const Node* at = nullptr;
    for (std::size_t level = kLevels; level-- > 0;) {
      while (true) {
        const auto& link = at == nullptr ? head_[level] : at->link(level);
        const Node* next = link.load(std::memory_order_acquire);
        if (next == nullptr || !comes_before(next->item())) break;
        at = next;
      }
    }
    return at;
  }

  /// How the item behind a link compares; above 0 at the end.
  template <class Target>
  static int order_of(const std::atomic<Node*>& link, const Target& target) {
    const Node* next = link.load(std::memory_order_relaxed);
    return next == nullptr ? 1 : Order::compare(next->item(), target);
  }

  /// For the writer: the links that lead past the target's place, and how the item there compares.
  template <class Target>
  int descend(const Target& target, Links& before) {
    Node* at = nullptr;
    int order = 1;
    for (std::size_t level = kLevels; level-- > 0;) {
      while (true) {
        std::atomic<Node*>& link = at == nullptr ? head_[level] : at->link(level);
        before[level] = &link;
        order = order_of(link, target);
        if (order >= 0) break;
        at = link.load(std::memory_order_relaxed);
      }
    }
    return order;
  }

  template <class Memory>
  static Node* make(const Item& item, std::size_t levels, Memory& memory) {
    static_assert(alignof(Node) <= alignof(void*) && sizeof(Node) % alignof(void*) == 0);
    void* place = memory.allocate(sizeof(Node) + levels * sizeof(std::atomic<Node*>));
    auto* node = new (place) Node(item);
    for (std::size_t level = 0; level < levels; ++level) {
      new (reinterpret_cast<std::atomic<Node*>*>(node + 1) + level) std::atomic<Node*>(nullptr);
    }
    return node;
  }

  std::size_t random_levels() {
    // Marsaglia's xorshift: levels need no better randomness.
    seed_ ^= seed_ << 13;
    seed_ ^= seed_ >> 17;
    seed_ ^= seed_ << 5;
    std::size_t levels = 1;
    for (std::uint32_t bits = seed_; levels < kLevels && (bits & 3) == 0; bits >>= 2) ++levels;
    return levels;
  }

  std::array<std::atomic<Node*>, kLevels> head_{};
  std::uint32_t seed_ = 0x9e3779b9;
};

}  // namespace buri::storage
