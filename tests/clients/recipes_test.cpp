// SPDX-License-Identifier: LGPL-2.1-or-later
// The lines of examples/recipes, run as they are.
#include <signal.h>

#include <gio/gio.h>

#include <algorithm>

#include "client_test.h"

namespace test_support {
namespace {

class Recipes : public SharedClientTest {
 protected:
  std::string recipe(const std::string& name, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {example("recipes/" + name), uri()});
    return run(arguments);
  }
  // Where decode() wants sound and there is none.
  static int frames_of(const std::string& path,
                       const std::string& decoder = "decodebin3 ! videoconvert") {
    Pipeline pipeline("filesrc location=" + path + " ! " + decoder +
                      " ! fakesink name=sink sync=false async=false");
    EXPECT_TRUE(pipeline.run());
    GstStructure* stats = nullptr;
    g_object_get(pipeline.element("sink"), "stats", &stats, nullptr);
    guint64 frames = 0;
    gst_structure_get_uint64(stats, "rendered", &frames);
    gst_structure_free(stats);
    return static_cast<int>(frames);
  }
};

TEST_F(Recipes, without_arguments_print_their_usage) {
  for (const char* name : {"gif", "hls", "last-frame", "overlay", "side-by-side", "srt",
                           "thumbnails", "webcam", "webm"}) {
    const auto script = std::string(name) + ".sh";
    Process process({example("recipes/" + script)}, environment());
    const auto end = process.wait();
    EXPECT_EQ(end.exit_code, 2) << end.output;
    EXPECT_TRUE(end.output.starts_with("Usage: " + script + " ")) << end.output;
  }
}

TEST_F(Recipes, webm_has_every_frame_and_the_sound) {
  recipe("webm.sh", {file("clip.webm")});
  expect_small_clip(file("clip.webm"));
}

TEST_F(Recipes, gif_moves_and_plays_for_ever) {
  recipe("gif.sh", {file("clip.gif")});
  const auto gif = file_content(file("clip.gif"));
  EXPECT_TRUE(gif.starts_with("GIF89a"));
  EXPECT_NE(gif.find("NETSCAPE2.0"), std::string::npos);
  const auto said = run({"identify", "-format", "%T %W\n", file("clip.gif")});
  EXPECT_GE(std::count(said.begin(), said.end(), '\n'), 40);
  EXPECT_TRUE(said.starts_with("10 320\n")) << said;
}

TEST_F(Recipes, thumbnails_are_one_a_second) {
  recipe("thumbnails.sh", {file("thumbs")});
  const auto first = thumbnail_of_picture(file("thumbs/thumb-00000.jpg"));
  EXPECT_LT(difference(first, thumbnail_of_picture(picture())), same_picture);
  const auto last = thumbnail_of_picture(file("thumbs/thumb-00003.jpg"));
  EXPECT_GT(difference(first, last), 2) << "nothing moves";
}

TEST_F(Recipes, overlay_writes_the_prompt_over_the_picture) {
  recipe("overlay.sh", {"waves & \"foam\" roll in", file("clip.mp4")});
  const auto decoded = decode("filesrc location=" + file("clip.mp4"));
  EXPECT_EQ(decoded.frames, 120);
  const auto plain = decode("filesrc location=" + small_clip());
  // The text stands in the lowest part of the frame, which difference() leaves out.
  const auto lowest = [](const Thumbnail& small) {
    return std::vector<std::uint8_t>(small.rgb.end() - small.rgb.size() / 5, small.rgb.end());
  };
  EXPECT_LT(difference(decoded.first, plain.first), same_picture);
  double changed = 0;
  const auto with = lowest(decoded.first), without = lowest(plain.first);
  for (std::size_t i = 0; i < with.size(); ++i)
    changed += std::abs(int{with[i]} - int{without[i]});
  EXPECT_GT(changed / static_cast<double>(with.size()), 3);
}

TEST_F(Recipes, side_by_side_shows_both) {
  recipe("side-by-side.sh", {"file://" + small_clip(), file("both.mp4")});
  EXPECT_EQ(frames_of(file("both.mp4")), 120);
  run({"gst-launch-1.0", "-q", "filesrc", "location=" + file("both.mp4"), "!", "decodebin3", "!",
       "videoconvert", "!", "videocrop", "right=640", "!", "jpegenc", "snapshot=true", "!",
       "filesink", "location=" + file("left.jpg")});
  run({"gst-launch-1.0", "-q", "filesrc", "location=" + file("both.mp4"), "!", "decodebin3", "!",
       "videoconvert", "!", "videocrop", "left=640", "!", "jpegenc", "snapshot=true", "!",
       "filesink", "location=" + file("right.jpg")});
  for (const auto& half : {file("left.jpg"), file("right.jpg")})
    EXPECT_LT(difference(thumbnail_of_picture(half), thumbnail_of_picture(picture())),
              same_picture);
}

// SRT's port is one of UDP, which nobody else has either.
std::string free_udp_port() {
  GSocket* socket =
      g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, nullptr);
  GSocketAddress* any = g_inet_socket_address_new_from_string("127.0.0.1", 0);
  g_socket_bind(socket, any, FALSE, nullptr);
  GSocketAddress* bound = g_socket_get_local_address(socket, nullptr);
  const auto port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
  g_object_unref(bound);
  g_object_unref(any);
  g_object_unref(socket);
  return std::to_string(port);
}

TEST_F(Recipes, srt_carries_the_clip_to_another_process) {
  // What comes later than the latency is dropped: with the usual 0.125 s, a busy machine loses
  // frames anywhere. What is younger when the sender closes is lost as well: the last 1.5 s of
  // four.
  const auto uri_of_port = "srt://127.0.0.1:" + free_udp_port() + "?latency=1500";
  Process sender({example("recipes/srt.sh"), uri(), uri_of_port + "&mode=listener"}, environment());
  ASSERT_TRUE(sender.wait_for_output("Pipeline is PREROLL"));
  Process receiver({"gst-launch-1.0", "srtsrc", "uri=" + uri_of_port, "!", "filesink",
                    "buffer-mode=unbuffered", "location=" + file("clip.ts")},
                   environment());
  // After the end, srtsink sometimes reports an error while it is stopped (GStreamer 1.22).
  sender.wait();
  EXPECT_NE(sender.output().find("Got EOS"), std::string::npos) << sender.output();
  // It takes its time to notice that the sender has gone: what is here is enough.
  EXPECT_TRUE(wait_until([&] {
    return file_content(file("clip.ts")).size() > file_content(small_clip()).size() / 2;
  }));
  receiver.send_signal(SIGINT);
  receiver.wait();
  // Which stream of MPEG-TS comes first is not certain: each is linked by its type.
  EXPECT_GE(frames_of(file("clip.ts"),
                      "tsdemux name=d  d. ! audio/mpeg ! queue ! fakesink sync=false async=false  "
                      "d. ! video/x-h264 ! queue ! h264parse ! avdec_h264"),
            50);
}

TEST_F(Recipes, hls_has_a_playlist_with_an_end) {
  recipe("hls.sh", {file("hls")});
  EXPECT_NE(file_content(file("hls/clip.m3u8")).find("#EXT-X-ENDLIST"), std::string::npos);
}

}  // namespace
}  // namespace test_support
