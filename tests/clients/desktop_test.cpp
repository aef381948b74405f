// SPDX-License-Identifier: LGPL-2.1-or-later
// A desktop application and a browser. They depend on the machine's graphics and its load: this
// suite runs when it is asked for.
#include <gio/gio.h>
#include <signal.h>

#include <regex>

#include "client_test.h"

namespace test_support {
namespace {

class Desktop : public ClientTest {
 protected:
  static std::string free_port() {
    GSocketListener* listener = g_socket_listener_new();
    const auto port = g_socket_listener_add_any_inet_port(listener, nullptr, nullptr);
    g_object_unref(listener);
    return std::to_string(port);
  }
};

TEST_F(Desktop, application_saves_the_clip) {
  if (!g_getenv("DISPLAY") || !g_getenv("DBUS_SESSION_BUS_ADDRESS"))
    GTEST_SKIP() << "no desktop";
  Process animator({"/usr/bin/python3", example("gtk/animator.py"), picture(), "a test"},
                   environment());
  // There is nothing to save until it shows the clip.
  const auto is_saved = [&] {
    run({"gdbus", "call", "--session", "--dest", "org.gst_modelverse.Animator", "--object-path",
         "/org/gst_modelverse/Animator/window/1", "--method", "org.gtk.Actions.Activate", "save-to",
         "[<\"" + file("saved.mp4") + "\">]", "{}"});
    return file_content(file("saved.mp4")) == file_content(small_clip());
  };
  ASSERT_TRUE(wait_until([&] { return emulator().downloads() > 0; }));
  EXPECT_TRUE(wait_until(is_saved));
  EXPECT_EQ(emulator().submits(), 1u);
  animator.send_signal(SIGTERM);
  animator.wait();
}

// A browser does what its page says and is asked by another page around it.
constexpr const char* probe = R"(<!doctype html><iframe src="index.html"></iframe><script>
  const frame = document.querySelector("iframe");
  const tell = (what) => fetch("/told?" + what + ".");
  frame.onload = () => {
    const video = frame.contentDocument.querySelector("video");
    video.muted = true;
    video.onerror = () => tell("error=" + video.error.message);
    video.onended = () => tell(`width=${video.videoWidth}&seconds=${Math.round(video.duration)}` +
                               `&frames=${video.getVideoPlaybackQuality().totalVideoFrames}`);
    video.play().catch((why) => tell("error=" + why));
  };
</script>)";

TEST_F(Desktop, the_page_of_the_hls_recipe_plays_in_a_browser) {
  g_autofree char* chromium_path = g_find_program_in_path("chromium");
  if (!chromium_path)
    GTEST_SKIP() << "no Chromium";
  run({example("recipes/hls.sh"), uri(), file("hls")});
  g_file_set_contents(file("hls/probe.html").c_str(), probe, -1, nullptr);
  const auto port = free_port();
  Process server({"/usr/bin/python3", "-u", "-m", "http.server", port, "--bind", "127.0.0.1",
                  "--directory", file("hls")},
                 environment());
  ASSERT_TRUE(server.wait_for_output("Serving HTTP"));
  Process chromium(
      {"chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
       "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
       "--disable-component-update", "--disable-sync", "--no-proxy-server",
       "--autoplay-policy=no-user-gesture-required", "--user-data-dir=" + file("profile"),
       "--remote-debugging-port=0", "http://127.0.0.1:" + port + "/probe.html"},
      environment());
  ASSERT_TRUE(server.wait_for_output("/told?") && server.wait_for_output(". HTTP"));
  // A busy machine may leave out some frames.
  const std::regex told(R"(told\?width=320&seconds=4&frames=1[012]\d\. HTTP)");
  EXPECT_TRUE(std::regex_search(server.output(), told)) << server.output();
  chromium.send_signal(SIGTERM);
  chromium.wait();
}

}  // namespace
}  // namespace test_support
