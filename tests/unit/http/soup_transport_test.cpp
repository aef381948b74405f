// SPDX-License-Identifier: LGPL-2.1-or-later
// Responses as they should arrive, and requests as they should leave.
#include <gtest/gtest.h>

#include <future>

#include "exchange_fixture.h"
#include "support/descriptors.h"
#include "support/test_server.h"

namespace modelverse::http {
namespace {

using test_support::http_response;
using test_support::open_descriptors;
using test_support::Peer;
using test_support::TestServer;

// Bytes with no short period, so that a lost or doubled block shows.
std::string noise(std::size_t size) {
  std::string text(size, '\0');
  std::uint32_t state = 1;
  for (char& c : text) {
    state = state * 1664525 + 1013904223;
    c = static_cast<char>(state >> 24);
  }
  return text;
}

TEST(SoupTransport, brings_status_headers_and_body) {
  TestServer server(always(http_response("{}", "404 Not Found", "X-Id: 7\r\nETag: \"a\"\r\n")));
  KeepingSink sink;
  const Outcome outcome = exchange_once(get_request(server.url()), sink);
  ASSERT_EQ(status_of(outcome), 404U);
  const auto& response = std::get<HttpResponse>(outcome);
  ASSERT_NE(response.header("x-id"), nullptr);
  EXPECT_EQ(*response.header("x-id"), "7");
  EXPECT_EQ(*response.header("etag"), "\"a\"");
  EXPECT_EQ(sink.begins, 1);
  EXPECT_EQ(sink.body, "{}");
}

TEST(SoupTransport, sends_the_target_as_it_is_written_and_asks_for_plain_bytes) {
  TestServer server(always(http_response("")));
  const std::string target = "/a%2Fb/%7e~(c)?sig=a%2Bb%3D+c&x=%e4%BD%a0&&y=/?";
  HttpRequest request = get_request(server.url(target) + "#fragment");
  request.url.insert(request.url.find("//") + 2, "user:password@");
  request.headers = {{"Authorization", "key"}, {"Range", "bytes=5-"}};
  status_of(exchange_once(request));
  const std::string sent = server.requests().at(0);
  EXPECT_EQ(sent.substr(0, sent.find("\r\n")), "GET " + target + " HTTP/1.1");
  EXPECT_NE(sent.find("\r\nAuthorization: key\r\n"), std::string::npos) << sent;
  EXPECT_NE(sent.find("\r\nRange: bytes=5-\r\n"), std::string::npos) << sent;
  EXPECT_NE(sent.find("\r\nAccept-Encoding: identity\r\n"), std::string::npos) << sent;
  EXPECT_NE(sent.find("\r\nUser-Agent: gst-modelverse/"), std::string::npos) << sent;
  EXPECT_NE(sent.find("\r\nHost: 127.0.0.1:"), std::string::npos) << sent;
  EXPECT_EQ(sent.find("Cookie"), std::string::npos) << sent;
  EXPECT_EQ(sent.find("Accept-Language"), std::string::npos) << sent;
}

TEST(SoupTransport, passes_on_a_part_of_a_block_when_no_more_is_there) {
  std::promise<void> is_taken;
  TestServer server([&is_taken](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc");
    is_taken.get_future().wait();
    peer.send("def");
  });
  std::vector<std::size_t> idle_at;
  KeepingSink sink;
  sink.when_idle = [&] {
    idle_at.push_back(sink.body.size());
    if (sink.body.size() == 3)
      is_taken.set_value();
  };
  status_of(exchange_once(get_request(server.url()), sink));
  EXPECT_EQ(sink.body, "abcdef");
  ASSERT_FALSE(idle_at.empty());
  EXPECT_EQ(idle_at.front(), 3u);
  EXPECT_EQ(idle_at.back(), 6u) << "idle at the end, too";
}

TEST(SoupTransport, fills_a_block_if_more_is_there) {
  const std::string body = noise(std::size_t{4} << 20);
  TestServer server(always(http_response(body)));
  KeepingSink sink;
  std::size_t part_blocks = 0;
  std::size_t idles = 0;
  std::size_t before = 0;
  sink.on_commit = [&] {
    part_blocks += sink.body.size() - std::exchange(before, sink.body.size()) < sink.block;
  };
  sink.when_idle = [&] { ++idles; };
  status_of(exchange_once(get_request(server.url()), sink));
  EXPECT_TRUE(sink.body == body);
  EXPECT_LE(part_blocks, idles);
}

TEST(SoupTransport, brings_bodies_of_any_size_unchanged) {
  for (const std::size_t size : {0u, 1u, 65'536u}) {
    const std::string body = noise(size);
    TestServer server(always(http_response(body)));
    EXPECT_TRUE(get_body(server.url()) == body) << size;
  }
}

TEST(SoupTransport, fills_even_a_sink_of_single_bytes) {
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  for (const std::string& text : {http_response("abc"), chunked}) {
    TestServer server(always(text));
    KeepingSink sink(1);
    status_of(exchange_once(get_request(server.url()), sink));
    EXPECT_EQ(sink.body, "abc");
  }
}

TEST(SoupTransport, puts_a_chunked_body_together) {
  const std::string body = noise(1'000'003);
  TestServer server([&](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (std::size_t at = 0, size = 1; at < body.size(); at += size, size = size * 3 % 70'001) {
      const std::string chunk = body.substr(at, size);
      char length[32];
      g_snprintf(length, sizeof(length), "%zX\r\n", chunk.size());
      peer.send(length + chunk + "\r\n");
    }
    peer.send("0\r\nX-Sum: 1\r\n\r\n");
    peer.wait_closed();
  });
  EXPECT_TRUE(get_body(server.url()) == body);
}

TEST(SoupTransport, ends_the_body_with_the_connection_if_no_length_is_stated) {
  TestServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.0 200 OK\r\n\r\nabcdef");
  });
  EXPECT_EQ(get_body(server.url()), "abcdef");
}

TEST(SoupTransport, does_not_wait_for_the_body_of_a_204_or_304) {
  for (const char* status : {"204 No Content", "304 Not Modified"}) {
    TestServer server(always("HTTP/1.1 " + std::string(status) + "\r\nContent-Length: 9\r\n\r\n"));
    EXPECT_EQ(status_of(get_once(server.url())), static_cast<unsigned>(std::stoi(status)));
  }
}

TEST(SoupTransport, skips_informational_responses) {
  TestServer server(always("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" +
                           http_response("abc")));
  EXPECT_EQ(get_body(server.url()), "abc");
}

TEST(SoupTransport, leaves_an_encoded_body_encoded) {
  TestServer server(
      always(http_response("\x1f\x8b not gzip", "200 OK", "Content-Encoding: gzip\r\n")));
  EXPECT_EQ(get_body(server.url()), "\x1f\x8b not gzip");
}

TEST(SoupTransport, closes_at_once_if_the_body_is_not_wanted) {
  TestServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
    peer.send_for_ever(std::string(65536, 'x'));
  });
  const auto transport = make_soup_transport({});
  KeepingSink sink;
  sink.is_wanted = false;
  EXPECT_EQ(status_of(transport->exchange(get_request(server.url()), sink, {})), 200U);
  EXPECT_TRUE(server.wait_ended(1));
  EXPECT_EQ(sink.body, "");
}

TEST(SoupTransport, leaves_no_file_open_after_a_hundred_exchanges) {
  TestServer server([](Peer& peer) {
    for (int i = 0; peer.read_request() && i < 3; ++i)
      peer.send(http_response("abc"));
  });
  status_of(get_once(server.url()));
  ASSERT_TRUE(server.wait_ended(1));
  const auto before = open_descriptors();
  auto transport = make_soup_transport({});
  int responses = 0;
  for (int i = 0; i < 100; ++i) {
    KeepingSink sink;
    const HttpRequest request =
        i % 2 ? get_request(server.url()) : post_request(server.url(), "{}");
    responses += std::holds_alternative<HttpResponse>(transport->exchange(request, sink, {}));
  }
  EXPECT_GT(responses, 50);
  transport.reset();
  ASSERT_TRUE(server.wait_ended(server.connections()));
  EXPECT_EQ(open_descriptors(), before);
}

// With every libsoup, whose own limits differ.
TEST(SoupTransport, takes_headers_of_up_to_64_kib) {
  const auto get = [](std::size_t fillers, const std::string& body) {
    std::string headers;
    for (std::size_t i = 0; i < fillers; ++i)
      headers += "X-Filler: " + std::string(1012, 'x') + "\r\n";  // 1 KiB
    TestServer server(always(http_response(body, "200 OK", headers)));
    return get_once(server.url());
  };
  for (const std::string& body : {std::string(), std::string(100'000, 'x')}) {
    EXPECT_EQ(status_of(get(63, body)), 200U);
    for (const std::size_t too_long : {64u, 65u, 95u})
      expect_fault(get(too_long, body), FaultKind::protocol, true, "too long");
  }
}

// GLib would abort the process.
TEST(SoupTransport, is_not_made_if_no_descriptor_is_left) {
  {
    const test_support::DescriptorsTaken taken;
    EXPECT_FALSE(make_soup_transport({}));
  }
  EXPECT_TRUE(make_soup_transport({}));
}

}  // namespace
}  // namespace modelverse::http
