// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the clip and fills buffers.
#include "source.h"

#include <string_view>
#include <utility>
#include <variant>

#include "api/printable.h"
#include "job/kept.h"
#include "uri.h"

namespace modelverse {

namespace {

constexpr std::size_t title_bytes = 60;

// Wraps the received memory without a copy.
GstBuffer* buffer_of(store::Chunk chunk) {
  using Owner = std::shared_ptr<const void>;
  auto* owner = new Owner(std::move(chunk.owner));
  return gst_buffer_new_wrapped_full(GST_MEMORY_FLAG_READONLY, const_cast<std::byte*>(chunk.data),
                                     chunk.size, 0, chunk.size, owner,
                                     [](gpointer data) { delete static_cast<Owner*>(data); });
}

void add_tag(GstTagList* tags, const char* tag, const std::string& text) {
  if (!text.empty())
    gst_tag_list_add(tags, GST_TAG_MERGE_REPLACE, tag, text.c_str(), nullptr);
}

// Transfer full.
GstTagList* tags_of(const std::string& prompt, const TaskStats& stats) {
  auto* tags = gst_tag_list_new_empty();
  gst_tag_list_set_scope(tags, GST_TAG_SCOPE_GLOBAL);
  add_tag(tags, GST_TAG_TITLE, api::printable(prompt, title_bytes));
  add_tag(tags, GST_TAG_DESCRIPTION, prompt);
  add_tag(tags, GST_TAG_ENCODER, stats.model);
  add_tag(tags, GST_TAG_COMMENT, stats.task_id);
  return tags;
}

}  // namespace

Source::Source(GstBaseSrc* element) : element_(element), poster_(GST_ELEMENT(element)) {}

bool Source::set_property(const Property& property, const GValue* value) {
  // A sample holds memory, which an application may want back.
  const bool is_release = G_VALUE_HOLDS(value, GST_TYPE_SAMPLE) && !gst_value_get_sample(value);
  // Its objects are freed after the unlock: a GDestroyNotify may read a property.
  const auto before = settings();
  auto shared = shared_.lock();
  if (shared->run && !(is_release && shared->run->has_settings))
    return false;
  property.set(shared->settings, value);
  // Setting task-id, to null too, replaces the task of the last run.
  if (std::string_view(property.name) == "task-id")
    shared->last.stats.task_id.clear();
  return true;
}

void Source::get_property(const Property& property, GValue* value) {
  const auto now = live();
  auto shared = shared_.lock();
  property.get(shared->settings, now, value);
}

Settings Source::settings() {
  return shared_.lock()->settings;
}

bool Source::set_uri(const char* uri, GError** error) {
  auto changed = settings();
  if (!apply_uri(uri, all_properties(), changed, error))
    return false;
  {
    auto shared = shared_.lock();
    shared->settings = std::move(changed);
    // A URI describes the whole request: it replaces the task of the last run.
    shared->last.stats.task_id.clear();
  }
  notify_uri();
  return true;
}

// A URI sets properties: notify each, like g_object_set().
void Source::notify_uri() {
  auto* object = G_OBJECT(element_);
  g_object_freeze_notify(object);
  for (const auto& property : all_properties())
    if (property.is_in_uri)
      g_object_notify(object, property.name);
  g_object_thaw_notify(object);
}

std::shared_ptr<Source::Run> Source::run() {
  return shared_.lock()->run;
}

Live Source::live() {
  std::shared_ptr<Run> current;
  {
    auto shared = shared_.lock();
    current = shared->run;
    if (!current)
      return shared->last;
  }
  return {current->reader.stats(), current->reader.status()};
}

bool Source::start() {
  // modelverseanimate keeps its run.
  if (const auto kept = run()) {
    kept->announced_size.reset();
    unlock_stop();
    return true;
  }
  // Files that cannot be read now for lack of descriptors are checked with the first buffer.
  const auto checked = job::check_settings(expected_settings());
  if (!checked && checked.error().code != ErrorCode::too_many_files) {
    poster_.post_error_and_end(checked.error());
    return false;
  }
  poster_.begin();
  begin(settings());
  auto fresh = std::make_shared<Run>();
  auto shared = shared_.lock();
  shared->run = std::move(fresh);
  shared->last = {};
  return true;
}

void Source::stop() {
  poster_.cancel();
  const auto last = live();
  std::shared_ptr<Run> ended;
  {
    auto shared = shared_.lock();
    ended = std::move(shared->run);
    shared->last = last;
  }
  // The reader is destroyed here, outside the lock.
}

void Source::unlock() {
  if (const auto current = run())
    current->reader.interrupt();
}

// GstBaseSrc wakes create() for the event, but for a moment only: a thread that posts messages then
// would wait on.
void Source::end_stream() {
  poster_.cancel();
  unlock();
}

void Source::unlock_stop() {
  const auto current = run();
  if (!current)
    return;
  poster_.begin();
  current->has_tagged = false;
  current->reader.resume();
}

bool Source::is_pulled() const {
  auto* pad = GST_BASE_SRC_PAD(element_);
  GST_OBJECT_LOCK(pad);
  const bool is_pulled = GST_PAD_MODE(pad) == GST_PAD_MODE_PULL;
  GST_OBJECT_UNLOCK(pad);
  return is_pulled;
}

std::optional<guint64> Source::size() {
  const auto current = run();
  if (!current)
    return std::nullopt;
  // In pull mode, typefind reads the end of the file (for tags) as soon as the size is known, and
  // would block until the download is complete. So the size is reported when it is complete.
  if (is_pulled() && !current->reader.is_complete())
    return std::nullopt;
  const auto known = current->reader.size();
  return known ? std::optional<guint64>(*known) : std::nullopt;
}

std::optional<guint64> Source::kept_size() {
  const auto current = run();
  if (!current)
    return job::kept_clip_size(expected_settings());
  if (const auto known = *current->kept_size.lock())
    return *known;
  const auto found = job::kept_clip_size(expected_settings());
  *current->kept_size.lock() = found;
  return found;
}

std::optional<guint64> Source::end() {
  const auto current = run();
  return current && current->reader.is_open() ? current->reader.size() : kept_size();
}

std::optional<guint64> Source::size_for_query(bool is_arriving_too) {
  const auto current = run();
  if (!current)
    return std::nullopt;
  if (!current->reader.is_open())
    return is_pulled() ? kept_size() : std::nullopt;
  return is_arriving_too ? current->reader.size() : size();
}

bool Source::is_whole() {
  const auto current = run();
  if (current && current->reader.is_open())
    return current->reader.is_complete();
  return kept_size().has_value();
}

std::optional<job::Arrived> Source::arrived() {
  const auto current = run();
  return current ? std::optional(current->reader.arrived()) : std::nullopt;
}

GstFlowReturn Source::create(guint64 offset, guint length, GstBuffer** filled) {
  const auto current = run();
  if (!current)
    return GST_FLOW_FLUSHING;
  if (!current->settings) {
    auto whole = settings();
    if (const auto completed = complete(whole); !completed)
      return fail(completed.error());
    current->settings = std::move(whole);
    current->has_settings = true;
  }
  if (!current->reader.is_open()) {
    if (const auto opened = current->reader.open(*current->settings); !opened)
      return fail(opened.error());
    current->settings->drop_picture_sources();
    drop_picture();
  }
  return read(*current, offset, length, filled);
}

GstFlowReturn Source::read(Run& run, guint64 offset, guint length, GstBuffer** filled) {
  const bool exactly = is_pulled();
  // blocksize=0
  if (!exactly && length == 0)
    length = read_size;
  for (;;) {
    auto got = run.reader.read(offset, length, exactly);
    if (std::holds_alternative<job::UpdatesWaiting>(got)) {
      poster_.post(run.reader.take_updates());
      continue;
    }
    if (std::holds_alternative<job::Interrupted>(got))
      return GST_FLOW_FLUSHING;
    if (const auto* error = std::get_if<Error>(&got))
      return fail(*error);
    announce_size(run);
    if (std::holds_alternative<job::AtEnd>(got))
      return GST_FLOW_EOS;
    send_tags(run);
    *filled = buffer_of(std::get<store::Chunk>(std::move(got)));
    GST_BUFFER_OFFSET(*filled) = offset;
    GST_BUFFER_OFFSET_END(*filled) = offset + gst_buffer_get_size(*filled);
    return GST_FLOW_OK;
  }
}

GstFlowReturn Source::fail(const Error& error) {
  if (error.code == ErrorCode::cancelled)
    return GST_FLOW_FLUSHING;
  poster_.post_error_and_end(error);
  return GST_FLOW_ERROR;
}

// GstBaseSrc does not call get_size() again while the duration is unknown: set it here.
void Source::announce_size(Run& run) {
  const auto known = size();
  if (!known || known == run.announced_size)
    return;
  run.announced_size = known;
  GST_OBJECT_LOCK(element_);
  element_->segment.duration = *known;
  GST_OBJECT_UNLOCK(element_);
  gst_element_post_message(GST_ELEMENT(element_),
                           gst_message_new_duration_changed(GST_OBJECT(element_)));
}

void Source::send_tags(Run& run) {
  if (run.has_tagged.exchange(true))
    return;
  auto* tags = tags_of(run.settings->prompt, run.reader.stats());
  // No events are sent in pull mode: players and the discoverer read the tags from the bus.
  if (is_pulled()) {
    gst_element_post_message(GST_ELEMENT(element_),
                             gst_message_new_tag(GST_OBJECT(element_), tags));
    return;
  }
  // GstBaseSrc's send_event queues the event behind the segment. gst_element_send_event() would
  // take the state lock, which a state change holds while it waits for this thread.
  auto* base_class = GST_ELEMENT_CLASS(g_type_class_peek(GST_TYPE_BASE_SRC));
  base_class->send_event(GST_ELEMENT(element_), gst_event_new_tag(tags));
}

}  // namespace modelverse
