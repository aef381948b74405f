// SPDX-License-Identifier: LGPL-2.1-or-later
// What an element that gives out a clip does, free of GObject's ceremonies: the settings, and while
// it is started a reader of the clip. As it is, it is modelversesrc.
#pragma once

#include <gst/base/gstbasesrc.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "core/guarded.h"
#include "job/reader.h"
#include "message_poster.h"
#include "properties.h"

namespace modelverse {

class Source {
 public:
  explicit Source(GstBaseSrc* element);
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  void set_property(const Property& property, const GValue* value);
  void get_property(const Property& property, GValue* value);

  virtual bool start();
  void stop();
  virtual void unlock();
  virtual void unlock_stop();
  // Waits for the bytes. `filled` is set where GST_FLOW_OK is returned.
  GstFlowReturn create(guint64 offset, guint length, GstBuffer** filled);
  // The clip's size in bytes, once known and once a reader may rely on it.
  std::optional<guint64> size();
  // An EOS event was injected: what is under way will not be heard of again.
  void cancel_progress() { poster_.cancel(); }
  Settings settings();
  bool set_uri(const char* uri, GError** error);

 protected:
  // The settings as far as it matters to what start() checks.
  virtual Settings expected_settings() { return settings(); }
  // The settings with all that the clip is to be made of. On the streaming thread; may wait, and is
  // then ended by unlock() with ErrorCode::cancelled.
  virtual Result<Settings> complete_settings() { return settings(); }
  // The job has read the picture: who brought it need not keep its bytes.
  virtual void drop_picture() {}
  GstElement* element() const { return GST_ELEMENT(element_); }

 private:
  struct Run {
    job::Reader reader;
    std::optional<Settings> settings;  // whole; read once, when the first buffer is asked for
    std::optional<guint64> announced_size;
    // Cleared by a flush, which may take the tags along before they are out.
    std::atomic<bool> has_tagged = false;
  };
  struct Shared {
    Settings settings;
    std::shared_ptr<Run> run;  // while started
    Live last;                 // of the run before, to be read after stop
  };

  bool is_pulled() const;
  GstFlowReturn read(Run& run, guint64 offset, guint length, GstBuffer** filled);
  GstFlowReturn fail(const Error& error);
  void announce_size(Run& run);
  void send_tags(Run& run);
  void notify_uri();
  Live live();
  std::shared_ptr<Run> run();

  GstBaseSrc* element_;
  MessagePoster poster_;
  Guarded<Shared> shared_;
};

}  // namespace modelverse
