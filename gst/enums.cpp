// SPDX-License-Identifier: LGPL-2.1-or-later
// Values, names and nicks of the enum properties.
#include "enums.h"

namespace modelverse {

namespace {

GType register_enum(const char* name, const GEnumValue* values) {
  const GType type = g_enum_register_static(name, values);
  gst_type_mark_as_plugin_api(type, static_cast<GstPluginAPIFlags>(0));
  return type;
}

template <typename T>
constexpr gint number(T value) {
  return static_cast<gint>(value);
}

}  // namespace

template <>
GType enum_gtype<ImageFit>() {
  static const GEnumValue values[] = {
      {number(ImageFit::crop), "Scaled to cover the frame, the middle is kept", "crop"},
      {number(ImageFit::pad), "Scaled to fit into the frame, on a blurred ground", "pad"},
      {number(ImageFit::none), "Sent as it is, or refused", "none"},
      {0, nullptr, nullptr}};
  static const GType type = register_enum("ModelverseImageFit", values);
  return type;
}

template <>
GType enum_gtype<ImageEncoding>() {
  static const GEnumValue values[] = {
      {number(ImageEncoding::automatic), "As the model's profile says", "auto"},
      {number(ImageEncoding::data_uri), "data:image/...;base64,...", "data-uri"},
      {number(ImageEncoding::base64), "Bare base64", "base64"},
      {0, nullptr, nullptr}};
  static const GType type = register_enum("ModelverseImageEncoding", values);
  return type;
}

template <>
GType enum_gtype<AuthScheme>() {
  static const GEnumValue values[] = {
      {number(AuthScheme::automatic), "The raw key, and on 401 once as Bearer", "auto"},
      {number(AuthScheme::raw), "The raw key", "raw"},
      {number(AuthScheme::bearer), "Bearer and the key", "bearer"},
      {0, nullptr, nullptr}};
  static const GType type = register_enum("ModelverseAuthScheme", values);
  return type;
}

template <>
GType enum_gtype<CacheMode>() {
  static const GEnumValue values[] = {
      {number(CacheMode::reuse), "Serve a finished clip, pick up an unfinished task", "reuse"},
      {number(CacheMode::refresh), "Make a new clip in place of a finished one", "refresh"},
      {number(CacheMode::off), "Do not keep the clip once it was delivered", "off"},
      {0, nullptr, nullptr}};
  static const GType type = register_enum("ModelverseCacheMode", values);
  return type;
}

template <>
GType enum_gtype<StreamFrame>() {
  static const GEnumValue values[] = {
      {number(StreamFrame::first), "The first that arrives; the stream is ended there", "first"},
      {number(StreamFrame::last), "The last one before the stream's end", "last"},
      {0, nullptr, nullptr}};
  static const GType type = register_enum("ModelverseFrame", values);
  return type;
}

}  // namespace modelverse
