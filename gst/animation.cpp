// SPDX-License-Identifier: LGPL-2.1-or-later
// Selects the picture to animate from a stream.
#include "animation.h"

#include <string>
#include <utility>

#include "errors.h"
#include "glib/text.h"

namespace modelverse {

namespace {

// Waiting costs nothing, but a picture may never arrive.
Error long_wait(std::chrono::seconds waited) {
  return {.code = ErrorCode::read,
          .text = format_text(_("No picture has arrived for %d s; still waiting. A live source "
                                "produces pictures in PLAYING only."),
                              static_cast<int>(waited.count())),
          .debug = "neither a picture nor EOS on the sink pad"};
}

Error no_picture(unsigned passed_over) {
  Error error{.code = ErrorCode::not_found,
              .text = _("No picture arrived before the end of the stream."),
              .debug = "EOS on the sink pad"};
  if (passed_over > 0)
    error.debug += "; buffers skipped as empty, corrupted, gap or outside the segment: " +
                   std::to_string(passed_over);
  return error;
}

Error no_caps() {
  return {
      .code = ErrorCode::wrong_type,
      .text = _("No caps on the input: expected one complete image per buffer. Put a parser or a "
                "decoder before modelverseanimate, such as jpegparse, pngparse or decodebin3."),
      .debug = "a buffer without caps"};
}

// A deep copy: the picture is kept for minutes, and upstream's buffer pool may be small.
SamplePtr detached(const SamplePtr& sample) {
  auto* bytes = gst_buffer_copy_deep(gst_sample_get_buffer(sample.get()));
  if (!bytes)
    return sample;
  SamplePtr copy(gst_sample_copy(sample.get()), gst_sample_unref);
  gst_sample_set_buffer(copy.get(), bytes);
  gst_buffer_unref(bytes);
  return copy;
}

}  // namespace

void Animation::begin(const Settings& settings) {
  has_warned_ = false;
  frame_ = settings.frame;
  adopted_task_ = settings.task_id;
  slot_.resume();
}

void Animation::stop() {
  if (!gst_pad_is_active(GST_PAD(element()->sinkpads->data)))
    reset();
}

void Animation::stop_input() {
  if (!gst_pad_is_active(GST_BASE_SRC_PAD(element())))
    reset();
}

void Animation::unlock() {
  slot_.interrupt();
  Source::unlock();
}

void Animation::unlock_stop() {
  slot_.resume();
  Source::unlock_stop();
}

// A picture is expected unless a task is adopted.
Settings Animation::expected_settings() {
  auto expected = settings();
  if (expected.task_id.empty())
    expected.image_sample.reset(gst_sample_new(nullptr, nullptr, nullptr, nullptr),
                                gst_sample_unref);
  return expected;
}

Status Animation::complete(Settings& settings) {
  // Upstream was told that no picture is needed: a task-id that is cleared since then still counts.
  if (!adopted_task_.empty())
    settings.task_id = adopted_task_;
  if (!settings.task_id.empty())
    return Done{};
  // 0: no limit, as for a connection.
  const auto patience = settings.timeout > 0 ? std::chrono::seconds(settings.timeout)
                                             : std::chrono::seconds(std::chrono::years(1));
  for (;;) {
    const auto arrival = slot_.wait(patience);
    if (const auto* picture = std::get_if<SamplePtr>(&arrival)) {
      settings.image_sample = *picture;
      return Done{};
    }
    if (const auto* end = std::get_if<StreamEnded>(&arrival))
      return no_picture(end->passed_over);
    if (std::holds_alternative<Woken>(arrival))
      return cancelled_error();
    warn_once(patience);
  }
}

void Animation::warn_once(std::chrono::seconds waited) {
  if (!std::exchange(has_warned_, true))
    post_warning(element(), long_wait(waited));
}

bool Animation::is_settled() {
  return slot_.has_picture() || !adopted_task_.empty();
}

GstFlowReturn Animation::take(GstBuffer* buffer) {
  if (is_settled())
    return GST_FLOW_EOS;
  if (!sink_stream_.has_caps()) {
    post_error(element(), no_caps());
    return GST_FLOW_NOT_NEGOTIATED;
  }
  if (!sink_stream_.is_picture(buffer)) {
    ++passed_over_;
    return GST_FLOW_OK;
  }
  latest_ = sink_stream_.sample_of(buffer);
  if (frame_ == StreamFrame::last) {
    slot_.promise();
    return GST_FLOW_OK;
  }
  end_stream();
  return GST_FLOW_EOS;
}

void Animation::end_stream() {
  if (is_settled())
    return;
  if (latest_)
    slot_.put(detached(std::exchange(latest_, nullptr)));
  else
    slot_.close(passed_over_);
}

bool Animation::take_event(GstEvent* event) {
  switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_STREAM_START:
      sink_stream_.begin_stream();
      return true;
    case GST_EVENT_CAPS:
      return take_caps(event);
    case GST_EVENT_SEGMENT:
      sink_stream_.set_segment(event);
      return true;
    case GST_EVENT_TAG:
      sink_stream_.note_tags(event);
      return true;
    case GST_EVENT_FLUSH_STOP:
      flush();
      return true;
    case GST_EVENT_SEGMENT_DONE:
    case GST_EVENT_EOS:
      end_stream();
      return true;
    default:
      // The sink stream ends here: its events are not forwarded.
      return true;
  }
}

bool Animation::take_caps(GstEvent* event) {
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  return is_settled() || sink_stream_.set_caps(caps);
}

void Animation::flush() {
  sink_stream_.flush();
  latest_.reset();
  passed_over_ = 0;
  slot_.reopen();
}

void Animation::detach() {
  if (latest_)
    latest_ = detached(latest_);
}

void Animation::reset() {
  Source::stop();
  flush();
  sink_stream_.forget();
  slot_.empty();
}

}  // namespace modelverse
