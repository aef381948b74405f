// SPDX-License-Identifier: LGPL-2.1-or-later
// Decoding into thumbnails.
#include "support/frames.h"

#include <gst/app/gstappsink.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "support/pipeline.h"

namespace test_support {

namespace {

std::string rgb_caps(int width, int height) {
  return "video/x-raw,format=RGB,width=" + std::to_string(width) +
         ",height=" + std::to_string(height);
}

std::string thumbnail_caps() {
  return rgb_caps(Thumbnail::width, Thumbnail::height);
}

// Of a width whose rows are a multiple of four bytes: there is no padding.
std::vector<std::uint8_t> bytes_of(GstSample* sample) {
  std::vector<std::uint8_t> bytes;
  GstMapInfo map = {};
  auto* buffer = gst_sample_get_buffer(sample);
  if (gst_buffer_map(buffer, &map, GST_MAP_READ)) {
    bytes.assign(map.data, map.data + map.size);
    gst_buffer_unmap(buffer, &map);
  }
  return bytes;
}

Thumbnail thumbnail_of(GstSample* sample) {
  return {bytes_of(sample)};
}

GstFlowReturn count_video(GstAppSink* sink, gpointer data) {
  auto* decoded = static_cast<Decoded*>(data);
  auto* sample = gst_app_sink_pull_sample(sink);
  if (!sample)
    return GST_FLOW_OK;
  auto small = thumbnail_of(sample);
  if (decoded->frames++ == 0)
    decoded->first = small;
  decoded->last = std::move(small);
  gst_sample_unref(sample);
  return GST_FLOW_OK;
}

GstFlowReturn count_audio(GstAppSink* sink, gpointer data) {
  if (auto* sample = gst_app_sink_pull_sample(sink)) {
    ++static_cast<Decoded*>(data)->audio_buffers;
    gst_sample_unref(sample);
  }
  return GST_FLOW_OK;
}

void connect(Pipeline& pipeline, const char* name,
             GstFlowReturn (*on_sample)(GstAppSink*, gpointer), Decoded& decoded) {
  GstAppSinkCallbacks callbacks = {};
  callbacks.new_sample = on_sample;
  gst_app_sink_set_callbacks(GST_APP_SINK(pipeline.element(name)), &callbacks, &decoded, nullptr);
}

void read_size(Pipeline& pipeline, Decoded& decoded) {
  auto* pad = gst_element_get_static_pad(pipeline.element("scale"), "sink");
  if (auto* caps = gst_pad_get_current_caps(pad)) {
    const auto* structure = gst_caps_get_structure(caps, 0);
    gst_structure_get_int(structure, "width", &decoded.width);
    gst_structure_get_int(structure, "height", &decoded.height);
    gst_caps_unref(caps);
  }
  gst_object_unref(pad);
}

}  // namespace

Decoded decode(const std::string& source, const std::string& decoder) {
  Decoded decoded;
  Pipeline pipeline(source + " ! " + decoder +
                    " name=decoder  decoder. ! queue ! videoconvert ! videoscale name=scale ! " +
                    thumbnail_caps() +
                    " ! appsink name=video sync=false  "
                    "decoder. ! queue ! audioconvert ! appsink name=audio sync=false");
  connect(pipeline, "video", count_video, decoded);
  connect(pipeline, "audio", count_audio, decoded);
  decoded.reached_eos = pipeline.run();
  read_size(pipeline, decoded);
  pipeline.set_state(GST_STATE_NULL);
  return decoded;
}

std::vector<Thumbnail> thumbnails_of(const std::string& path) {
  std::vector<Thumbnail> all;
  Pipeline pipeline("filesrc location=" + path + " ! decodebin3 ! videoconvert ! videoscale ! " +
                    thumbnail_caps() + " ! appsink name=video sync=false");
  GstAppSinkCallbacks callbacks = {};
  callbacks.new_sample = [](GstAppSink* sink, gpointer into) {
    if (auto* sample = gst_app_sink_pull_sample(sink)) {
      static_cast<std::vector<Thumbnail>*>(into)->push_back(thumbnail_of(sample));
      gst_sample_unref(sample);
    }
    return GST_FLOW_OK;
  };
  gst_app_sink_set_callbacks(GST_APP_SINK(pipeline.element("video")), &callbacks, &all, nullptr);
  EXPECT_TRUE(pipeline.run());
  pipeline.set_state(GST_STATE_NULL);
  return all;
}

std::vector<std::uint8_t> pixels_of_picture(const std::string& path, int width, int height) {
  std::vector<std::uint8_t> pixels;
  Pipeline pipeline("filesrc location=" + path + " ! decodebin ! videoconvert ! videoscale ! " +
                    rgb_caps(width, height) + " ! appsink name=video sync=false");
  GstAppSinkCallbacks callbacks = {};
  callbacks.new_sample = [](GstAppSink* sink, gpointer into) {
    if (auto* sample = gst_app_sink_pull_sample(sink)) {
      *static_cast<std::vector<std::uint8_t>*>(into) = bytes_of(sample);
      gst_sample_unref(sample);
    }
    return GST_FLOW_OK;
  };
  gst_app_sink_set_callbacks(GST_APP_SINK(pipeline.element("video")), &callbacks, &pixels, nullptr);
  EXPECT_TRUE(pipeline.run());
  pipeline.set_state(GST_STATE_NULL);
  return pixels;
}

Thumbnail thumbnail_of_picture(const std::string& path) {
  return {pixels_of_picture(path, Thumbnail::width, Thumbnail::height)};
}

double difference(const Thumbnail& one, const Thumbnail& other) {
  const std::size_t samples = Thumbnail::width * Thumbnail::height * 3 * 4 / 5;
  if (one.rgb.size() < samples || other.rgb.size() < samples)
    return 255;
  double sum = 0;
  for (std::size_t i = 0; i < samples; ++i)
    sum += std::abs(int{one.rgb[i]} - int{other.rgb[i]});
  return sum / static_cast<double>(samples);
}

}  // namespace test_support
