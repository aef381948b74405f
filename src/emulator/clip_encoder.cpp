// SPDX-License-Identifier: LGPL-2.1-or-later
// From frames and sound to an MP4.
#include "emulator/clip_encoder.h"

#include <glib/gstdio.h>
#include <gst/app/gstappsrc.h>
#include <unistd.h>

#include <initializer_list>
#include <optional>

#include "emulator/camera.h"
#include "emulator/sound.h"

namespace emulator {
namespace {

constexpr int frames_per_second = 30;
constexpr GstClockTime finish_deadline = 120 * GST_SECOND;
constexpr guint64 max_waiting_frames = 8;
constexpr const char* still_running = "still running";
constexpr std::size_t max_prompt_letters = 100;

// A file in the temporary folder that goes with its scope.
class TemporaryFile {
 public:
  TemporaryFile() {
    char* path = nullptr;
    const int fd = g_file_open_tmp("modelverse-emulator-XXXXXX.mp4", &path, nullptr);
    path_.reset(path);
    if (fd >= 0)
      close(fd);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (path_)
      g_unlink(path_.get());
  }
  const char* path() const { return path_.get(); }
  // Mapped, so that many clips cost disk and not memory; it outlives the file's name.
  Blob content() const {
    MappedFilePtr file(g_mapped_file_new(path_.get(), FALSE, nullptr));
    return file ? adopt_blob(g_mapped_file_get_bytes(file.get())) : Blob();
  }

 private:
  CharPtr path_;
};

std::string first_available(std::initializer_list<const char*> chains) {
  for (std::string chain : chains) {
    const std::string name = chain.substr(0, chain.find(' '));
    const ObjectPtr<GstElementFactory> factory(gst_element_factory_find(name.c_str()));
    if (factory)
      return chain;
  }
  return {};
}

std::string muxer(Layout layout) {
  switch (layout) {
    case Layout::moov_first:
      return "mp4mux faststart=true";
    case Layout::moov_last:
      return "mp4mux";
    case Layout::fragmented:
      return "mp4mux fragment-duration=1000";
  }
  return {};
}

std::string caption(const ClipPlan& plan) {
  if (plan.prompt.empty())
    return {};
  return "textoverlay name=caption valignment=bottom wrap-mode=wordchar shaded-background=true"
         " draw-outline=false ypad=8 ! ";
}

std::string description(const ClipPlan& plan) {
  const std::string video = first_available(
      {"x264enc speed-preset=ultrafast pass=qual quantizer=22 key-int-max=60 threads=2",
       "openh264enc bitrate=6000000 gop-size=60"});
  const std::string audio =
      first_available({"avenc_aac bitrate=128000", "fdkaacenc", "voaacenc bitrate=128000"});
  // The prompt is to be read in the clip: without it the service's stand-in would not do its work.
  if (video.empty() || audio.empty() || first_available({"textoverlay"}).empty())
    return {};
  return "appsrc name=video format=time max-bytes=0 ! " + caption(plan) + video +
         " ! h264parse ! queue ! " + muxer(plan.layout) +
         " name=mux ! filesink name=file sync=false "
         "appsrc name=audio format=time max-bytes=0 ! audioconvert ! " +
         audio + " ! aacparse ! queue ! mux.";
}

// At most two short lines, whatever was sent.
std::string caption_text(const std::string& prompt) {
  CharPtr valid(g_utf8_make_valid(prompt.c_str(), -1));
  const glong letters = g_utf8_strlen(valid.get(), -1);
  const bool is_long = letters > static_cast<glong>(max_prompt_letters);
  CharPtr start(g_utf8_substring(valid.get(), 0, is_long ? max_prompt_letters : letters));
  std::string text = g_strdelimit(start.get(), "\r\n\t\v\f", ' ');
  if (is_long)
    text += "…";
  CharPtr escaped(g_markup_escape_text(text.c_str(), -1));
  return escaped.get();
}

class ClipEncoder {
 public:
  static std::variant<std::unique_ptr<ClipEncoder>, std::string> open(const ClipPlan& plan,
                                                                      const char* path);
  ClipEncoder(const ClipEncoder&) = delete;
  ClipEncoder& operator=(const ClipEncoder&) = delete;
  ~ClipEncoder() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

  void push_sound(int seconds);
  // These answer what went wrong, or nothing.
  std::string push_frames(const Camera& camera, unsigned count, const std::stop_token& stop);
  std::string finish(const std::stop_token& stop);

 private:
  // Nothing at the end of the stream.
  std::string wait(GstClockTime time, const std::stop_token& stop) const;
  explicit ClipEncoder(ElementPtr pipeline) : pipeline_(std::move(pipeline)) {}
  ElementPtr find(const char* name) const {
    return ElementPtr(gst_bin_get_by_name(GST_BIN(pipeline_.get()), name));
  }
  ElementPtr pipeline_;
};

std::variant<std::unique_ptr<ClipEncoder>, std::string> ClipEncoder::open(const ClipPlan& plan,
                                                                          const char* path) {
  const std::string text = description(plan);
  if (text.empty())
    return "GStreamer has no H.264 or AAC encoder, or no textoverlay, here";
  ErrorSlot error;
  ElementPtr pipeline(
      gst_parse_launch_full(text.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, error.out()));
  if (!pipeline)
    return std::string(error.message());
  gst_object_ref_sink(pipeline.get());
  std::unique_ptr<ClipEncoder> encoder(new ClipEncoder(std::move(pipeline)));
  g_object_set(encoder->find("file").get(), "location", path, nullptr);
  if (const ElementPtr label = encoder->find("caption")) {
    const int points =
        plan.size.width > plan.size.height ? plan.size.height / 55 : plan.size.width / 55;
    const std::string font = "Sans " + std::to_string(points);
    g_object_set(label.get(), "text", caption_text(plan.prompt).c_str(), "font-desc", font.c_str(),
                 nullptr);
  }
  gst_element_set_state(encoder->pipeline_.get(), GST_STATE_PLAYING);
  return encoder;
}

void ClipEncoder::push_sound(int seconds) {
  const ElementPtr source = find("audio");
  CapsPtr caps(gst_caps_new_simple("audio/x-raw", "format", G_TYPE_STRING,
                                   G_BYTE_ORDER == G_LITTLE_ENDIAN ? "S16LE" : "S16BE", "layout",
                                   G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT, sample_rate,
                                   "channels", G_TYPE_INT, channel_count, nullptr));
  gst_app_src_set_caps(GST_APP_SRC(source.get()), caps.get());
  const auto samples = chime(seconds);
  const std::size_t size = samples.size() * sizeof samples[0];
  GstBuffer* buffer = gst_buffer_new_memdup(samples.data(), size);
  GST_BUFFER_PTS(buffer) = 0;
  GST_BUFFER_DURATION(buffer) = static_cast<GstClockTime>(seconds) * GST_SECOND;
  gst_app_src_push_buffer(GST_APP_SRC(source.get()), buffer);
  gst_app_src_end_of_stream(GST_APP_SRC(source.get()));
}

std::string ClipEncoder::push_frames(const Camera& camera, unsigned count,
                                     const std::stop_token& stop) {
  const ElementPtr element = find("video");
  GstAppSrc* source = GST_APP_SRC(element.get());
  gst_app_src_set_caps(source, camera.caps(frames_per_second).get());
  for (unsigned i = 0; i < count; ++i) {
    // Not by a blocking push: that one would not see the pipeline's errors.
    while (gst_app_src_get_current_level_buffers(source) >= max_waiting_frames) {
      std::string problem = wait(5 * GST_MSECOND, stop);
      if (problem != still_running)
        return problem;
    }
    BufferPtr buffer = camera.frame(i, count);
    if (!buffer)
      return "a frame cannot be drawn";
    const GstClockTime start = gst_util_uint64_scale(i, GST_SECOND, frames_per_second);
    GST_BUFFER_PTS(buffer.get()) = start;
    GST_BUFFER_DURATION(buffer.get()) =
        gst_util_uint64_scale(i + 1, GST_SECOND, frames_per_second) - start;
    gst_app_src_push_buffer(source, buffer.release());
  }
  gst_app_src_end_of_stream(source);
  return {};
}

std::string ClipEncoder::finish(const std::stop_token& stop) {
  constexpr GstClockTime step = 100 * GST_MSECOND;
  for (GstClockTime waited = 0; waited < finish_deadline; waited += step) {
    std::string problem = wait(step, stop);
    if (problem != still_running)
      return problem;
  }
  return "took too long";
}

std::string ClipEncoder::wait(GstClockTime time, const std::stop_token& stop) const {
  if (stop.stop_requested())
    return "stopped";
  BusPtr bus(gst_element_get_bus(pipeline_.get()));
  MessagePtr message(gst_bus_timed_pop_filtered(
      bus.get(), time, static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS)));
  if (!message)
    return still_running;
  if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS)
    return {};
  ErrorSlot error;
  gst_message_parse_error(message.get(), error.out(), nullptr);
  return error.message();
}

}  // namespace

std::variant<Blob, std::string> make_clip(const Picture& picture, const ClipPlan& plan,
                                          const std::stop_token& stop) {
  const std::optional<Camera> camera = Camera::create(picture, plan.size);
  if (!camera)
    return "the picture cannot be converted";
  const TemporaryFile file;
  if (!file.path())
    return "no temporary file";
  auto opened = ClipEncoder::open(plan, file.path());
  if (auto* problem = std::get_if<std::string>(&opened))
    return *problem;
  ClipEncoder& encoder = *std::get<std::unique_ptr<ClipEncoder>>(opened);
  const unsigned frame_count = static_cast<unsigned>(plan.seconds * frames_per_second);
  encoder.push_sound(plan.seconds);
  std::string problem = encoder.push_frames(*camera, frame_count, stop);
  if (problem.empty())
    problem = encoder.finish(stop);
  if (!problem.empty())
    return problem;
  Blob content = file.content();
  if (!content)
    return "the clip cannot be read back";
  return content;
}

}  // namespace emulator
