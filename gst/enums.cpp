// SPDX-License-Identifier: LGPL-2.1-or-later
// Values, names and nicks of the enum properties. The documentation of a value is its name, in the
// language that the process had when the type was registered.
#include "enums.h"

#include "glib/text.h"

namespace modelverse {

namespace {

// modelverse-render has this table twice: its own, and that of the plugin that it loads.
GType register_enum(const char* name, const GEnumValue* values) {
  if (const GType known = g_type_from_name(name))
    return known;
  const GType type = g_enum_register_static(name, values);
  gst_type_mark_as_plugin_api(type, static_cast<GstPluginAPIFlags>(0));
  return type;
}

template <typename T>
constexpr gint number(T value) {
  return static_cast<gint>(value);
}

GEnumValue task_status(TaskStatus status, const char* meaning) {
  return {number(status), meaning, task_status_name(status)};
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
      /**
       * ModelverseImageFit::crop:
       *
       * Since: 0.2
       */
      {number(ImageFit::crop), _("Scale to cover the frame, crop to the centre"), "crop"},
      /**
       * ModelverseImageFit::pad:
       *
       * Since: 0.2
       */
      {number(ImageFit::pad), _("Scale to fit into the frame, on a blurred background"), "pad"},
      /**
       * ModelverseImageFit::none:
       *
       * Since: 0.2
       */
      {number(ImageFit::none), _("Send unchanged, or fail"), "none"},
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
      /**
       * ModelverseImageEncoding::auto:
       *
       * Since: 0.2
       */
      {number(ImageEncoding::automatic), _("The model's encoding"), "auto"},
      /**
       * ModelverseImageEncoding::data-uri:
       *
       * Since: 0.2
       */
      {number(ImageEncoding::data_uri), "data:image/...;base64,...", "data-uri"},
      /**
       * ModelverseImageEncoding::base64:
       *
       * Since: 0.2
       */
      {number(ImageEncoding::base64), _("Bare base64"), "base64"},
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
  // clang-format off
  static const GEnumValue values[] = {
      /**
       * ModelverseAudio::auto:
       *
       * Since: 0.2
       */
      {number(Audio::automatic), _("The model's default"), "auto"},
      /**
       * ModelverseAudio::on:
       *
       * Since: 0.2
       */
      {number(Audio::on), _("With sound"), "on"},
      /**
       * ModelverseAudio::off:
       *
       * Since: 0.2
       */
      {number(Audio::off), _("Without sound"), "off"},
      {0, nullptr, nullptr}};
  // clang-format on
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
      /**
       * ModelverseAuthScheme::auto:
       *
       * Since: 0.2
       */
      {number(AuthScheme::automatic), _("The raw key, then Bearer once after a 401"), "auto"},
      /**
       * ModelverseAuthScheme::raw:
       *
       * Since: 0.2
       */
      {number(AuthScheme::raw), _("The raw key"), "raw"},
      /**
       * ModelverseAuthScheme::bearer:
       *
       * Since: 0.2
       */
      {number(AuthScheme::bearer), _("The key after Bearer"), "bearer"},
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
      /**
       * ModelverseCacheMode::reuse:
       *
       * Since: 0.2
       */
      {number(CacheMode::reuse), _("Use a finished clip, resume an unfinished task"), "reuse"},
      /**
       * ModelverseCacheMode::refresh:
       *
       * Since: 0.2
       */
      {number(CacheMode::refresh), _("Make a new clip to replace a finished one"), "refresh"},
      /**
       * ModelverseCacheMode::off:
       *
       * Since: 0.2
       */
      {number(CacheMode::off), _("Do not keep the clip after delivery"), "off"},
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
      /**
       * ModelverseFrame::first:
       *
       * Since: 0.2
       */
      {number(StreamFrame::first), _("The first picture; the stream ends there"), "first"},
      /**
       * ModelverseFrame::last:
       *
       * Since: 0.2
       */
      {number(StreamFrame::last), _("The last picture before the end of the stream"), "last"},
      {0, nullptr, nullptr}};
  static const GType type = register_enum("ModelverseFrame", values);
  return type;
}

static const GEnumValue* task_status_values() {
  static const GEnumValue values[] = {
      /**
       * ModelverseTaskStatus::none:
       *
       * Since: 0.2
       */
      task_status(TaskStatus::none, _("No task yet")),
      /**
       * ModelverseTaskStatus::submitting:
       *
       * Since: 0.2
       */
      task_status(TaskStatus::submitting, _("The request is being sent")),
      /**
       * ModelverseTaskStatus::pending:
       *
       * Since: 0.2
       */
      task_status(TaskStatus::pending, _("Accepted by the service, waiting")),
      /**
       * ModelverseTaskStatus::running:
       *
       * Since: 0.2
       */
      task_status(TaskStatus::running, _("The clip is being generated")),
      /**
       * ModelverseTaskStatus::success:
       *
       * Since: 0.2
       */
      task_status(TaskStatus::success, _("The clip is generated")),
      /**
       * ModelverseTaskStatus::failure:
       *
       * Since: 0.2
       */
      task_status(TaskStatus::failure, _("The service could not make the clip")),
      {0, nullptr, nullptr}};
  return values;
}

/**
 * ModelverseTaskStatus:
 *
 * Since: 0.2
 */
template <>
GType enum_gtype<TaskStatus>() {
  static const GType type = register_enum("ModelverseTaskStatus", task_status_values());
  return type;
}

}  // namespace modelverse
