// SPDX-License-Identifier: LGPL-2.1-or-later
// Owning handles for GLib's types. `adopt` takes over a reference, `retain` adds one.
#pragma once

#include <gio/gio.h>

#include <memory>
#include <utility>

namespace modelverse {

template <typename T>
class ObjectPtr {
 public:
  ObjectPtr() = default;
  static ObjectPtr adopt(T* object) { return ObjectPtr(object); }
  static ObjectPtr retain(T* object) {
    return ObjectPtr(object ? static_cast<T*>(g_object_ref(object)) : nullptr);
  }
  ObjectPtr(const ObjectPtr& other) : ObjectPtr(retain(other.object_)) {}
  ObjectPtr(ObjectPtr&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  ObjectPtr& operator=(ObjectPtr other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~ObjectPtr() {
    if (object_)
      g_object_unref(object_);
  }
  T* get() const { return object_; }
  T* operator->() const { return object_; }
  explicit operator bool() const { return object_ != nullptr; }
  bool operator==(const ObjectPtr&) const = default;
  // Passes the reference to the caller.
  T* leak() { return std::exchange(object_, nullptr); }

 private:
  explicit ObjectPtr(T* object) : object_(object) {}
  T* object_ = nullptr;
};

template <auto free_function>
struct Freer {
  template <typename T>
  void operator()(T* pointer) const {
    free_function(pointer);
  }
};

using CharPtr = std::unique_ptr<char, Freer<g_free>>;
using ErrorPtr = std::unique_ptr<GError, Freer<g_error_free>>;
using BytesPtr = std::unique_ptr<GBytes, Freer<g_bytes_unref>>;
using UriPtr = std::unique_ptr<GUri, Freer<g_uri_unref>>;
using ChecksumPtr = std::unique_ptr<GChecksum, Freer<g_checksum_free>>;
using MainContextPtr = std::unique_ptr<GMainContext, Freer<g_main_context_unref>>;

// Receives a GError through `GError**`: `ErrorSlot error; call(..., error.out());`
class ErrorSlot {
 public:
  ~ErrorSlot() { g_clear_error(&error_); }
  ErrorSlot() = default;
  ErrorSlot(const ErrorSlot&) = delete;
  ErrorSlot& operator=(const ErrorSlot&) = delete;
  GError** out() { return &error_; }
  const GError* get() const { return error_; }
  explicit operator bool() const { return error_ != nullptr; }
  const char* message() const { return error_ ? error_->message : ""; }

 private:
  GError* error_ = nullptr;
};

}  // namespace modelverse
