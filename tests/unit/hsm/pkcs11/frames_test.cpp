#include "hsm/pkcs11/frames.hpp"

#include <gtest/gtest.h>

namespace buri::hsm::pkcs11 {
namespace {

RequestFrame sign_request() {
  RequestFrame frame;
  frame.kind = RequestKind::kSign;
  frame.purpose = SigningPurpose::kVote;
  frame.id = 0x0102030405060708;
  frame.deadline_ns = 77;
  frame.subject.bytes.fill(0xab);
  return frame;
}

RequestFrame anchor_request() {
  RequestFrame frame;
  frame.kind = RequestKind::kWriteAnchor;
  frame.id = 2;
  frame.value = Bytes(64, 0x5a);
  return frame;
}

RequestFrame expect_request() {
  RequestFrame frame;
  frame.kind = RequestKind::kExpect;
  return frame;
}

ReplyFrame reply() {
  ReplyFrame frame;
  frame.kind = ReplyKind::kAnswer;
  frame.outcome = Outcome::kDeviceFailed;
  frame.steps = 3;
  frame.id = 9;
  frame.code = 0x30;
  frame.device_ns = 390'000;
  frame.total_ns = 450'000;
  frame.function = "C_Sign";
  frame.payload = Bytes(65, 1);
  return frame;
}

TEST(Frames, DecodeWhatTheyEncode) {
  EXPECT_EQ(decode_request(encode(sign_request())), sign_request());
  EXPECT_EQ(decode_request(encode(anchor_request())), anchor_request());
  EXPECT_EQ(decode_request(encode(expect_request())), expect_request());
  EXPECT_EQ(decode_reply(encode(reply())), reply());
}

// A frame has room for 32 bytes and no length to lie about.
TEST(T7Frames, RefuseEveryOtherSize) {
  const RequestBytes request = encode(sign_request());
  const ReplyBytes answer = encode(reply());
  for (std::size_t size = 0; size < kRequestBytes; ++size) {
    EXPECT_FALSE(decode_request(ByteView(request).first(size)));
  }
  Bytes longer(request.bytes.begin(), request.bytes.end());
  longer.push_back(0);
  EXPECT_FALSE(decode_request(longer));
  EXPECT_FALSE(decode_reply(ByteView(answer).first(kReplyBytes - 1)));
}

TEST(Frames, RefuseUnknownValues) {
  const auto with = [](std::size_t at, std::uint8_t value) {
    RequestBytes bytes = encode(sign_request());
    bytes.bytes[at] = value;
    return decode_request(bytes);
  };
  EXPECT_FALSE(with(0, 'X'));
  EXPECT_FALSE(with(4, 0));
  EXPECT_FALSE(with(4, 5));
  EXPECT_FALSE(with(5, 0));
  EXPECT_FALSE(with(5, 10));
  EXPECT_FALSE(with(6, 1)) << "a digest comes without a value";
  EXPECT_FALSE(with(7, 1));
  EXPECT_FALSE(with(56, 1)) << "bytes behind the value are zero";
  EXPECT_FALSE(with(127, 1));
}

TEST(Frames, RefuseAnAnchorWithoutAValueOrWithAPurpose) {
  RequestFrame frame = anchor_request();
  frame.value.clear();
  EXPECT_FALSE(decode_request(encode(frame)));
  frame = anchor_request();
  frame.purpose = SigningPurpose::kVote;
  EXPECT_FALSE(decode_request(encode(frame)));
}

TEST(Frames, RefuseADigestBeforeItsRecord) {
  RequestFrame frame = expect_request();
  frame.subject.bytes[31] = 1;
  EXPECT_FALSE(decode_request(encode(frame)));
}

TEST(Frames, CutLongTextsToTheirRoom) {
  ReplyFrame frame = reply();
  frame.function = std::string(40, 'f');
  frame.payload = Bytes(1000, 'p');
  const auto decoded = decode_reply(encode(frame));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->function.size(), kMaxFunctionBytes);
  EXPECT_EQ(decoded->payload.size(), kMaxPayloadBytes);
}

}  // namespace
}  // namespace buri::hsm::pkcs11
