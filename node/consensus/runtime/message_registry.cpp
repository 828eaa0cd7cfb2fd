#include "node/consensus/runtime/message_registry.hpp"

namespace buri::consensus::runtime {

MessageRegistry::MessageRegistry()
    : resolver_([this](std::string_view type_url) -> const codec::Descriptor* {
        const AnyCodec* found = codec_of(type_url);
        return found == nullptr ? nullptr : found->descriptor;
      }),
      amino_writer_([this](std::string& target, const codec::Any& any) {
        const AnyCodec* found = codec_of(any.type_url);
        return found != nullptr && found->amino(target, any.value, amino_writer_);
      }) {
  any_json_.read = [this](const JsonCursor& object) -> Result<codec::Any, JsonError> {
    ASSIGN_OR_RETURN(const JsonCursor type, object.member("@type"));
    ASSIGN_OR_RETURN(const std::string_view type_url, type.string());
    const AnyCodec* found = codec_of(type_url);
    if (found == nullptr) return Failure{type.error("a known type")};
    return found->read_json(object, any_json_);
  };
  any_json_.write = [this](std::string& target, const codec::Any& any) {
    const AnyCodec* found = codec_of(any.type_url);
    return found != nullptr && found->write_json(target, any.value, any_json_);
  };
}

const AnyCodec* MessageRegistry::codec_of(std::string_view type_url) const {
  if (const MessageType* message = find(type_url)) return &message->codec;
  const auto other = others_.find(type_url);
  return other == others_.end() ? nullptr : &other->second.codec;
}

MessageType& MessageRegistry::insert(std::string type_url) {
  MessageType type;
  type.type_url = type_url;
  const auto [place, is_new] = messages_.emplace(std::move(type_url), std::move(type));
  CHECK(is_new, "a message is registered once");
  return place->second;
}

void MessageRegistry::add_type(std::string type_url, OtherType type) {
  const bool is_new = others_.emplace(std::move(type_url), std::move(type)).second;
  CHECK(is_new, "a type is registered once");
}

const MessageType* MessageRegistry::find(std::string_view type_url) const {
  const auto message = messages_.find(type_url);
  return message == messages_.end() ? nullptr : &message->second;
}

bool MessageRegistry::implements(std::string_view type_url, std::string_view interface) const {
  const auto other = others_.find(type_url);
  return other != others_.end() && other->second.interface == interface;
}

Result<MessagePointer, codec::DecodeError> MessageRegistry::decode(const codec::Any& any) const {
  const MessageType* type = find(any.type_url);
  if (type == nullptr) return Failure{codec::DecodeError::kUnresolvableType};
  return type->decode(any.value, *this);
}

}  // namespace buri::consensus::runtime
