// SPDX-License-Identifier: LGPL-2.1-or-later
// The running SHA-256: the same number however the bytes came.
#include "store/digest.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "store/io.h"
#include "store_support.h"

namespace modelverse::store {
namespace {

using namespace test;

std::span<const std::byte> span_of(const std::string& bytes) {
  return {reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()};
}

Fd file_with(const TemporaryDirectory& directory, const std::string& bytes) {
  write_file(directory.in("file"), bytes);
  return Fd::adopt(::open(directory.in("file").c_str(), O_RDONLY | O_CLOEXEC));
}

TEST(Digest, KnowsTheStandardsExample) {
  Digest digest;
  digest.feed(0, span_of("abc"));
  EXPECT_EQ(digest.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, MayBeAskedInBetween) {
  Digest digest;
  digest.feed(0, span_of("ab"));
  EXPECT_EQ(digest.hex(), sha256_of("ab"));
  digest.feed(2, span_of("c"));
  EXPECT_EQ(digest.hex(), sha256_of("abc"));
}

TEST(Digest, FetchesFromTheFileWhatPassedItBy) {
  const TemporaryDirectory directory;
  const std::string bytes = bytes_between(0, 700000);
  const Fd file = file_with(directory, bytes);
  Digest digest;
  digest.feed(500000, span_of(bytes.substr(500000)));
  ASSERT_TRUE(digest.catch_up(file.get(), bytes.size(), "file"));
  EXPECT_EQ(digest.hex(), sha256_of(bytes));
}

TEST(Digest, SaysThatTheFileIsTooShort) {
  const TemporaryDirectory directory;
  const Fd file = file_with(directory, "abc");
  Digest digest;
  const Status caught_up = digest.catch_up(file.get(), 4, "the file");
  ASSERT_FALSE(caught_up);
  EXPECT_EQ(caught_up.error().code, ErrorCode::open_read);
  EXPECT_NE(caught_up.error().text.find("the file"), std::string::npos);
}

TEST(Digest, StartsAgainWhereTheFileWasCut) {
  Digest digest;
  digest.feed(0, span_of("abcd"));
  digest.cut(4);
  EXPECT_EQ(digest.hex(), sha256_of("abcd"));
  digest.cut(0);
  digest.feed(0, span_of("xyz"));
  EXPECT_EQ(digest.hex(), sha256_of("xyz"));
}

}  // namespace
}  // namespace modelverse::store
