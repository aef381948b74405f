// SPDX-License-Identifier: LGPL-2.1-or-later
// The object storage beside the service: links, ranges, and its quirks.
#include <gtest/gtest.h>

#include "emulator/service_client.h"

namespace test_support {
namespace {

class Result : public testing::Test {
 protected:
  void SetUp() override {
    id_ = submit_good(emulator_);
    url_ = url_of(finish(emulator_, id_));
    whole_ = download(url_);
    ASSERT_EQ(whole_.status, 200u) << whole_.body;
  }
  RawReply range(const std::string& value, std::map<std::string, std::string> more = {}) const {
    more["Range"] = value;
    return download(url_, more);
  }
  std::string part(std::size_t first, std::size_t count) const {
    return small_png().substr(first, count);
  }
  std::string size() const { return std::to_string(small_png().size()); }

  EmulatorProcess emulator_{{"--generation-time", "0", "--clip", test_file("small.png")}};
  std::string id_;
  std::string url_;
  RawReply whole_;
};

TEST_F(Result, is_served_in_ranges) {
  const std::size_t n = small_png().size();
  const struct {
    const char* range;
    std::size_t first, count;
  } cases[] = {{"bytes=0-0", 0, 1},    {"bytes=5-9", 5, 5},     {"bytes=5-", 5, n - 5},
               {"bytes=-7", n - 7, 7}, {"bytes=-100000", 0, n}, {"bytes=3-100000", 3, n - 3}};
  for (const auto& item : cases) {
    SCOPED_TRACE(item.range);
    const RawReply reply = range(item.range);
    EXPECT_EQ(reply.status, 206u);
    EXPECT_EQ(reply.body, part(item.first, item.count));
    EXPECT_EQ(reply.header("content-range"), "bytes " + std::to_string(item.first) + "-" +
                                                 std::to_string(item.first + item.count - 1) + "/" +
                                                 size());
    EXPECT_EQ(reply.header("etag"), whole_.header("etag"));
  }
}

TEST_F(Result, answers_a_range_beyond_the_end_with_the_whole_and_no_content_range) {
  const RawReply reply = range("bytes=" + size() + "-");
  // libsoup before 3.8: 206.
  EXPECT_TRUE(reply.status == 200u || reply.status == 206u) << reply.status;
  EXPECT_EQ(reply.body, small_png());
  EXPECT_EQ(reply.header("content-range"), "");
}

TEST_F(Result, holds_a_range_against_if_range) {
  EXPECT_EQ(range("bytes=1-2", {{"If-Range", whole_.header("etag")}}).status, 206);
  EXPECT_EQ(range("bytes=1-2", {{"If-Range", whole_.header("last-modified")}}).status, 206);
  for (const char* other : {"\"other\"", "Mon, 01 Jan 2001 00:00:00 GMT"}) {
    const RawReply reply = range("bytes=1-2", {{"If-Range", other}});
    EXPECT_EQ(reply.status, 200u);
    EXPECT_EQ(reply.body, small_png());
  }
}

TEST_F(Result, wants_the_signature) {
  const std::string bare = url_.substr(0, url_.find('?'));
  const std::string of_another = std::string(url_).insert(url_.find(".mp4"), "x");
  for (const std::string& url :
       {bare, bare + "?Expires=9999999999&Signature=0123456789abcdef", url_ + "x", of_another}) {
    const RawReply reply = download(url);
    EXPECT_EQ(reply.status, 403u);
    EXPECT_EQ(reply.header("content-type"), "application/xml");
    EXPECT_NE(reply.body.find("<Code>SignatureDoesNotMatch</Code>"), std::string::npos);
  }
}

TEST_F(Result, refuses_an_authorization_header) {
  const RawReply reply = download(url_, {{"Authorization", "k"}});
  EXPECT_EQ(reply.status, 400u);
  EXPECT_NE(reply.body.find("<Error>"), std::string::npos);
}

TEST_F(Result, is_signed_afresh_by_each_status_and_stays_the_same_file) {
  const std::string second = url_of(status(emulator_, id_));
  EXPECT_NE(second, url_);
  const RawReply again = download(second);
  EXPECT_EQ(again.body, whole_.body);
  EXPECT_EQ(again.header("etag"), whole_.header("etag"));
  EXPECT_EQ(download(url_).status, 200);
}

TEST(ResultLink, dies_after_its_lifetime) {
  const EmulatorProcess emulator(
      {"--generation-time", "0", "--link-lifetime", "0", "--clip", test_file("small.png")});
  const RawReply reply = download(url_of(finish(emulator, submit_good(emulator))));
  EXPECT_EQ(reply.status, 403u);
  EXPECT_NE(reply.body.find("expired"), std::string::npos);
}

}  // namespace
}  // namespace test_support
