#pragma once

#include <type_traits>
#include <utility>
#include <variant>

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

/// Either a value or an error. Not thread-safe; movable when T and E are.
template <class T, class E>
class [[nodiscard]] Result {
 public:
  using Value = T;
  using Error = E;

  template <class U = T>
    requires std::is_convertible_v<U&&, T>
  Result(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}  // NOLINT(*-explicit-*)
  template <class F>
    requires std::is_convertible_v<F&&, E>
  Result(Failure<F> failure)  // NOLINT(*-explicit-*)
      : state_(std::in_place_index<1>, std::move(failure.error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// The value. REQUIRES: ok().
  [[nodiscard]] T& value() & {
    CHECK(ok(), "a Result was read as a value while it holds an error");
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] const T& value() const& { return const_cast<Result*>(this)->value(); }
  [[nodiscard]] T&& value() && { return std::move(this->value()); }

  /// The error. REQUIRES: !ok().
  [[nodiscard]] E& error() & {
    CHECK(!ok(), "a Result was read as an error while it holds a value");
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] const E& error() const& { return const_cast<Result*>(this)->error(); }
  [[nodiscard]] E&& error() && { return std::move(this->error()); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, E> state_;
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
