#include "base/durable_write.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "base/descriptor.hpp"

namespace buri {
namespace {

TEST(DurableWrite, EverythingArrivesThroughAPipeThatTakesAPartAtATime) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  Bytes sent(1 << 20);
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<std::uint8_t>(i * 31 >> 8);
  bool is_written = false;
  std::thread writer([&] {
    is_written = write_all(writing.get(), sent);
    writing = Descriptor();
  });
  Bytes received;
  Bytes piece(4096);
  for (;;) {
    const ssize_t count = ::read(reading.get(), piece.data(), piece.size());
    if (count <= 0) break;
    received.insert(received.end(), piece.begin(), piece.begin() + count);
  }
  writer.join();
  EXPECT_TRUE(is_written);
  EXPECT_EQ(received, sent);
}

TEST(DurableWrite, TellsWhyItFailed) {
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(full.is_open());
  EXPECT_TRUE(write_all(full.get(), {}));
  const Bytes byte(1);
  EXPECT_FALSE(write_all(full.get(), byte));
  EXPECT_EQ(errno, ENOSPC);
  EXPECT_FALSE(sync_folder("/dev/full"));
  EXPECT_EQ(errno, ENOTDIR);
  EXPECT_TRUE(sync_folder(::testing::TempDir()));
}

}  // namespace
}  // namespace buri
