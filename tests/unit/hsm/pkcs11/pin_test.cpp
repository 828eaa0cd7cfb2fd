#include "hsm/pkcs11/pin.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hsm/pkcs11/channel.hpp"

namespace buri::hsm::pkcs11 {
namespace {

/// A file in memory with this text.
Descriptor file_of(std::string_view text) {
  Descriptor file(memfd_create("pin-test", MFD_CLOEXEC));
  EXPECT_EQ(write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  return file;
}

TEST(Pin, LosesOneNewlineAtTheEndAndNothingElse) {
  EXPECT_EQ(as_text(read_pin(file_of("1234\n").get())->bytes()), "1234");
  EXPECT_EQ(as_text(read_pin(file_of(" 12\n34\n\n").get())->bytes()), " 12\n34\n");
  EXPECT_EQ(as_text(read_pin(file_of("1234").get())->bytes()), "1234");
}

TEST(Pin, IsReadAgainFromAFileForTheNextLogin) {
  const Descriptor file = file_of("1234\n");
  EXPECT_EQ(as_text(read_pin(file.get())->bytes()), "1234");
  EXPECT_EQ(as_text(read_pin(file.get())->bytes()), "1234");
}

TEST(Pin, ComesOnceThroughAPipe) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const Descriptor reader(ends[0]);
  {
    const Descriptor writer(ends[1]);
    ASSERT_EQ(write(writer.get(), "1234", 4), 4);
  }
  EXPECT_EQ(as_text(read_pin(reader.get())->bytes()), "1234");
  EXPECT_FALSE(read_pin(reader.get()).ok());
}

TEST(Pin, IsRefusedEmptyOrOverlong) {
  EXPECT_EQ(read_pin(file_of("").get()).error(), "The PIN is empty.");
  EXPECT_EQ(read_pin(file_of("\n").get()).error(), "The PIN is empty.");
  EXPECT_TRUE(read_pin(file_of(std::string(256, 'x') + "\n").get()).ok());
  EXPECT_FALSE(read_pin(file_of(std::string(257, 'x')).get()).ok());
  EXPECT_FALSE(read_pin(file_of(std::string(4000, 'x')).get()).ok());
  EXPECT_FALSE(read_pin(-1).ok());
}

TEST(Secret, WipesWhatItTakes) {
  Bytes source{'1', '2', '3'};
  const Secret secret = Secret::take(source);
  EXPECT_EQ(source, (Bytes{0, 0, 0}));
  EXPECT_EQ(as_text(secret.bytes()), "123");
}

}  // namespace
}  // namespace buri::hsm::pkcs11
