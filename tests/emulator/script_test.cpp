// SPDX-License-Identifier: LGPL-2.1-or-later
// Each action of a script, as it looks from the other end of the wire.
#include <glib/gstdio.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "emulator/service_client.h"

namespace test_support {
namespace {

class Script : public testing::Test {
 protected:
  void SetUp() override { id_ = submit_good(emulator_); }
  // One rule: the fields besides the route.
  void play(const std::string& route, const std::string& fields) const {
    emulator_.play(R"({"rules":[{"route":")" + route + "\"," + fields + "}]}");
  }
  RawReply poll() const { return status(emulator_, id_); }
  RawReply poll_with(const std::string& fields) const {
    play("status", fields);
    return poll();
  }
  std::string link() const { return url_of(finish(emulator_, id_)); }
  RawReply download_with(const std::string& fields,
                         const std::map<std::string, std::string>& headers = {}) const {
    const std::string url = link();
    play("result", fields);
    return download(url, headers);
  }
  RawReply submit_with(const std::string& fields) const {
    play("submit", fields);
    return submit(emulator_, submit_body(data_uri(small_png())));
  }

  EmulatorProcess emulator_{{"--generation-time", "0", "--clip", test_file("small.png")}};
  std::string id_;
};

TEST_F(Script, counts_its_rules_down_in_order) {
  emulator_.play(R"({"rules":[
      {"route":"status","times":2,"status":500},
      {"route":"submit","status":429},
      {"route":"status","skip":1,"status":503}]})");
  EXPECT_EQ(poll().status, 500);
  EXPECT_EQ(poll().status, 500);
  EXPECT_EQ(poll().status, 200);
  EXPECT_EQ(poll().status, 503);
  EXPECT_EQ(poll().status, 200);
  EXPECT_EQ(emulator_.requests().back().rule, -1);
  emulator_.play(R"({"rules":[{"route":"status","times":0,"status":502}]})");
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(poll().status, 502);
  EXPECT_EQ(emulator_.requests().back().rule, 0);
}

TEST_F(Script, is_refused_where_it_cannot_be_read) {
  for (const char* text :
       {"", "{}", "[]", R"({"rules":{}})", R"({"rules":[],"more":1})", R"({"rules":[1]})",
        R"({"rules":[{"status":500}]})", R"({"rules":[{"route":"x"}]})",
        R"({"rules":[{"route":"submit","sttus":500}]})",
        R"({"rules":[{"route":"submit","status":"500"}]})",
        R"({"rules":[{"route":"submit","status":99}]})",
        R"({"rules":[{"route":"submit","reset":1}]})",
        R"({"rules":[{"route":"submit","delay":-1}]})",
        R"({"rules":[{"route":"submit","times":-1}]})",
        R"({"rules":[{"route":"submit","urls":"x"}]})",
        R"({"rules":[{"route":"submit","headers":["x"]}]})"}) {
    SCOPED_TRACE(text);
    EXPECT_EQ(exchange({"POST", emulator_.base_url() + "/script", {}, text}).status, 400);
  }
  // The one before is still played.
  EXPECT_EQ(poll().status, 200);
}

TEST_F(Script, replaces_body_and_headers) {
  const RawReply reply = poll_with(
      R"("status":503,"body":"<html>","headers":{"Retry-After":"7","content-type":"text/html"})");
  EXPECT_EQ(reply.status, 503u);
  EXPECT_EQ(reply.body, "<html>");
  EXPECT_EQ(reply.header("retry-after"), "7");
  EXPECT_EQ(reply.header("content-type"), "text/html");
  EXPECT_EQ(poll_with(R"("body":"{}")").body, "{}");
}

TEST_F(Script, has_no_effect_where_it_replaces_the_answer_unless_told) {
  EXPECT_EQ(submit_with(R"("status":502)").status, 502);
  EXPECT_EQ(submit_with(R"("body":"{}")").body, "{}");
  EXPECT_EQ(submit_with(R"("reset":true)").status, 0);
  EXPECT_EQ(emulator_.tasks().size(), 1u);
  EXPECT_EQ(submit_with(R"("status":502,"accept":true)").status, 502);
  EXPECT_EQ(emulator_.tasks().size(), 2u);
}

TEST_F(Script, redirects) {
  const RawReply found = poll_with(R"("redirect":"http://other.example/x")");
  EXPECT_EQ(found.status, 302u);
  EXPECT_EQ(found.header("location"), "http://other.example/x");
  const std::string url = link();
  play("result", R"("redirect":"{self}","status":307)");
  const RawReply self = download(url);
  EXPECT_EQ(self.status, 307u);
  EXPECT_EQ(self.header("location"), url);
  EXPECT_EQ(poll_with(R"("redirect":"{api}/y","status":308)").header("location"),
            emulator_.base_url() + "/y");
}

TEST_F(Script, bends_ranges) {
  const std::map<std::string, std::string> range = {{"Range", "bytes=10-19"}};
  const RawReply none = download_with(R"("no_range":true)", range);
  EXPECT_EQ(none.status, 200u);
  EXPECT_EQ(none.body, small_png());
  const RawReply bare = download_with(R"("no_content_range":true)", range);
  EXPECT_EQ(bare.status, 206u);
  EXPECT_EQ(bare.body, small_png());
  EXPECT_EQ(bare.header("content-range"), "");
  const RawReply wrong = download_with(R"("wrong_start":4)", range);
  EXPECT_EQ(wrong.status, 206u);
  EXPECT_EQ(wrong.body, small_png().substr(4, 16));
  EXPECT_TRUE(wrong.header("content-range").starts_with("bytes 4-19/"));
}

TEST_F(Script, bends_lengths_and_the_etag) {
  const RawReply chunked = download_with(R"("no_length":true)");
  EXPECT_EQ(chunked.header("transfer-encoding"), "chunked");
  EXPECT_EQ(chunked.header("content-length"), "");
  EXPECT_EQ(chunked.body, small_png());
  const auto length = static_cast<int>(small_png().size());
  EXPECT_EQ(download_with(R"("wrong_length":9)").header("content-length"),
            std::to_string(length + 9));
  const RawReply less = download_with(R"("wrong_length":-9)");
  EXPECT_EQ(less.header("content-length"), std::to_string(length - 9));
  EXPECT_EQ(download_with(R"("etag":"\"other\"")").header("etag"), "\"other\"");
  EXPECT_EQ(
      download_with(R"("etag":"\"other\"")", {{"Range", "bytes=1-2"}, {"If-Range", "\"first\""}})
          .status,
      200);
}

// What a client reads of a poll's response from its socket, without a library of HTTP.
struct SocketReply {
  std::size_t body = 0;  // bytes
  int error = 0;         // of GIOErrorEnum; 0: closed
};

SocketReply poll_by_socket(const std::string& base_url, unsigned timeout) {
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_socket_client_set_enable_proxy(client, FALSE);
  g_socket_client_set_timeout(client, timeout);
  g_autoptr(GSocketConnection) connection =
      g_socket_client_connect_to_uri(client, base_url.c_str(), 80, nullptr, nullptr);
  // A small buffer: the emulator has the end of a response long before it is received.
  g_socket_set_option(g_socket_connection_get_socket(connection), SOL_SOCKET, SO_RCVBUF, 16384,
                      nullptr);
  GIOStream* stream = G_IO_STREAM(connection);
  const std::string request = "GET /v1/tasks/status?task_id=x HTTP/1.1\r\nHost: h\r\n\r\n";
  g_output_stream_write_all(g_io_stream_get_output_stream(stream), request.data(), request.size(),
                            nullptr, nullptr, nullptr);
  g_autoptr(GError) error = nullptr;
  std::string text;
  std::string piece(4096, '\0');
  gssize size = 0;
  while ((size = g_input_stream_read(g_io_stream_get_input_stream(stream), piece.data(),
                                     piece.size(), nullptr, &error)) > 0)
    text.append(piece, 0, static_cast<std::size_t>(size));
  const auto head = text.find("\r\n\r\n");
  return {head == std::string::npos ? 0 : text.size() - head - 4, error ? error->code : 0};
}

TEST_F(Script, ends_a_connection_where_and_how_it_says) {
  constexpr unsigned long_enough = 30;  // s
  const struct {
    const char* fields;
    std::size_t body;
    int error;
    unsigned timeout = long_enough;
  } cases[] = {
      {R"("reset":true)", 0, G_IO_ERROR_CONNECTION_CLOSED},
      {R"("answer_lost":true)", 0, G_IO_ERROR_CONNECTION_CLOSED},
      {R"("close":true)", 0, 0},
      {R"("body_size":400000,"reset_after":300000)", 300'000, G_IO_ERROR_CONNECTION_CLOSED},
      {R"("body_size":400000,"close_after":300000)", 300'000, 0},
      {R"("body_size":4000,"stall_after":3000)", 3000, G_IO_ERROR_TIMED_OUT, 3},
  };
  for (const auto& one : cases) {
    SCOPED_TRACE(one.fields);
    play("status", one.fields);
    const auto reply = poll_by_socket(emulator_.base_url(), one.timeout);
    EXPECT_EQ(reply.body, one.body);
    EXPECT_EQ(reply.error, one.error);
  }
}

TEST_F(Script, lets_links_die_until_the_next_status) {
  const std::string first = link();
  play("result", R"("expire_link":true)");
  EXPECT_EQ(download(first).status, 403);
  EXPECT_EQ(download(first).status, 403);
  EXPECT_EQ(download(link()).status, 200);
}

TEST_F(Script, overrides_members_of_good_answers) {
  const RawReply submitted = submit_with(R"("task_id":"../x & y\n")");
  EXPECT_EQ(submitted.at("output.task_id"), "../x & y\n");
  EXPECT_EQ(finish(emulator_, "../x & y\n").at("output.task_status"), "Success");
  finish(emulator_, id_);
  const RawReply failed = poll_with(R"("task_status":"Failure","error_message":"no faces")");
  EXPECT_EQ(failed.at("output.task_status"), "Failure");
  EXPECT_EQ(failed.at("output.error_message"), "no faces");
  EXPECT_EQ(poll_with(R"("urls":[])").at("output.urls"), "[]");
  EXPECT_EQ(url_of(poll_with(R"("urls":["ftp://h/x"])")), "ftp://h/x");
  EXPECT_EQ(download(url_of(poll_with(R"("urls":["{url}"])"))).status, 200);
  const RawReply bare = poll_with(R"("omit":["urls","usage"])");
  EXPECT_EQ(bare.at("output.urls"), "");
  EXPECT_EQ(bare.at("usage"), "");
  EXPECT_EQ(bare.at("output.task_status"), "Success");
  EXPECT_EQ(submit_with(R"("omit":["task_id"])").at("output"), "{}");
}

// An unknown outcome that a query by the user's own id settles: accepted, or not.
TEST_F(Script, keeps_the_external_id_of_a_submit_only_where_it_accepts_it) {
  const std::string body =
      R"({"model":"kling-v3","input":{"prompt":"p"},"parameters":{"external_task_id":"mine"}})";
  play("submit", R"("reset":true)");
  EXPECT_EQ(submit(emulator_, body).status, 0u);
  EXPECT_EQ(status(emulator_, "mine").status, 404);
  play("submit", R"("answer_lost":true)");
  EXPECT_EQ(submit(emulator_, body).status, 0u);
  EXPECT_EQ(status(emulator_, "mine").status, 200);
}

// Success cannot come with half a link, however early a script says so.
TEST(ScriptLink, is_given_once_there_is_a_clip) {
  EmulatorProcess slow({"--generation-time", "0.2"});
  const std::string id = submit_good(slow);
  slow.play(R"({"rules":[{"route":"status","task_status":"Success","urls":["{url}&X-Mark=1"]}]})");
  const std::string url = url_of(finish(slow, id));
  EXPECT_TRUE(url.starts_with("http://")) << url;
  EXPECT_TRUE(url.ends_with("&X-Mark=1")) << url;
  EXPECT_EQ(download(url).status, 200);
  EXPECT_EQ(url_of(status(slow, id)).find("X-Mark"), std::string::npos);
}

TEST(ScriptFile, is_played_from_the_start) {
  g_autofree char* path = nullptr;
  const int fd = g_file_open_tmp("script-XXXXXX.json", &path, nullptr);
  ASSERT_TRUE(g_close(fd, nullptr));
  ASSERT_TRUE(
      g_file_set_contents(path, R"({"rules":[{"route":"submit","status":418}]})", -1, nullptr));
  const EmulatorProcess emulator({"--script", path, "--clip", test_file("small.png")});
  EXPECT_EQ(submit(emulator, "{}").status, 418);
  EXPECT_EQ(submit(emulator, "{}").status, 400);
  g_unlink(path);
}

}  // namespace
}  // namespace test_support
