#include "node/consensus/codec/unknown_fields.hpp"

#include <algorithm>

#include "node/consensus/codec/message.hpp"

namespace buri::consensus::codec {
namespace {

constexpr std::uint32_t kNonCriticalBit = 1024;

class Walk {
 public:
  Walk(const AnyResolver& resolve, bool allow_non_critical)
      : resolve_(resolve), allow_non_critical_(allow_non_critical) {}

  [[nodiscard]] bool passed_over() const { return passed_over_; }

  Status<DecodeError> message(ByteView bytes, const Descriptor& descriptor, int limit) {
    if (bytes.empty()) return Unit{};
    if (limit == 0) return Failure{DecodeError::kNesting};
    WireReader reader(bytes);
    while (!reader.at_end()) {
      ASSIGN_OR_RETURN(const RawField raw, reader.next());
      const auto known = std::ranges::find(descriptor.fields, raw.number, &FieldDescriptor::number);
      if (known != descriptor.fields.end()) {
        RETURN_IF_ERROR(field(raw, *known, limit));
      } else {
        RETURN_IF_ERROR(unknown(raw));
      }
    }
    return Unit{};
  }

 private:
  Status<DecodeError> unknown(const RawField& raw) {
    const bool critical = (raw.number & kNonCriticalBit) == 0;
    if (critical || !allow_non_critical_) return Failure{DecodeError::kUnknownField};
    passed_over_ = true;
    return Unit{};
  }

  Status<DecodeError> field(const RawField& raw, const FieldDescriptor& known, int limit) {
    using Kind = FieldDescriptor::Kind;
    // A packed form passes for every integer here, repeated or not; decoding is stricter.
    const bool fits =
        raw.wire == Wire::kBytes || (known.kind == Kind::kVarint && raw.wire == Wire::kVarint);
    if (!fits) return Failure{DecodeError::kWireType};
    if (known.kind == Kind::kMessage) return message(raw.bytes, known.message(), limit - 1);
    if (known.kind == Kind::kAny) return any(raw.bytes, limit);
    return Unit{};
  }

  Status<DecodeError> any(ByteView bytes, int limit) {
    RETURN_IF_ERROR(message(bytes, descriptor<Any>(), limit - 1));
    ASSIGN_OR_RETURN(const Any held, decode<Any>(bytes));
    const Descriptor* inner = resolve_(held.type_url);
    if (inner == nullptr) return Failure{DecodeError::kUnresolvableType};
    return message(held.value, *inner, limit - 1);
  }

  const AnyResolver& resolve_;
  bool allow_non_critical_;
  bool passed_over_ = false;
};

}  // namespace

Result<bool, DecodeError> find_unknown_fields(ByteView bytes, const Descriptor& message,
                                              const AnyResolver& resolve,
                                              const UnknownFieldRules& rules) {
  Walk walk(resolve, rules.allow_non_critical);
  RETURN_IF_ERROR(walk.message(bytes, message, rules.depth_limit));
  return walk.passed_over();
}

}  // namespace buri::consensus::codec
