// SPDX-License-Identifier: LGPL-2.1-or-later
// Builds and runs the film's pipeline.
#include "render/film.h"

#include <glib/gstdio.h>
#include <gst/pbutils/pbutils.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <utility>

#include "glib/sentences.h"
#include "glib/text.h"
#include "render/clip_files.h"
#include "render/interruption.h"
#include "render/report.h"
#include "render/timeline.h"

namespace modelverse::render {

namespace {

constexpr guint film_tick_ms = 250;

// Constant quality (x264: pass=qual, speed-preset=faster; VP9: end-usage=cq): the default bit rates
// are too low for 1080p. Numbers, since a structure does not convert an enum's name. Other encoders
// keep their defaults.
constexpr const char* h264_settings =
    "element-properties-map, map={[x264enc, pass=(int)5, quantizer=(uint)20, "
    "speed-preset=(int)5]}";
constexpr const char* vp9_settings =
    "element-properties-map, map={[vp9enc, end-usage=(int)2, cq-level=(int)24, "
    "target-bitrate=(int)8000000, deadline=(gint64)1, cpu-used=(int)5, row-mt=(boolean)true, "
    "threads=(int)4]}";

// At each new segment, frames are lost, and up to a packet by an AAC encoder.
constexpr const char* one_segment = "identity single-segment=true";
// Transitions come in another format than clips; players want 4:2:0.
constexpr const char* one_format = "videoconvert ! video/x-raw,format=I420";

using ProfilePtr = ObjectPtr<GstEncodingProfile>;

template <typename Maker>
GstEncodingProfile* add_stream(GstEncodingContainerProfile* container, Maker make,
                               const char* caps_text, const char* settings) {
  const CapsPtr caps(gst_caps_from_string(caps_text));
  auto* stream = GST_ENCODING_PROFILE(make(caps.get(), nullptr, nullptr, 0));
  if (settings)
    gst_encoding_profile_set_element_properties(stream,
                                                gst_structure_from_string(settings, nullptr));
  gst_encoding_container_profile_add_profile(container, stream);
  return stream;
}

ProfilePtr profile_of(const std::string& path, bool has_audio) {
  const bool is_webm = path.ends_with(".webm");
  const CapsPtr caps(
      gst_caps_from_string(is_webm ? "video/webm" : "video/quicktime,variant=(string)iso"));
  auto* container = gst_encoding_container_profile_new("film", nullptr, caps.get(), nullptr);
  auto* video =
      add_stream(container, gst_encoding_video_profile_new,
                 is_webm ? "video/x-vp9" : "video/x-h264", is_webm ? vp9_settings : h264_settings);
  // No videorate: the timeline has a fixed rate, and that of GStreamer 1.28 repeats the last frame.
  gst_encoding_video_profile_set_variableframerate(GST_ENCODING_VIDEO_PROFILE(video), TRUE);
  if (has_audio)
    add_stream(container, gst_encoding_audio_profile_new,
               is_webm ? "audio/x-opus" : "audio/mpeg,mpegversion=(int)4", nullptr);
  return ProfilePtr::adopt(GST_ENCODING_PROFILE(container));
}

Error cannot_build(const std::string& why) {
  return {.code = ErrorCode::settings,
          .text = format_text(_("The film's pipeline cannot be built: %s."), why.c_str()),
          .debug = "gst_parse_launch"};
}

Error with_hint(Error error, const char* hint) {
  error.text = two_sentences(error.text, hint);
  return error;
}

Result<Pipeline> parse(const std::string& description) {
  ErrorSlot error;
  Pipeline pipeline(gst_parse_launch(description.c_str(), error.out()));
  if (!pipeline || error)
    return cannot_build(error.message());
  return pipeline;
}

GstClockTime running_time(GstPad* pad, const GstBuffer* buffer) {
  const EventPtr event(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
  const GstSegment* segment = nullptr;
  if (!event)
    return GST_CLOCK_TIME_NONE;
  gst_event_parse_segment(event.get(), &segment);
  return gst_segment_to_running_time(segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
}

goffset size_of(const std::string& path) {
  GStatBuf status = {};
  return g_stat(path.c_str(), &status) == 0 ? status.st_size : 0;
}

bool link_encoder(const Pipeline& pipeline, const char* queue, const char* pad_name) {
  const PadPtr from(gst_element_get_static_pad(pipeline.element(queue).get(), "src"));
  const PadPtr into(gst_element_request_pad_simple(pipeline.element("encoder").get(), pad_name));
  return into && gst_pad_link(from.get(), into.get()) == GST_PAD_LINK_OK;
}

}  // namespace

// Where the video is: set by the streaming thread.
struct Film::Clock {
  std::atomic<guint64> position = 0;
  std::atomic<gint64> moved = g_get_monotonic_time();
  gint64 begun = g_get_monotonic_time();

  static GstPadProbeReturn note(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
    auto& self = *static_cast<Clock*>(data);
    const auto time = running_time(pad, GST_PAD_PROBE_INFO_BUFFER(info));
    if (time != GST_CLOCK_TIME_NONE)
      self.position = time;
    self.moved = g_get_monotonic_time();
    return GST_PAD_PROBE_OK;
  }
};

Film::Film(FilmOptions options, FilmEvents events)
    : options_(std::move(options)),
      events_(std::move(events)),
      unfinished_(beside(options_.path, ".part")),
      index_last_(beside(options_.path, ".data")),
      timeline_(beside(options_.path, ".xges")),
      clock_(std::make_unique<Clock>()),
      chain_(std::make_unique<ClipChain>()) {}

Film::~Film() {
  if (watch_ > 0)
    g_source_remove(watch_);
  if (timer_ > 0)
    g_source_remove(timer_);
  pipeline_.stop();
  for (const auto& file : {unfinished_, index_last_, timeline_})
    g_unlink(file.c_str());
}

Status Film::start(const std::vector<std::string>& clips) {
  if (clips.size() == 1)
    options_.transition = 0;
  std::vector<ClipFacts> facts;
  for (const auto& clip : clips) {
    if (is_interrupted())
      return cannot_build(_("interrupted"));
    auto one = examine_clip(clip);
    if (!one)
      return one.error();
    if (static_cast<double>(one->length) < 2 * options_.transition * GST_SECOND)
      return cannot_build(format_text(_("%s is shorter than two transitions"), clip.c_str()));
    facts.push_back(std::move(one).value());
  }
  return begin(facts);
}

Status Film::begin(const std::vector<ClipFacts>& clips) {
  const auto why = why_not_copied(clips, options_.path, options_.transition);
  const auto format = film_format(clips);
  length_ = length_of(clips, format, options_.transition);
  verb_ = why.empty() ? _("Copying the clips into the film")
                      : format_text(_("Encoding the film (%s)"), why.c_str());
  auto built = why.empty() ? copying(clips) : encoding(clips, format);
  if (!built)
    return built.error();
  pipeline_ = std::move(built).value();
  g_object_set(pipeline_.element("file").get(), "location", unfinished_.c_str(), nullptr);
  const PadPtr video(gst_element_get_static_pad(pipeline_.element("video").get(), "src"));
  gst_pad_add_probe(video.get(), GST_PAD_PROBE_TYPE_BUFFER, Clock::note, clock_.get(), nullptr);
  watch_ = gst_bus_add_watch(pipeline_.bus().get(), on_message, this);
  timer_ = g_timeout_add(film_tick_ms, on_tick, this);
  events_.on_progress(0, verb_);
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
  return Done{};
}

Result<Pipeline> Film::copying(const std::vector<ClipFacts>& clips) {
  // The sound of a clip may end a while after its video: the queues hold what waits for it.
  constexpr const char* long_queue = "queue max-size-time=0 max-size-buffers=0 name=";
  auto description = std::string(
                         "mp4mux name=mux faststart=true ! filesink name=file  "
                         "concat name=videos adjust-base=false ! ") +
                     long_queue + "video ! mux.video_0";
  if (clips.front().audio)
    description += std::string("  concat name=audios adjust-base=false ! ") + long_queue +
                   "audio ! mux.audio_0";
  auto pipeline = parse(description);
  if (!pipeline)
    return pipeline;
  // By default in the system's directory for temporary files, which may be a small one in memory.
  g_object_set(pipeline->element("mux").get(), "faststart-file", index_last_.c_str(), nullptr);
  if (const auto attached = chain_->attach(*pipeline, clips); !attached)
    return cannot_build(attached.error().text);
  return pipeline;
}

Result<Pipeline> Film::encoding(const std::vector<ClipFacts>& clips, const FilmFormat& format) {
  ErrorSlot error;
  const auto text = timeline_of(clips, format, options_.transition);
  if (!g_file_set_contents(timeline_.c_str(), text.c_str(), -1, error.out()))
    return cannot_build(error.message());
  auto description = std::string(
                         "filesrc name=timeline ! application/xges ! gesdemux name=ges  "
                         "encodebin name=encoder ! filesink name=file  ges. ! video/x-raw ! ") +
                     one_segment + " ! " + one_format + " ! queue name=video";
  if (format.has_audio)
    description += std::string("  ges. ! audio/x-raw ! ") + one_segment + " ! queue name=audio";
  auto pipeline = parse(description);
  if (!pipeline)
    return with_hint(pipeline.error(),
                     _("Is GStreamer Editing Services installed (libges-1.0-0)?"));
  g_object_set(pipeline->element("timeline").get(), "location", timeline_.c_str(), nullptr);
  const auto profile = profile_of(options_.path, format.has_audio);
  g_object_set(pipeline->element("encoder").get(), "profile", profile.get(), nullptr);
  if (!link_encoder(*pipeline, "video", "video_%u") ||
      (format.has_audio && !link_encoder(*pipeline, "audio", "audio_%u")))
    return cannot_build(
        format_text(_("an encoder or muxer for %s is not installed"), options_.path.c_str()));
  return pipeline;
}

gboolean Film::on_message(GstBus*, GstMessage* message, gpointer self) {
  static_cast<Film*>(self)->handle(message);
  return G_SOURCE_CONTINUE;
}

std::string Film::problem_of(GstMessage* message) const {
  ErrorSlot error;
  gst_message_parse_error(message, error.out(), nullptr);
  const bool is_of_disk =
      g_error_matches(error.get(), GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE) ||
      g_error_matches(error.get(), GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT);
  return is_of_disk ? format_text(_("Cannot write %s: is the disk full? (%s)"),
                                  options_.path.c_str(), error.message())
                    : error.message();
}

void Film::handle(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_EOS:
      return finish();
    case GST_MESSAGE_PROPERTY_NOTIFY:
      return chain_->advance();
    case GST_MESSAGE_ERROR:
      return fail(problem_of(message));
    default:
      return;
  }
}

void Film::fail(const std::string& text) {
  pipeline_.stop();
  events_.on_failed(text);
}

// A pipeline with a thread that hangs cannot be stopped either: it ends with the process.
void Film::abandon() {
  pipeline_.leak();
  (void)clock_.release();
  (void)chain_.release();
  events_.on_failed(_("The film makes no progress."));
}

// At the end, the muxer copies the whole film behind its index: no frame moves, but the file grows.
bool Film::is_stalled() {
  const auto now = g_get_monotonic_time();
  if (const auto written = size_of(unfinished_) + size_of(index_last_); written != written_) {
    written_ = written;
    clock_->moved = now;
  }
  return now - clock_->moved > std::chrono::microseconds(options_.stall).count();
}

gboolean Film::on_tick(gpointer data) {
  auto& self = *static_cast<Film*>(data);
  constexpr int most = 99;
  if (self.is_stalled()) {
    self.timer_ = 0;
    self.abandon();
    return G_SOURCE_REMOVE;
  }
  const auto share = static_cast<double>(self.clock_->position) /
                     static_cast<double>(std::max<GstClockTime>(self.length_, 1));
  const double elapsed =
      static_cast<double>(g_get_monotonic_time() - self.clock_->begun) / G_USEC_PER_SEC;
  auto text = self.verb_;
  if (share > 0)
    text = format_text(_("%s, about %s left"), text.c_str(),
                       time_text(elapsed * (1 - share) / share).c_str());
  self.events_.on_progress(std::clamp(static_cast<int>(share * 100), 0, most), text);
  return G_SOURCE_CONTINUE;
}

void Film::finish() {
  pipeline_.stop();
  const auto& path = options_.path;
  if (g_rename(unfinished_.c_str(), path.c_str()) != 0)
    return events_.on_failed(
        format_text(_("Cannot write %s: %s."), path.c_str(), g_strerror(errno)));
  events_.on_done(path + ": " + time_text(static_cast<double>(length_) / GST_SECOND));
}

}  // namespace modelverse::render
