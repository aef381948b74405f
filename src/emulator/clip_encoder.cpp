// SPDX-License-Identifier: LGPL-2.1-or-later
// One pipeline: imagefreeze repeats the picture, a compositor zooms and pans, encoders and a muxer
// write the file.
#include "emulator/clip_encoder.h"

#include <gst/app/gstappsrc.h>
#include <gst/controller/gstdirectcontrolbinding.h>
#include <gst/controller/gstinterpolationcontrolsource.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <initializer_list>
#include <map>
#include <numbers>

namespace emulator {
namespace {

constexpr GstClockTime deadline = 120 * GST_SECOND;
constexpr std::size_t max_caption = 100;  // characters
constexpr double last_zoom = 0.75;        // of the picture's width, in the last frame
constexpr double notes[] = {523.25, 587.33, 659.26, 783.99, 880.0, 783.99, 659.26, 587.33};
constexpr double note_seconds = 0.5;
const std::map<std::string, std::string> muxers = {{"first", "mp4mux faststart=true"},
                                                   {"last", "mp4mux"},
                                                   {"fragmented", "mp4mux fragment-duration=1000"}};

// The first description whose element is installed, or nothing.
std::string first_available(std::initializer_list<const char*> chains) {
  for (std::string chain : chains) {
    const ObjectPtr<GstElementFactory> factory(
        gst_element_factory_find(chain.substr(0, chain.find(' ')).c_str()));
    if (factory)
      return chain;
  }
  return {};
}

std::string description(const ClipPlan& plan, const std::string& moov) {
  const std::string video = first_available(
      {"x264enc speed-preset=ultrafast pass=qual quantizer=22 key-int-max=60 threads=2",
       "openh264enc bitrate=6000000 gop-size=60"});
  const std::string audio =
      first_available({"avenc_aac bitrate=128000", "fdkaacenc", "voaacenc bitrate=128000"});
  // The clip must show the prompt, so textoverlay is required.
  if (video.empty() || audio.empty() || first_available({"textoverlay"}).empty())
    return {};
  const std::string width = std::to_string(plan.size.width);
  const std::string height = std::to_string(plan.size.height);
  // One description of colours whatever the picture's is, so that clips can be joined uncoded.
  const std::string caps =
      " ! video/x-raw, format=I420, colorimetry=bt709, chroma-site=mpeg2, "
      "pixel-aspect-ratio=1/1, width=" +
      width + ", height=" + height;
  const std::string caption = plan.prompt.empty()
                                  ? ""
                                  : "textoverlay name=caption valignment=bottom wrap-mode=wordchar"
                                    " shaded-background=true draw-outline=false ypad=8 ! ";
  return "appsrc name=picture format=time ! videoconvert ! aspectratiocrop aspect-ratio=" + width +
         '/' + height + " ! videoscale method=catrom ! videoconvert" + caps +
         " ! imagefreeze num-buffers=" + std::to_string(plan.seconds * plan.frame_rate) +
         " ! video/x-raw, framerate=" + std::to_string(plan.frame_rate) +
         "/1 ! camera.sink_0 compositor name=camera" + caps + " ! " + caption + video +
         " ! h264parse ! queue ! " + muxers.at(moov) +
         " name=mux ! fdsink name=file sync=false "
         "audiotestsrc name=melody samplesperbuffer=480 num-buffers=" +
         std::to_string(plan.seconds * 100) +
         " ! audio/x-raw, rate=48000, channels=2 ! audioconvert ! " + audio +
         " ! aacparse ! queue ! mux.";
}

// At most two short lines of any prompt.
std::string caption_text(const std::string& prompt) {
  g_autofree char* valid = g_utf8_make_valid(prompt.c_str(), -1);
  const glong length = g_utf8_strlen(valid, -1);
  const bool is_long = length > static_cast<glong>(max_caption);
  g_autofree char* start = g_utf8_substring(valid, 0, is_long ? max_caption : length);
  std::string text = g_strdelimit(start, "\r\n\t\v\f", ' ');
  if (is_long)
    text += "…";
  g_autofree char* escaped = g_markup_escape_text(text.c_str(), -1);
  return escaped;
}

ElementPtr find(const ElementPtr& pipeline, const char* name) {
  return ElementPtr(gst_bin_get_by_name(GST_BIN(pipeline.get()), name));
}

// Sets the property to value(i) from i * step on.
void control(GstObject* object, const char* property, int count, GstClockTime step,
             const std::function<double(int)>& value) {
  GstControlSource* source = gst_interpolation_control_source_new();
  g_object_set(source, "mode", GST_INTERPOLATION_MODE_NONE, nullptr);
  for (int i = 0; i < count; ++i)
    gst_timed_value_control_source_set(GST_TIMED_VALUE_CONTROL_SOURCE(source),
                                       static_cast<GstClockTime>(i) * step, value(i));
  gst_object_add_control_binding(object,
                                 gst_direct_control_binding_new_absolute(object, property, source));
  gst_object_unref(source);
}

// The clip starts with the whole picture; then it zooms in and pans.
void move_camera(const ElementPtr& pipeline, const ClipPlan& plan) {
  const int count = plan.seconds * plan.frame_rate;
  const GstClockTime step = GST_SECOND / static_cast<GstClockTime>(plan.frame_rate);
  g_autoptr(GstPad) pad = gst_element_get_static_pad(find(pipeline, "camera").get(), "sink_0");
  const auto progress = [count](int i) { return count > 1 ? i / (count - 1.0) : 0; };
  const auto scale = [=](int i) { return 1 / (1 - (1 - last_zoom) * progress(i)); };
  const auto angle = [=](int i) { return 2 * std::numbers::pi * progress(i); };
  const auto set = [&](const char* property, const std::function<double(int)>& value) {
    control(GST_OBJECT(pad), property, count, step, value);
  };
  set("width", [=](int i) { return std::round(plan.size.width * scale(i)); });
  set("height", [=](int i) { return std::round(plan.size.height * scale(i)); });
  set("xpos", [=](int i) {
    return std::round(plan.size.width * (1 - scale(i)) * (0.5 + 0.45 * std::sin(angle(i))));
  });
  set("ypos", [=](int i) {
    return std::round(plan.size.height * (1 - scale(i)) * (0.5 + 0.45 * std::sin(2 * angle(i))));
  });
}

void play_melody(const ElementPtr& pipeline, const ClipPlan& plan) {
  const ElementPtr source = find(pipeline, "melody");
  constexpr int steps = 50;  // of a note; it fades a little in each
  const int count = static_cast<int>(plan.seconds / note_seconds) * steps;
  const GstClockTime step = static_cast<GstClockTime>(note_seconds * GST_SECOND) / steps;
  control(GST_OBJECT(source.get()), "freq", count, step,
          [](int i) { return notes[i / steps % std::size(notes)]; });
  control(GST_OBJECT(source.get()), "volume", count, step,
          [](int i) { return 0.2 * std::exp(-2.0 * (i % steps) / steps); });
}

void set_up(const ElementPtr& pipeline, const Picture& picture, const ClipPlan& plan) {
  if (const ElementPtr label = find(pipeline, "caption")) {
    const int points = std::min(plan.size.width, plan.size.height) / 55;
    g_object_set(label.get(), "text", caption_text(plan.prompt).c_str(), "font-desc",
                 ("Sans " + std::to_string(points)).c_str(), nullptr);
  }
  move_camera(pipeline, plan);
  play_melody(pipeline, plan);
  const ElementPtr source = find(pipeline, "picture");
  gst_app_src_push_sample(GST_APP_SRC(source.get()), picture.sample.get());
  gst_app_src_end_of_stream(GST_APP_SRC(source.get()));
}

// Returns the error, or nothing at the end of the stream.
std::string wait_for_end(const ElementPtr& pipeline, const std::stop_token& stop) {
  constexpr GstClockTime step = 100 * GST_MSECOND;
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline.get());
  for (GstClockTime waited = 0; waited < deadline && !stop.stop_requested(); waited += step) {
    g_autoptr(GstMessage) message = gst_bus_timed_pop_filtered(
        bus, step, static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS));
    if (!message)
      continue;
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS)
      return {};
    g_autoptr(GError) error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    return error->message;
  }
  return stop.stop_requested() ? "stopped" : "took too long";
}

}  // namespace

std::variant<Blob, std::string> make_clip(const Picture& picture, const ClipPlan& plan,
                                          const std::string& moov, const std::stop_token& stop) {
  const std::unique_ptr<std::FILE, Release<std::fclose>> file(std::tmpfile());
  if (!file)
    return "cannot create a temporary file";
  const std::string text = description(plan, moov);
  if (text.empty())
    return "GStreamer has no H.264 encoder, no AAC encoder or no textoverlay";
  g_autoptr(GError) error = nullptr;
  const ElementPtr pipeline(
      gst_parse_launch_full(text.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error));
  if (!pipeline)
    return std::string(error->message);
  gst_object_ref_sink(pipeline.get());
  g_object_set(find(pipeline, "file").get(), "fd", fileno(file.get()), nullptr);
  set_up(pipeline, picture, plan);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  const std::string problem = wait_for_end(pipeline, stop);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  if (!problem.empty())
    return problem;
  // Mapped, so that many clips use disk instead of memory; the mapping keeps the file.
  g_autoptr(GMappedFile) mapping = g_mapped_file_new_from_fd(fileno(file.get()), FALSE, &error);
  if (!mapping)
    return std::string(error->message);
  return adopt_blob(g_mapped_file_get_bytes(mapping));
}

}  // namespace emulator
