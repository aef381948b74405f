// SPDX-License-Identifier: LGPL-2.1-or-later
// modelversesrc without GObject: holds the settings and, while started, a reader of the clip.
// Animation derives from it.
#pragma once

#include <gst/base/gstbasesrc.h>

#include <atomic>
#include <memory>
#include <optional>

#include "core/guarded.h"
#include "job/reader.h"
#include "message_poster.h"
#include "properties.h"

namespace modelverse {

// Bytes in a buffer, unless the property blocksize is set.
inline constexpr guint read_size = 256 * 1024;

class Source {
 public:
  explicit Source(GstBaseSrc* element);
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  // False: refused, since the element is started and has read its settings.
  bool set_property(const Property& property, const GValue* value);
  void get_property(const Property& property, GValue* value);

  bool start();
  virtual void stop();
  virtual void unlock();
  virtual void unlock_stop();
  // Blocks until the bytes are available. Sets `filled` if it returns GST_FLOW_OK.
  GstFlowReturn create(guint64 offset, guint length, GstBuffer** filled);
  // The clip's size in bytes, once known. In pull mode: once the clip is complete.
  std::optional<guint64> size();
  // The same for a query. In pull mode nothing is read before the first create(): here a clip in
  // the cache has its size before. `is_arriving_too`: in pull mode also of an incomplete clip.
  std::optional<guint64> size_for_query(bool is_arriving_too);
  // Where a clip in the cache, or one that is arriving, ends; any mode, before the first create()
  // too.
  std::optional<guint64> end();
  // The whole clip is on this machine: complete, or in the cache. Any state; returns within a few
  // milliseconds. While started, the cache is looked at once.
  bool is_whole();
  // Empty: not started.
  std::optional<job::Arrived> arrived();
  // For an injected EOS event: create() ends, and no more progress is posted until a flush.
  void end_stream();
  Settings settings();
  bool set_uri(const char* uri, GError** error);

 protected:
  // The settings for the checks of start().
  virtual Settings expected_settings() { return settings(); }
  // A run begins with these settings.
  virtual void begin(const Settings&) {}
  // Adds the picture to the settings. Streaming thread only. May block; unlock() ends it with
  // ErrorCode::cancelled.
  virtual Status complete(Settings&) { return Done{}; }
  // The job has read the picture: its bytes can be released.
  virtual void drop_picture() {}
  GstElement* element() const { return GST_ELEMENT(element_); }

 private:
  struct Run {
    job::Reader reader;
    std::optional<Settings> settings;  // complete; read once, when the first buffer is requested
    std::atomic<bool> has_settings = false;
    std::optional<guint64> announced_size;
    // Size of the clip in the cache, where it was looked up.
    Guarded<std::optional<std::optional<guint64>>> kept_size;
    // Cleared by a flush, which may discard tags before they are sent.
    std::atomic<bool> has_tagged = false;
  };
  struct Shared {
    Settings settings;
    std::shared_ptr<Run> run;  // while started
    Live last;                 // values of the last run, readable after stop()
  };

  bool is_pulled() const;
  GstFlowReturn read(Run& run, guint64 offset, guint length, GstBuffer** filled);
  GstFlowReturn fail(const Error& error);
  void announce_size(Run& run);
  void send_tags(Run& run);
  void notify_uri();
  std::optional<guint64> kept_size();
  Live live();
  std::shared_ptr<Run> run();

  GstBaseSrc* element_;
  MessagePoster poster_;
  Guarded<Shared> shared_;
};

}  // namespace modelverse
