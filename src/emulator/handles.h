// SPDX-License-Identifier: LGPL-2.1-or-later
// Owning handles for the C libraries' types, one line per type. Each adopts a reference.
#pragma once

#include <gio/gio.h>
#include <gst/gst.h>
#include <json-glib/json-glib.h>

#include <memory>

namespace emulator {

template <auto release>
struct Release {
  template <typename T>
  void operator()(T* pointer) const {
    release(pointer);
  }
};

// GStreamer's functions are static in its headers, and a static function gives a type no linkage.
inline void release_caps(GstCaps* caps) {
  gst_caps_unref(caps);
}
inline void release_buffer(GstBuffer* buffer) {
  gst_buffer_unref(buffer);
}
inline void release_sample(GstSample* sample) {
  gst_sample_unref(sample);
}
inline void release_message(GstMessage* message) {
  gst_message_unref(message);
}

template <typename T>
using ObjectPtr = std::unique_ptr<T, Release<g_object_unref>>;
using CharPtr = std::unique_ptr<char, Release<g_free>>;
using UriPtr = std::unique_ptr<GUri, Release<g_uri_unref>>;
using DateTimePtr = std::unique_ptr<GDateTime, Release<g_date_time_unref>>;
using MappedFilePtr = std::unique_ptr<GMappedFile, Release<g_mapped_file_unref>>;
using MainLoopPtr = std::unique_ptr<GMainLoop, Release<g_main_loop_unref>>;
using JsonNodePtr = std::unique_ptr<JsonNode, Release<json_node_unref>>;
using JsonObjectPtr = std::unique_ptr<JsonObject, Release<json_object_unref>>;
using JsonArrayPtr = std::unique_ptr<JsonArray, Release<json_array_unref>>;
using ElementPtr = std::unique_ptr<GstElement, Release<gst_object_unref>>;
using BusPtr = std::unique_ptr<GstBus, Release<gst_object_unref>>;
using PadPtr = std::unique_ptr<GstPad, Release<gst_object_unref>>;
using CapsPtr = std::unique_ptr<GstCaps, Release<release_caps>>;
using BufferPtr = std::unique_ptr<GstBuffer, Release<release_buffer>>;
using SamplePtr = std::unique_ptr<GstSample, Release<release_sample>>;
using MessagePtr = std::unique_ptr<GstMessage, Release<release_message>>;

// Immutable, shared bytes.
using Blob = std::shared_ptr<GBytes>;
inline Blob adopt_blob(GBytes* bytes) {
  return Blob(bytes, g_bytes_unref);
}
inline std::size_t blob_size(const Blob& blob) {
  return blob ? g_bytes_get_size(blob.get()) : 0;
}
inline const unsigned char* blob_data(const Blob& blob) {
  return blob ? static_cast<const unsigned char*>(g_bytes_get_data(blob.get(), nullptr)) : nullptr;
}

// Receives a GError: `ErrorSlot error; call(..., error.out());`
class ErrorSlot {
 public:
  ErrorSlot() = default;
  ErrorSlot(const ErrorSlot&) = delete;
  ErrorSlot& operator=(const ErrorSlot&) = delete;
  ~ErrorSlot() { g_clear_error(&error_); }
  GError** out() { return &error_; }
  const char* message() const { return error_ ? error_->message : "unknown error"; }

 private:
  GError* error_ = nullptr;
};

}  // namespace emulator
