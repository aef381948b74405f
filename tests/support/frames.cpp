// SPDX-License-Identifier: LGPL-2.1-or-later
// Decoding into thumbnails.
#include "support/frames.h"

#include <gst/app/gstappsink.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <utility>

#include "support/pipeline.h"

namespace test_support {

namespace {

std::string thumbnail_caps() {
  return "video/x-raw,format=RGB,width=" + std::to_string(Thumbnail::width) +
         ",height=" + std::to_string(Thumbnail::height);
}

// Its rows are a multiple of four bytes: there is no padding.
Thumbnail thumbnail_of(GstSample* sample) {
  Thumbnail thumbnail;
  GstMapInfo map = {};
  auto* buffer = gst_sample_get_buffer(sample);
  if (gst_buffer_map(buffer, &map, GST_MAP_READ)) {
    thumbnail.rgb.assign(map.data, map.data + map.size);
    gst_buffer_unmap(buffer, &map);
  }
  return thumbnail;
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

void on_samples(GstElement* sink, std::function<void(GstSample*)> take) {
  using Take = std::function<void(GstSample*)>;
  GstAppSinkCallbacks callbacks = {};
  callbacks.new_sample = [](GstAppSink* from, gpointer data) {
    if (auto* sample = gst_app_sink_pull_sample(from)) {
      (*static_cast<Take*>(data))(sample);
      gst_sample_unref(sample);
    }
    return GST_FLOW_OK;
  };
  gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, new Take(std::move(take)),
                             [](gpointer data) { delete static_cast<Take*>(data); });
}

Decoded decode(const std::string& source, const std::string& decoder) {
  Decoded decoded;
  Pipeline pipeline(source + " ! " + decoder +
                    " name=decoder  decoder. ! queue ! videoconvert ! videoscale name=scale ! " +
                    thumbnail_caps() +
                    " ! appsink name=video sync=false  "
                    "decoder. ! queue ! audioconvert ! appsink name=audio sync=false");
  on_samples(pipeline.element("video"), [&](GstSample* sample) {
    decoded.last = thumbnail_of(sample);
    if (decoded.frames++ == 0)
      decoded.first = decoded.last;
  });
  on_samples(pipeline.element("audio"), [&](GstSample*) { ++decoded.audio_buffers; });
  decoded.reached_eos = pipeline.run();
  read_size(pipeline, decoded);
  pipeline.set_state(GST_STATE_NULL);
  return decoded;
}

std::vector<Thumbnail> thumbnails_of(const std::string& path, const std::string& decoder) {
  std::vector<Thumbnail> all;
  Pipeline pipeline("filesrc location=" + path + " ! " + decoder +
                    " ! videoconvert ! videoscale ! " + thumbnail_caps() +
                    " ! appsink name=video sync=false");
  on_samples(pipeline.element("video"),
             [&](GstSample* sample) { all.push_back(thumbnail_of(sample)); });
  EXPECT_TRUE(pipeline.run());
  pipeline.set_state(GST_STATE_NULL);
  return all;
}

Thumbnail thumbnail_of_picture(const std::string& path) {
  const auto all = thumbnails_of(path, "decodebin");
  return all.empty() ? Thumbnail() : all.back();
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
