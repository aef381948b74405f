// SPDX-License-Identifier: LGPL-2.1-or-later
#include <glib.h>
#include <gtest/gtest.h>

#include "picture/picture.h"
#include "pictures.h"

namespace modelverse::picture {
namespace {

std::string base64(const std::string& content) {
  gchar* text = g_base64_encode(reinterpret_cast<const guchar*>(content.data()), content.size());
  std::string copy = text;
  g_free(text);
  return copy;
}

std::string percent(const std::string& content) {
  gchar* text =
      g_uri_escape_bytes(reinterpret_cast<const guint8*>(content.data()), content.size(), nullptr);
  std::string copy = text;
  g_free(text);
  return copy;
}

PictureBytes loaded(const std::string& uri) {
  auto picture = load_uri(uri, {});
  EXPECT_TRUE(picture.ok()) << picture.error().text;
  if (!picture.ok() || !std::holds_alternative<PictureBytes>(*picture))
    return {};
  return std::get<PictureBytes>(*picture);
}

Error error_of_uri(const std::string& uri, std::stop_token stop = {}) {
  auto picture = load_uri(uri, stop);
  EXPECT_FALSE(picture.ok()) << uri.substr(0, 100);
  return picture.ok() ? Error{} : picture.error();
}

TEST(LoadUri, hands_a_link_over_untouched) {
  for (const char* uri : {"https://example.com/a%20b.png?Signature=x%2By&z#f", "http://h/ü",
                          "HTTPS://EXAMPLE.com/A.PNG"}) {
    const auto picture = load_uri(uri, {});
    ASSERT_TRUE(picture.ok());
    ASSERT_TRUE(std::holds_alternative<PictureLink>(*picture));
    EXPECT_EQ(std::get<PictureLink>(*picture).uri, uri);
  }
}

TEST(LoadUri, reads_a_file_uri) {
  const Directory directory;
  const auto path = directory.write("a b%41 ü.png", png());
  gchar* uri = g_filename_to_uri(path.c_str(), nullptr, nullptr);
  EXPECT_EQ(loaded(uri).bytes, png());
  EXPECT_EQ(loaded("file://localhost" + std::string(uri + 7)).media_type, "image/png");
  g_free(uri);
  EXPECT_EQ(error_of_uri("file://" + directory.path("missing")).code, ErrorCode::not_found);
}

TEST(LoadUri, refuses_a_file_uri_that_names_no_local_file) {
  for (const char* uri :
       {"file:///a%00b", "file:relative", "file://server/share/a.png", "file:///a%zz"})
    EXPECT_EQ(error_of_uri(uri).code, ErrorCode::settings) << uri;
}

TEST(LoadUri, reads_base64_in_a_data_uri) {
  for (const auto& content : {png(), jpeg(), jpeg() + "x", jpeg() + "xy"}) {
    const auto text = base64(content);
    EXPECT_EQ(loaded("data:image/png;base64," + text).bytes, content);
    EXPECT_EQ(loaded("DATA:;BASE64," + text).bytes, content);
    EXPECT_EQ(loaded("data:image/png;charset=x;base64," + percent(text)).bytes, content);
    EXPECT_EQ(
        loaded("data:;base64,\n" + text.substr(0, 10) + "\r\n " + text.substr(10) + "\n").bytes,
        content);
    EXPECT_EQ(loaded("data:;base64," + text.substr(0, text.find('='))).bytes, content);
  }
}

TEST(LoadUri, reads_percent_encoding_in_a_data_uri) {
  EXPECT_EQ(loaded("data:image/png," + percent(png())).bytes, png());
  EXPECT_EQ(loaded("data:," + percent(jpeg()) + "#fragment").bytes, jpeg());
}

TEST(LoadUri, believes_the_bytes_and_not_the_label) {
  EXPECT_EQ(loaded("data:image/png;base64," + base64(jpeg())).media_type, "image/jpeg");
  EXPECT_EQ(error_of_uri("data:image/png;base64," + base64("a text")).code, ErrorCode::wrong_type);
}

TEST(LoadUri, refuses_a_broken_data_uri) {
  EXPECT_EQ(error_of_uri("data:image/png;base64").code, ErrorCode::settings);
  EXPECT_EQ(error_of_uri("data:image/png;base64,").code, ErrorCode::wrong_type);
  EXPECT_EQ(error_of_uri("data:,").code, ErrorCode::wrong_type);
  EXPECT_EQ(error_of_uri("data:;base64,====").code, ErrorCode::wrong_type);
  EXPECT_EQ(error_of_uri("data:;base64,iVBO*w0KGgo=").code, ErrorCode::wrong_type);
  EXPECT_EQ(error_of_uri("data:;base64,iVBOR").code, ErrorCode::wrong_type);
  EXPECT_EQ(error_of_uri("data:;base64,iVB=ORw0").code, ErrorCode::wrong_type);
  EXPECT_EQ(error_of_uri("data:,%8").code, ErrorCode::wrong_type);
  const auto cut = png();
  EXPECT_NE(
      error_of_uri("data:;base64," + base64(cut.substr(0, cut.size() - 1))).text.find("truncated"),
      std::string::npos);
}

TEST(LoadUri, refuses_a_data_uri_that_is_too_large) {
  EXPECT_EQ(error_of_uri("data:," + png() + std::string(max_picture_bytes, 'x')).code,
            ErrorCode::settings);
  EXPECT_EQ(error_of_uri("data:;base64," + std::string((max_picture_bytes / 3 + 2) * 4, 'A')).code,
            ErrorCode::settings);
}

TEST(LoadUri, refuses_other_schemes_and_names_them) {
  const auto error = error_of_uri("ftp://host/a.png?secret");
  EXPECT_EQ(error.code, ErrorCode::settings);
  EXPECT_NE(error.text.find("'ftp'"), std::string::npos);
  EXPECT_EQ(error.text.find("secret"), std::string::npos);
  for (const char* uri :
       {"", "photo.jpg", "/tmp/photo.jpg", ":x", "https", "javascript:1", "\xff:x"})
    EXPECT_EQ(error_of_uri(uri).code, ErrorCode::settings) << uri;
}

TEST(LoadUri, is_cancelled_by_its_token) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(error_of_uri("data:," + percent(png()), stop.get_token()).code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace modelverse::picture
