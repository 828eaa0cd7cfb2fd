#include <gtest/gtest.h>

#include "hsm/pkcs11/worker.hpp"

namespace buri::hsm::pkcs11 {
namespace {

Result<WorkerOptions, std::string> parse(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "buri-hsm");
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  return parse_worker_options(static_cast<int>(pointers.size()), pointers.data());
}

WorkerOptions some_options() {
  WorkerOptions options;
  options.key.token = "a b";
  options.key.object = "val";
  options.key.module_path = "/usr/lib/x.so";
  options.profile = find_profile("yubihsm2");
  options.public_key.bytes.fill(0x11);
  options.channels = {4, 5, 6};
  options.pin_descriptor = 3;
  options.parent = 4711;
  options.require_hsm_born = false;
  options.ignore_pin_flags = true;
  return options;
}

TEST(WorkerOptions, AreReadBackFromTheirCommandLine) {
  const WorkerOptions options = some_options();
  const auto again = parse(worker_arguments(options));
  ASSERT_TRUE(again.ok()) << again.error();
  EXPECT_EQ(again->key, options.key);
  EXPECT_EQ(again->profile, options.profile);
  EXPECT_EQ(again->public_key, options.public_key);
  EXPECT_EQ(again->channels, options.channels);
  EXPECT_EQ(again->pin_descriptor, 3);
  EXPECT_EQ(again->parent, 4711);
  EXPECT_FALSE(again->require_hsm_born);
  EXPECT_TRUE(again->ignore_pin_flags);
}

TEST(WorkerOptions, AreRefusedWhenIncompleteOrUnknown) {
  EXPECT_FALSE(parse({}).ok());
  EXPECT_FALSE(parse({"--pin", "1234"}).ok());
  for (const char* const bad : {"4", "4+0", "4+65", "-1+2", "x+1", "4+1x"}) {
    auto arguments = worker_arguments(some_options());
    for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
      if (arguments[i] == "--channels") arguments[i + 1] = bad;
    }
    EXPECT_FALSE(parse(arguments).ok()) << bad;
  }
  auto stray = worker_arguments(some_options());
  stray.emplace_back("1234");
  EXPECT_FALSE(parse(stray).ok());
}

}  // namespace
}  // namespace buri::hsm::pkcs11
