// SPDX-License-Identifier: LGPL-2.1-or-later
// Owning handles for members and results of functions, one line per type. Each adopts a reference.
// Variables of other types are g_autoptr and g_autofree.
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

template <typename T>
using ObjectPtr = std::unique_ptr<T, Release<g_object_unref>>;
using BytesPtr = std::unique_ptr<GBytes, Release<g_bytes_unref>>;
using JsonNodePtr = std::unique_ptr<JsonNode, Release<json_node_unref>>;
using JsonObjectPtr = std::unique_ptr<JsonObject, Release<json_object_unref>>;
using JsonArrayPtr = std::unique_ptr<JsonArray, Release<json_array_unref>>;
using ElementPtr = std::unique_ptr<GstElement, Release<gst_object_unref>>;

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

}  // namespace emulator
