// SPDX-License-Identifier: LGPL-2.1-or-later
// `modelverse:` in the programs that people have: each is given the same URI, as a person would.
#include "client_test.h"

namespace test_support {
namespace {

class Players : public SharedClientTest {
 protected:
  static constexpr const char* webm = "video/webm:video/x-vp8:audio/x-opus";
};

TEST_F(Players, gst_play_plays_to_the_end) {
  const auto said = run(
      {"gst-play-1.0", "--no-interactive", "--videosink=fakesink", "--audiosink=fakesink", uri()});
  EXPECT_NE(said.find("Reached end of play list"), std::string::npos) << said;
}

TEST_F(Players, gst_transcoder_makes_a_webm) {
  run({"gst-transcoder-1.0", uri(), "file://" + file("clip.webm"), webm});
  expect_small_clip(file("clip.webm"));
}

// What an editor saves of one clip on one layer. ges-launch 1.22 would write it, and crashes now
// and then after it has.
std::string project_of(const std::string& uri) {
  return R"(<ges version='0.7'>
  <project properties='properties;' metadatas='metadatas;'>
    <ressources>
      <asset id=')" +
         uri + R"(' extractable-type-name='GESUriClip'/>
    </ressources>
    <timeline properties='properties;' metadatas='metadatas;'>
      <track caps='audio/x-raw(ANY)' track-type='2' track-id='0' properties='properties;'/>
      <track caps='video/x-raw(ANY)' track-type='4' track-id='1' properties='properties;'/>
      <layer priority='0'>
        <clip id='0' asset-id=')" +
         uri + R"(' type-name='GESUriClip' layer-priority='0' track-types='6' start='0'
          duration='4000000000' inpoint='0' rate='0' properties='properties, name=(string)clip0;'/>
      </layer>
    </timeline>
  </project>
</ges>)";
}

TEST_F(Players, ges_launch_renders_a_project_with_a_prompt) {
  const auto project = project_of(uri());
  ASSERT_TRUE(g_file_set_contents(file("cut.xges").c_str(), project.c_str(),
                                  static_cast<gssize>(project.size()), nullptr));
  run({"ges-launch-1.0", "--load", "file://" + file("cut.xges"), "-o", "file://" + file("cut.webm"),
       "-f", webm});
  const auto decoded = decode("filesrc location=" + file("cut.webm"));
  EXPECT_GE(decoded.frames, 120);
}

}  // namespace
}  // namespace test_support
