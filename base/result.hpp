#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

#include "base/check.hpp"

/// Expected failures as values. `Result<T, E>` holds either a T or an E; reading the wrong one
/// aborts. E is the module's own enum or small struct; text for people is made at the edge.

namespace buri {

/// Wraps an error so that `return Failure{...}` converts to any Result with that error type.
template <class E>
struct Failure {
  E error;
};
template <class E>
Failure(E) -> Failure<E>;

/// The value of a Result that carries nothing on success.
struct Unit {
  friend bool operator==(const Unit&, const Unit&) = default;
};

namespace detail {
template <class T>
concept Copyable = std::copy_constructible<T>;
template <class T>
concept Trivial = Copyable<T> && std::is_trivially_copyable_v<T>;
}  // namespace detail

/// Either a value or an error. Not thread-safe; movable, and copyable when T and E are; trivially
/// copyable when they are. A union by hand, because std::variant costs the compiler several times
/// as much and every room returns Results.
template <class T, class E>
class [[nodiscard]] Result {
 public:
  using Value = T;
  using Error = E;

  template <class U = T>
    requires std::is_convertible_v<U&&, T>
  constexpr Result(U&& value)
      : is_ok_(true), value_(std::forward<U>(value)) {}  // NOLINT(*-explicit-*)
  template <class F>
    requires std::is_convertible_v<F&&, E>
  constexpr Result(Failure<F> failure)  // NOLINT(*-explicit-*)
      : is_ok_(false), error_(std::move(failure.error)) {}

  Result(const Result&)
    requires(detail::Trivial<T> && detail::Trivial<E>)
  = default;
  Result(const Result& other)
    requires(detail::Copyable<T> && detail::Copyable<E>)
      : is_ok_(other.is_ok_) {
    construct_from(other);
  }
  Result(Result&&)
    requires(detail::Trivial<T> && detail::Trivial<E>)
  = default;
  Result(Result&& other) noexcept : is_ok_(other.is_ok_) { construct_from(std::move(other)); }

  Result& operator=(const Result&)
    requires(detail::Trivial<T> && detail::Trivial<E>)
  = default;
  Result& operator=(const Result& other)
    requires(detail::Copyable<T> && detail::Copyable<E>)
  {
    if (this != &other) *this = Result(other);
    return *this;
  }
  Result& operator=(Result&&)
    requires(detail::Trivial<T> && detail::Trivial<E>)
  = default;
  Result& operator=(Result&& other) noexcept {
    if (this == &other) return *this;
    destroy();
    is_ok_ = other.is_ok_;
    construct_from(std::move(other));
    return *this;
  }

  ~Result()
    requires(std::is_trivially_destructible_v<T> && std::is_trivially_destructible_v<E>)
  = default;
  ~Result() { destroy(); }

  [[nodiscard]] bool ok() const { return is_ok_; }
  explicit operator bool() const { return ok(); }

  /// The value. REQUIRES: ok().
  [[nodiscard]] T& value() & {
    CHECK(ok(), "a Result was read as a value while it holds an error");
    return value_;
  }
  [[nodiscard]] const T& value() const& { return const_cast<Result*>(this)->value(); }
  [[nodiscard]] T&& value() && { return std::move(this->value()); }

  /// The error. REQUIRES: !ok().
  [[nodiscard]] E& error() & {
    CHECK(!ok(), "a Result was read as an error while it holds a value");
    return error_;
  }
  [[nodiscard]] const E& error() const& { return const_cast<Result*>(this)->error(); }
  [[nodiscard]] E&& error() && { return std::move(this->error()); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  template <class Other>
  void construct_from(Other&& other) {
    if (is_ok_) {
      std::construct_at(&value_, std::forward<Other>(other).value_);
    } else {
      std::construct_at(&error_, std::forward<Other>(other).error_);
    }
  }
  void destroy() {
    if (is_ok_) {
      std::destroy_at(&value_);
    } else {
      std::destroy_at(&error_);
    }
  }

  bool is_ok_;
  union {
    T value_;
    E error_;
  };
};

/// A Result that carries nothing on success: `return Unit{};`.
template <class E>
using Status = Result<Unit, E>;

}  // namespace buri

#define BURI_CONCAT_INNER(a, b) a##b
#define BURI_CONCAT(a, b) BURI_CONCAT_INNER(a, b)

/// Returns the error of `expression` (a Result) from the enclosing function, if it has one.
#define RETURN_IF_ERROR(expression)                           \
  do {                                                        \
    if (auto buri_status = (expression); !buri_status.ok())   \
      return ::buri::Failure{std::move(buri_status).error()}; \
  } while (false)

/// Declares or assigns `target` from the value of `expression` (a Result), or returns its error.
#define ASSIGN_OR_RETURN(target, expression) \
  BURI_ASSIGN_OR_RETURN(BURI_CONCAT(buri_result_, __LINE__), target, expression)
#define BURI_ASSIGN_OR_RETURN(result, target, expression)              \
  auto result = (expression);                                          \
  if (!result.ok()) return ::buri::Failure{std::move(result).error()}; \
  target = std::move(result).value()
