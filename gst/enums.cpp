// SPDX-License-Identifier: LGPL-2.1-or-later
// Values, names and nicks of the enum properties. The documentation of a value is its name.
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

/**
 * ModelverseImageFit:
 *
 * Since: 0.2
 */
template <>
GType enum_gtype<ImageFit>() {
  static const GEnumValue values[] = {
      {number(ImageFit::crop), "Scale to cover the frame, crop to the centre", "crop"},
      {number(ImageFit::pad), "Scale to fit into the frame, on a blurred background", "pad"},
      {number(ImageFit::none), "Send unchanged, or fail", "none"},
      {0, nullptr, nullptr}};
  static const GType type = register_enum("ModelverseImageFit", values);
  return type;
}

/**
 * ModelverseImageEncoding:
 *
 * Since: 0.2
 */
template <>
GType enum_gtype<ImageEncoding>() {
  static const GEnumValue values[] = {
      {number(ImageEncoding::automatic), "The model's encoding", "auto"},
      {number(ImageEncoding::data_uri), "data:image/...;base64,...", "data-uri"},
      {number(ImageEncoding::base64), "Bare base64", "base64"},
      {0, nullptr, nullptr}};
  static const GType type = register_enum("ModelverseImageEncoding", values);
  return type;
}

/**
 * ModelverseAudio:
 *
 * Since: 0.2
 */
template <>
GType enum_gtype<Audio>() {
  static const GEnumValue values[] = {{number(Audio::automatic), "The model's default", "auto"},
                                      {number(Audio::on), "With sound", "on"},
                                      {number(Audio::off), "Without sound", "off"},
                                      {0, nullptr, nullptr}};
  static const GType type = register_enum("ModelverseAudio", values);
  return type;
}

/**
 * ModelverseAuthScheme:
 *
 * Since: 0.2
 */
template <>
GType enum_gtype<AuthScheme>() {
  static const GEnumValue values[] = {
      {number(AuthScheme::automatic), "The raw key, then Bearer once after a 401", "auto"},
      {number(AuthScheme::raw), "The raw key", "raw"},
      {number(AuthScheme::bearer), "The key after Bearer", "bearer"},
      {0, nullptr, nullptr}};
  static const GType type = register_enum("ModelverseAuthScheme", values);
  return type;
}

/**
 * ModelverseCacheMode:
 *
 * Since: 0.2
 */
template <>
GType enum_gtype<CacheMode>() {
  static const GEnumValue values[] = {
      {number(CacheMode::reuse), "Use a finished clip, resume an unfinished task", "reuse"},
      {number(CacheMode::refresh), "Make a new clip to replace a finished one", "refresh"},
      {number(CacheMode::off), "Do not keep the clip after delivery", "off"},
      {0, nullptr, nullptr}};
  static const GType type = register_enum("ModelverseCacheMode", values);
  return type;
}

/**
 * ModelverseFrame:
 *
 * Since: 0.2
 */
template <>
GType enum_gtype<StreamFrame>() {
  static const GEnumValue values[] = {
      {number(StreamFrame::first), "The first picture; the stream ends there", "first"},
      {number(StreamFrame::last), "The last picture before the end of the stream", "last"},
      {0, nullptr, nullptr}};
  static const GType type = register_enum("ModelverseFrame", values);
  return type;
}

/**
 * ModelverseTaskStatus:
 *
 * Since: 0.2
 */
template <>
GType enum_gtype<TaskStatus>() {
  static const auto value = [](TaskStatus status, const char* meaning) {
    return GEnumValue{number(status), meaning, task_status_name(status)};
  };
  static const GEnumValue values[] = {
      value(TaskStatus::none, "No task yet"),
      value(TaskStatus::submitting, "The request is being sent"),
      value(TaskStatus::pending, "Accepted by the service, waiting"),
      value(TaskStatus::running, "The clip is being generated"),
      value(TaskStatus::success, "The clip is generated"),
      value(TaskStatus::failure, "The service could not make the clip"),
      {0, nullptr, nullptr}};
  static const GType type = register_enum("ModelverseTaskStatus", values);
  return type;
}

}  // namespace modelverse
