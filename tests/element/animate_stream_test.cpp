// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverseanimate in pipelines: what it is, its states, and the clip as downstream sees it.
// What both elements do in each phase of a job is in harness_test.cpp.
#include <gst/app/gstappsink.h>

#include <atomic>
#include <set>

#include "stream_test.h"
#include "support/frames.h"

namespace test_support {
namespace {

class AnimateStream : public StreamTest {
 protected:
  std::string animated(const std::string& more = {}) const {
    return "filesrc location=" + picture() + " ! jpegparse ! " + animator(more);
  }
};

std::set<std::string> own_properties(const char* name) {
  auto* element = gst_element_factory_make(name, nullptr);
  guint count = 0;
  auto** specs = g_object_class_list_properties(G_OBJECT_GET_CLASS(element), &count);
  std::set<std::string> names;
  for (guint i = 0; i < count; ++i) {
    if (g_str_has_prefix(g_type_name(specs[i]->owner_type), "Modelverse"))
      names.insert(specs[i]->name);
  }
  g_free(specs);
  gst_object_unref(element);
  return names;
}

TEST_F(AnimateStream, has_the_properties_of_the_source_but_for_its_pictures) {
  auto expected = own_properties("modelversesrc");
  for (const char* picture : {"image-path", "image-uri", "image-sample"})
    EXPECT_EQ(expected.erase(picture), 1u) << picture;
  expected.insert("frame");
  EXPECT_EQ(own_properties("modelverseanimate"), expected);
}

TEST_F(AnimateStream, is_a_filter_to_bins_and_to_who_looks_it_up) {
  auto* factory = gst_element_factory_find("modelverseanimate");
  ASSERT_NE(factory, nullptr);
  EXPECT_STREQ(gst_element_factory_get_metadata(factory, GST_ELEMENT_METADATA_KLASS),
               "Converter/Image/Video");
  gst_object_unref(factory);
  Pipeline pipeline("videotestsrc ! modelverseanimate name=src ! fakesink");
  EXPECT_FALSE(GST_OBJECT_FLAG_IS_SET(pipeline.source(), GST_ELEMENT_FLAG_SOURCE));
  EXPECT_FALSE(GST_OBJECT_FLAG_IS_SET(pipeline.source(), GST_ELEMENT_FLAG_SINK));
}

// The index stands last.
TEST_F(AnimateStream, plays_in_pull_mode) {
  start_emulator({"--generation-time", "0.1"});
  Pipeline pipeline(animated() + " ! decodebin3 ! videoconvert ! fakesink");
  pipeline.set_state(GST_STATE_PAUSED);
  pipeline.wait_for(GST_MESSAGE_ASYNC_DONE);
  EXPECT_EQ(mode_of(pipeline.source()), GST_PAD_MODE_PULL);
  pipeline.set_state(GST_STATE_NULL);
  EXPECT_EQ(decode(animated()).frames, 120);
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(AnimateStream, plays_in_push_mode) {
  serve(stream_clip("h264-last-silent"));
  const std::string to_sink = "queue ! qtdemux ! avdec_h264 ! appsink name=video sync=false";
  EXPECT_EQ(frames_of(animated() + " ! " + to_sink),
            frames_of("filesrc location=" + stream_clip("h264-last-silent") + " ! " + to_sink));
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(AnimateStream, a_seek_in_the_clip_shows_the_place) {
  serve(stream_clip("h264-first-sound"));
  Pipeline pipeline(animated() + " ! queue ! qtdemux ! avdec_h264 ! fakesink");
  pipeline.set_state(GST_STATE_PAUSED);
  pipeline.wait_for(GST_MESSAGE_ASYNC_DONE);
  EXPECT_EQ(mode_of(pipeline.source()), GST_PAD_MODE_PUSH);
  const auto flags = static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE);
  const gint64 place = 3 * static_cast<gint64>(GST_SECOND) / 2;
  EXPECT_TRUE(gst_element_seek_simple(pipeline.get(), GST_FORMAT_TIME, flags, place));
  pipeline.wait_for(GST_MESSAGE_ASYNC_DONE);
  gint64 position = 0;
  EXPECT_TRUE(gst_element_query_position(pipeline.get(), GST_FORMAT_TIME, &position));
  EXPECT_EQ(position, place);
  EXPECT_EQ(emulator().submits(), 1u);
}

// As an application does it that wants the frame at some place of a film.
TEST_F(AnimateStream, an_accurate_seek_upstream_gives_the_frame_at_that_place) {
  start_emulator({"--generation-time", "0.1"});
  const auto film = "filesrc location=" + stream_clip("h264-last-silent") + " ! decodebin3 ! ";
  const auto flags = static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE);
  const gint64 place = 3 * static_cast<gint64>(GST_SECOND) / 2;
  {
    Pipeline shown(film + "appsink name=out");
    shown.set_state(GST_STATE_PAUSED);
    shown.wait_for(GST_MESSAGE_ASYNC_DONE);
    EXPECT_TRUE(gst_element_seek_simple(shown.get(), GST_FORMAT_TIME, flags, place));
    auto* frame = gst_app_sink_pull_preroll(GST_APP_SINK(shown.element("out")));
    Pipeline pipeline(bare_source() + " ! fakesink");
    g_object_set(pipeline.source(), "image-sample", frame, nullptr);
    gst_sample_unref(frame);
    EXPECT_TRUE(pipeline.run());
  }
  Pipeline pipeline(film + animator() + " ! fakesink");
  auto* pad = gst_element_get_static_pad(pipeline.source(), "sink");
  std::atomic<bool> is_blocked = false;
  const auto probe = gst_pad_add_probe(
      pad, static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER),
      [](GstPad*, GstPadProbeInfo*, gpointer blocked) {
        *static_cast<std::atomic<bool>*>(blocked) = true;
        return GST_PAD_PROBE_OK;
      },
      &is_blocked, nullptr);
  pipeline.set_state(GST_STATE_PLAYING);
  ASSERT_TRUE(wait_until([&] { return is_blocked.load(); }));
  EXPECT_TRUE(
      gst_pad_push_event(pad, gst_event_new_seek(1, GST_FORMAT_TIME, flags, GST_SEEK_TYPE_SET,
                                                 place, GST_SEEK_TYPE_NONE, 0)));
  gst_pad_remove_probe(pad, probe);
  gst_object_unref(pad);
  EXPECT_TRUE(pipeline.wait_for_end());
  EXPECT_EQ(emulator().submits(), 1u);
}

// A question about the clip is none about the stream that the picture came from.
TEST_F(AnimateStream, queries_are_about_the_clip) {
  start_emulator({"--generation-time", "0.1"});
  Pipeline pipeline("videotestsrc is-live=true ! " + animator() + " ! fakesink name=sink");
  EXPECT_TRUE(pipeline.run());
  auto* pad = gst_element_get_static_pad(pipeline.element("sink"), "sink");
  gint64 size = 0;
  EXPECT_TRUE(gst_pad_peer_query_duration(pad, GST_FORMAT_BYTES, &size));
  EXPECT_EQ(static_cast<std::size_t>(size), file_content(clip_path()).size());
  EXPECT_FALSE(gst_pad_peer_query_duration(pad, GST_FORMAT_TIME, &size));
  auto* latency = gst_query_new_latency();
  EXPECT_TRUE(gst_pad_peer_query(pad, latency));
  gboolean is_live = TRUE;
  gst_query_parse_latency(latency, &is_live, nullptr, nullptr);
  EXPECT_FALSE(is_live);
  gst_query_unref(latency);
  auto* uri = gst_query_new_uri();
  EXPECT_FALSE(gst_pad_peer_query(pad, uri));
  gst_query_unref(uri);
  gst_object_unref(pad);
}

}  // namespace
}  // namespace test_support
