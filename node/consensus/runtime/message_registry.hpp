#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/consensus/codec/amino_json.hpp"
#include "node/consensus/codec/compact_text.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/codec/unknown_fields.hpp"
#include "node/consensus/runtime/context.hpp"
#include "node/consensus/runtime/error.hpp"

/// Every message a transaction may carry, by type URL: how it decodes, who signs it, what checks
/// and handles it, and how validators vote on it. Modules fill the registry once; it is then
/// read-only and thread-safe.

namespace buri::consensus::runtime {

/// A validator's answer on a side transaction: sidetxs.Vote.
enum class SideVote : std::uint8_t { kUnspecified = 0, kYes = 1, kNo = 2 };

struct MessageType;

/// A decoded message of some type. Made by the registry alone.
class DecodedMessage {
 public:
  virtual ~DecodedMessage() = default;
  [[nodiscard]] const MessageType& type() const { return *type_; }

 protected:
  explicit DecodedMessage(const MessageType& type) : type_(&type) {}

 private:
  const MessageType* type_;
};
using MessagePointer = std::unique_ptr<const DecodedMessage>;

class MessageRegistry;

/// What a module says about its message T. Only `signers` and `handle` are needed.
template <codec::Message T>
struct MessageSpec {
  /// The texts of the addresses that must sign, in order: the fields that the .proto file's
  /// cosmos.msg.v1.signer option names.
  std::function<std::vector<std::string>(const T&)> signers;
  /// Checks that need no state; run before the ante chain. Empty: everything passes.
  std::function<Status<Error>(const T&)> validate_basic{};
  /// Executes the message; the result is the response packed as an Any.
  std::function<Outcome<codec::Any>(const Context&, const T&)> handle;
  /// Votes on the message from outside facts; never writes. Empty: not a side transaction.
  std::function<SideVote(const Context&, const T&)> side_handle{};
  /// Applies the message once +2/3 of power voted yes. Present exactly if side_handle is.
  std::function<Status<Error>(const Context&, const T&)> post_handle{};
  /// Checks what Anys inside the message hold. Empty: none inside.
  std::function<Status<codec::DecodeError>(const T&, const MessageRegistry&)> unpack{};
};

/// What an Any of one type can be turned into.
struct AnyCodec {
  const codec::Descriptor* descriptor = nullptr;
  /// The content decoded and encoded again: what the stock daemon stores.
  Result<Bytes, codec::DecodeError> (*canonical)(ByteView) = nullptr;
  /// Appends named legacy amino JSON; false if it cannot.
  bool (*amino)(std::string&, ByteView, const codec::AminoAnyWriter&) = nullptr;
  /// Appends the one-line text; false if it does not decode.
  bool (*compact_text)(std::string&, ByteView) = nullptr;
  Result<codec::Any, JsonError> (*read_json)(const JsonCursor&, const codec::AnyJson&) = nullptr;
  /// Appends the object with "@type"; false if it does not decode.
  bool (*write_json)(std::string&, ByteView, const codec::AnyJson&) = nullptr;
};

template <codec::Message T>
AnyCodec any_codec() {
  AnyCodec made;
  made.descriptor = &codec::descriptor<T>();
  made.canonical = [](ByteView bytes) -> Result<Bytes, codec::DecodeError> {
    ASSIGN_OR_RETURN(const T value, codec::decode<T>(bytes));
    return codec::encode(value);
  };
  made.amino = &codec::append_named_amino_json<T>;
  made.compact_text = &codec::append_compact_text_of<T>;
  made.read_json = &codec::any_from_json<T>;
  made.write_json = &codec::append_any_json<T>;
  return made;
}

/// The same without the type.
struct MessageType {
  std::string type_url;
  AnyCodec codec{};
  std::function<Result<MessagePointer, codec::DecodeError>(ByteView, const MessageRegistry&)>
      decode;
  std::function<std::vector<std::string>(const DecodedMessage&)> signers;
  std::function<Status<Error>(const DecodedMessage&)> validate_basic;
  std::function<Outcome<codec::Any>(const Context&, const DecodedMessage&)> handle;
  std::function<SideVote(const Context&, const DecodedMessage&)> side_handle;
  std::function<Status<Error>(const Context&, const DecodedMessage&)> post_handle;

  [[nodiscard]] bool is_side_message() const { return static_cast<bool>(side_handle); }
};

namespace detail {
template <codec::Message T>
class TypedMessage final : public DecodedMessage {
 public:
  TypedMessage(const MessageType& type, T message)
      : DecodedMessage(type), value(std::move(message)) {}
  const T value;
};
}  // namespace detail

/// The message as a T; null if it is of another type. Borrows.
template <codec::Message T>
const T* message_cast(const DecodedMessage& message) {
  const auto* typed = dynamic_cast<const detail::TypedMessage<T>*>(&message);
  return typed == nullptr ? nullptr : &typed->value;
}

/// Not copyable: decoded messages point into it, so it must outlive them.
class MessageRegistry {
 public:
  MessageRegistry();
  MessageRegistry(const MessageRegistry&) = delete;
  MessageRegistry& operator=(const MessageRegistry&) = delete;

  /// Registers message T. REQUIRES: T is not registered yet.
  template <codec::Message T>
  void add(MessageSpec<T> spec);
  /// Registers a type that an Any may hold but that is no message: a public key, legacy content.
  /// `interface` groups types that may stand in one place, e.g. "cosmos.crypto.PubKey".
  template <codec::Message T>
  void add_type(std::string_view interface) {
    add_type(codec::type_url<T>(), {any_codec<T>(), std::string(interface)});
  }

  /// The message of that type URL, null if there is none.
  [[nodiscard]] const MessageType* find(std::string_view type_url) const;
  /// Whether `type_url` was added under `interface`.
  [[nodiscard]] bool implements(std::string_view type_url, std::string_view interface) const;
  /// The descriptor of any registered type. Borrows this.
  [[nodiscard]] const codec::AnyResolver& resolver() const { return resolver_; }
  /// What can be done with an Any of that type; null if the type is unknown.
  [[nodiscard]] const AnyCodec* codec_of(std::string_view type_url) const;
  /// Reads and writes Anys as JSON objects with "@type". Borrows this.
  [[nodiscard]] const codec::AnyJson& any_json() const { return any_json_; }
  /// Writes what an Any holds as legacy amino JSON. Borrows this.
  [[nodiscard]] const codec::AminoAnyWriter& amino_writer() const { return amino_writer_; }
  /// Decodes a message. Errors: kUnresolvableType if it is no message, and what decoding says.
  [[nodiscard]] Result<MessagePointer, codec::DecodeError> decode(const codec::Any& any) const;
  /// Every message, ascending by type URL.
  [[nodiscard]] const std::map<std::string, MessageType, std::less<>>& messages() const {
    return messages_;
  }

 private:
  struct OtherType {
    AnyCodec codec;
    std::string interface;
  };
  MessageType& insert(std::string type_url);
  void add_type(std::string type_url, OtherType type);

  std::map<std::string, MessageType, std::less<>> messages_;
  std::map<std::string, OtherType, std::less<>> others_;
  codec::AnyResolver resolver_;
  codec::AminoAnyWriter amino_writer_;
  codec::AnyJson any_json_;
};

template <codec::Message T>
void MessageRegistry::add(MessageSpec<T> spec) {
  CHECK(spec.signers && spec.handle, "a message needs signers and a handler");
  CHECK(static_cast<bool>(spec.side_handle) == static_cast<bool>(spec.post_handle),
        "a side handler comes with a post handler");
  const auto typed = [](const DecodedMessage& message) -> const T& {
    return static_cast<const detail::TypedMessage<T>&>(message).value;
  };
  MessageType& type = insert(codec::type_url<T>());
  type.codec = any_codec<T>();
  type.decode = [self = &type, unpack = std::move(spec.unpack)](
                    ByteView bytes,
                    const MessageRegistry& registry) -> Result<MessagePointer, codec::DecodeError> {
    ASSIGN_OR_RETURN(T value, codec::decode<T>(bytes));
    if (unpack) RETURN_IF_ERROR(unpack(value, registry));
    return MessagePointer(std::make_unique<detail::TypedMessage<T>>(*self, std::move(value)));
  };
  type.signers = [call = std::move(spec.signers), typed](const DecodedMessage& message) {
    return call(typed(message));
  };
  if (spec.validate_basic) {
    type.validate_basic = [call = std::move(spec.validate_basic),
                           typed](const DecodedMessage& message) { return call(typed(message)); };
  }
  type.handle = [call = std::move(spec.handle), typed](const Context& context,
                                                       const DecodedMessage& message) {
    return call(context, typed(message));
  };
  if (spec.side_handle) {
    type.side_handle = [call = std::move(spec.side_handle), typed](const Context& context,
                                                                   const DecodedMessage& message) {
      return call(context, typed(message));
    };
    type.post_handle = [call = std::move(spec.post_handle), typed](const Context& context,
                                                                   const DecodedMessage& message) {
      return call(context, typed(message));
    };
  }
}

}  // namespace buri::consensus::runtime
