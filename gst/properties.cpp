// SPDX-License-Identifier: LGPL-2.1-or-later
// One row for each property. Defaults come from Settings{}. A row's gtk-doc comment has what its
// blurb does not say; doc/properties.py joins the two.
#include "properties.h"

#include <array>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "enums.h"
#include "glib/text.h"
#include "structures.h"

namespace modelverse {

namespace {

const Settings& defaults() {
  static const auto* settings = new Settings;
  return *settings;
}

template <auto member>
constexpr auto type_of() -> std::remove_cvref_t<decltype(std::declval<Settings>().*member)>;
template <auto member>
using TypeOf = decltype(type_of<member>());

template <typename T>
constexpr bool is_text = std::is_same_v<T, std::string> || std::is_same_v<T, SharedText>;
using Texts = std::vector<SharedText>;
using Sample = std::shared_ptr<GstSample>;
using TlsDatabase = std::shared_ptr<GTlsDatabase>;

Texts take_texts(const GValue* value) {
  Texts texts;
  for (guint i = 0; i < gst_value_array_get_size(value); ++i) {
    const char* text = g_value_get_string(gst_value_array_get_value(value, i));
    texts.emplace_back(text ? text : "");
  }
  return texts;
}
void give_texts(const Texts& texts, GValue* value) {
  for (const auto& text : texts) {
    GValue one = G_VALUE_INIT;
    g_value_init(&one, G_TYPE_STRING);
    g_value_set_string(&one, text.c_str());
    gst_value_array_append_and_take_value(value, &one);
  }
}
Sample take_sample(const GValue* value) {
  auto* sample = gst_value_get_sample(value);
  return sample ? Sample(gst_sample_ref(sample), gst_sample_unref) : nullptr;
}
TlsDatabase take_tls_database(const GValue* value) {
  auto* database = static_cast<GTlsDatabase*>(g_value_dup_object(value));
  return database ? TlsDatabase(database, g_object_unref) : nullptr;
}

template <auto member>
void set(Settings& settings, const GValue* value) {
  using T = TypeOf<member>;
  auto& target = settings.*member;
  if constexpr (is_text<T>) {
    const char* text = g_value_get_string(value);
    target = text ? T(text) : T();
  } else if constexpr (std::is_same_v<T, int>)
    target = g_value_get_int(value);
  else if constexpr (std::is_same_v<T, unsigned>)
    target = g_value_get_uint(value);
  else if constexpr (std::is_same_v<T, std::int64_t>)
    target = g_value_get_int64(value);
  else if constexpr (std::is_same_v<T, std::uint64_t>)
    target = g_value_get_uint64(value);
  else if constexpr (std::is_same_v<T, double>)
    target = g_value_get_double(value);
  else if constexpr (std::is_same_v<T, bool>)
    target = g_value_get_boolean(value) != FALSE;
  else if constexpr (std::is_same_v<T, Object>)
    target = object_from_structure(gst_value_get_structure(value));
  else if constexpr (std::is_same_v<T, Texts>)
    target = take_texts(value);
  else if constexpr (std::is_same_v<T, Sample>)
    target = take_sample(value);
  else if constexpr (std::is_same_v<T, TlsDatabase>)
    target = take_tls_database(value);
  else
    target = static_cast<T>(g_value_get_enum(value));
}

void give_text(const std::string& text, GValue* value) {
  g_value_set_string(value, text.empty() ? nullptr : text.c_str());
}

template <auto member>
void get(const Settings& settings, const Live&, GValue* value) {
  using T = TypeOf<member>;
  const auto& source = settings.*member;
  if constexpr (is_text<T>)
    give_text(source, value);
  else if constexpr (std::is_same_v<T, int>)
    g_value_set_int(value, source);
  else if constexpr (std::is_same_v<T, unsigned>)
    g_value_set_uint(value, source);
  else if constexpr (std::is_same_v<T, std::int64_t>)
    g_value_set_int64(value, source);
  else if constexpr (std::is_same_v<T, std::uint64_t>)
    g_value_set_uint64(value, source);
  else if constexpr (std::is_same_v<T, double>)
    g_value_set_double(value, source);
  else if constexpr (std::is_same_v<T, bool>)
    g_value_set_boolean(value, source);
  else if constexpr (std::is_same_v<T, Object>)
    g_value_take_boxed(value, structure_from_object(source, "extra"));
  else if constexpr (std::is_same_v<T, Texts>)
    give_texts(source, value);
  else if constexpr (std::is_same_v<T, Sample>)
    gst_value_set_sample(value, source.get());
  else if constexpr (std::is_same_v<T, TlsDatabase>)
    g_value_set_object(value, source.get());
  else
    g_value_set_enum(value, static_cast<gint>(source));
}

// A property without a setter is read-only, and one without a getter write-only.
GParamFlags flags_of(const Property& self) {
  const int read = self.get ? G_PARAM_READABLE : 0;
  const int write = self.set ? G_PARAM_WRITABLE | GST_PARAM_MUTABLE_READY : 0;
  return static_cast<GParamFlags>(read | write | G_PARAM_STATIC_STRINGS);
}

template <typename T>
GParamSpec* number_spec(const Property& self, T initial,
                        T lowest = std::numeric_limits<T>::lowest(),
                        T highest = std::numeric_limits<T>::max()) {
  const auto with = [&](auto* make_spec) {
    return make_spec(self.name, self.nick, _(self.blurb), lowest, highest, initial, flags_of(self));
  };
  if constexpr (std::is_same_v<T, int>)
    return with(g_param_spec_int);
  else if constexpr (std::is_same_v<T, unsigned>)
    return with(g_param_spec_uint);
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return with(g_param_spec_int64);
  else if constexpr (std::is_same_v<T, std::uint64_t>)
    return with(g_param_spec_uint64);
  else
    return with(g_param_spec_double);
}

GParamSpec* boxed_spec(const Property& self, GType type) {
  return g_param_spec_boxed(self.name, self.nick, _(self.blurb), type, flags_of(self));
}
GParamSpec* texts_spec(const Property& self) {
  const auto flags = flags_of(self);
  auto* item =
      g_param_spec_string("picture", "Picture", _("Path or URI of a picture"), nullptr, flags);
  return gst_param_spec_array(self.name, self.nick, _(self.blurb), item, flags);
}
template <typename T>
GParamSpec* enum_spec(const Property& self, T initial) {
  return g_param_spec_enum(self.name, self.nick, _(self.blurb), enum_gtype<T>(),
                           static_cast<gint>(initial), flags_of(self));
}

// `range`: of a number, where it is not that of its type.
template <auto member, auto... range>
GParamSpec* spec(const Property& self) {
  using T = TypeOf<member>;
  const auto& initial = defaults().*member;
  if constexpr (is_text<T>)
    return g_param_spec_string(self.name, self.nick, _(self.blurb),
                               initial.empty() ? nullptr : initial.c_str(), flags_of(self));
  else if constexpr (std::is_same_v<T, bool>)
    return g_param_spec_boolean(self.name, self.nick, _(self.blurb), initial, flags_of(self));
  else if constexpr (std::is_same_v<T, Object>)
    return boxed_spec(self, GST_TYPE_STRUCTURE);
  else if constexpr (std::is_same_v<T, Texts>)
    return texts_spec(self);
  else if constexpr (std::is_same_v<T, Sample>)
    return boxed_spec(self, GST_TYPE_SAMPLE);
  else if constexpr (std::is_same_v<T, TlsDatabase>)
    return g_param_spec_object(self.name, self.nick, _(self.blurb), G_TYPE_TLS_DATABASE,
                               flags_of(self));
  else if constexpr (std::is_enum_v<T>)
    return enum_spec(self, initial);
  else
    return number_spec<T>(self, initial, range...);
}
GParamSpec* task_status_spec(const Property& self) {
  return enum_spec(self, Live{}.status);
}
GParamSpec* stats_spec(const Property& self) {
  return boxed_spec(self, GST_TYPE_STRUCTURE);
}

// An application that sets the property trusts the host. uri.cpp marks a base URL of a URI.
void set_base_url(Settings& settings, const GValue* value) {
  set<&Settings::base_url>(settings, value);
  settings.is_base_url_of_uri = false;
}
void get_task_id(const Settings& settings, const Live& live, GValue* value) {
  const auto& known = live.stats.task_id;
  give_text(known.empty() ? settings.task_id : known, value);
}
void get_task_status(const Settings&, const Live& live, GValue* value) {
  g_value_set_enum(value, static_cast<gint>(live.status));
}
void get_stats(const Settings&, const Live& live, GValue* value) {
  g_value_take_boxed(value, structure_from_stats(live.stats, "modelverse-stats"));
}

template <auto member, auto... range>
constexpr Property property(const char* name, const char* nick, const char* blurb) {
  return {name, spec<member, range...>, set<member>, get<member>, nick, blurb};
}

constexpr Property only(Role role, Property property) {
  property.only = role;
  return property;
}

constexpr Property in_uri(Property property) {
  property.is_in_uri = true;
  return property;
}

constexpr Property in_preset(Property property) {
  property.is_in_preset = true;
  return property;
}

constexpr int a_day = 86400;  // s

using S = Settings;
// clang-format off
constexpr std::array table = {
    /**
     * ModelverseAnimate:frame:
     *
     * After the first picture, the element returns EOS upstream. For the last one, it waits for
     * EOS.
     *
     * Since: 0.2
     */
    in_preset(only(Role::animate, property<&S::frame>("frame", "Frame", N_("Picture of the stream to animate.")))),
    /**
     * ModelverseSrc:image-path:
     *
     * Since: 0.2
     */
    only(Role::source, in_uri(property<&S::image_path>("image-path", "Image path", N_("Path of the picture file to animate.")))),
    /**
     * ModelverseSrc:image-uri:
     *
     * http(s): URIs are sent to the service unchanged; file: and data: URIs are read locally.
     *
     * Since: 0.2
     */
    only(Role::source, in_uri(property<&S::image_uri>("image-uri", "Image URI", N_("URI of the picture to animate.")))),
    /**
     * ModelverseSrc:image-sample:
     *
     * A sample with the caps of an encoded picture, or of video/x-raw.
     *
     * Since: 0.2
     */
    only(Role::source, property<&S::image_sample>("image-sample", "Image sample", N_("Picture to animate, from memory."))),
    /**
     * ModelverseClipSrc:last-image-path:
     *
     * For models that take one.
     *
     * Since: 0.2
     */
    in_uri(property<&S::last_image_path>("last-image-path", "Last image path", N_("Path of the picture file for the last frame."))),
    /**
     * ModelverseClipSrc:last-image-uri:
     *
     * For models that take one; see #ModelverseSrc:image-uri.
     *
     * Since: 0.2
     */
    in_uri(property<&S::last_image_uri>("last-image-uri", "Last image URI", N_("URI of the picture for the last frame."))),
    /**
     * ModelverseClipSrc:last-image-sample:
     *
     * For models that take one; see #ModelverseSrc:image-sample.
     *
     * Since: 0.2
     */
    property<&S::last_image_sample>("last-image-sample", "Last image sample", N_("Picture for the last frame, from memory.")),
    /**
     * ModelverseClipSrc:reference-images:
     *
     * For models that take them.
     *
     * Since: 0.2
     */
    in_uri(property<&S::reference_images>("reference-images", "Reference images", N_("Paths or URIs of pictures that show what appears in the video."))),
    /**
     * ModelverseClipSrc:prompt:
     *
     * Since: 0.2
     */
    in_uri(property<&S::prompt>("prompt", "Prompt", N_("Description of the video, in UTF-8."))),
    /**
     * ModelverseClipSrc:negative-prompt:
     *
     * For models that take one.
     *
     * Since: 0.2
     */
    in_uri(property<&S::negative_prompt>("negative-prompt", "Negative prompt", N_("Description of what the video must not show, in UTF-8."))),
    /**
     * ModelverseClipSrc:model:
     *
     * The command `modelverse-tasks models` lists the known ones.
     *
     * Since: 0.2
     */
    in_preset(in_uri(property<&S::model>("model", "Model", N_("Name of the model. If unset: MODELVERSE_MODEL, else openai/sora-2/image-to-video-pro.")))),
    /**
     * ModelverseClipSrc:resolution:
     *
     * Since: 0.2
     */
    in_preset(in_uri(property<&S::resolution>("resolution", "Resolution", N_("Resolution of the video, such as 720p. If unset: the model's default.")))),
    /**
     * ModelverseClipSrc:aspect-ratio:
     *
     * For models that have a choice.
     *
     * Since: 0.2
     */
    in_preset(in_uri(property<&S::aspect_ratio>("aspect-ratio", "Aspect ratio", N_("Aspect ratio of the video, such as 16:9. If unset: the model's default.")))),
    /**
     * ModelverseClipSrc:duration:
     *
     * One of the model's values.
     *
     * Since: 0.2
     */
    in_preset(in_uri(property<&S::duration, 0, 3600>("duration", "Duration", N_("Length of the video in seconds. 0: the model's default.")))),
    /**
     * ModelverseClipSrc:seed:
     *
     * For models that take one. The same request with the same seed gives a similar video.
     *
     * Since: 0.2
     */
    in_preset(in_uri(property<&S::seed, no_seed>("seed", "Seed", N_("Start of the random numbers. -1: the service chooses.")))),
    /**
     * ModelverseClipSrc:audio:
     *
     * For models that have a switch.
     *
     * Since: 0.2
     */
    in_preset(in_uri(property<&S::audio>("audio", "Audio", N_("Whether the video has sound.")))),
    /**
     * ModelverseClipSrc:image-fit:
     *
     * Because of its size, type or orientation. The aspect ratio is always preserved.
     *
     * Since: 0.2
     */
    in_preset(in_uri(property<&S::image_fit>("image-fit", "Image fit", N_("How a picture that the model does not accept is fitted into the frame.")))),
    /**
     * ModelverseClipSrc:image-encoding:
     *
     * Since: 0.2
     */
    in_preset(in_uri(property<&S::image_encoding>("image-encoding", "Image encoding", N_("Encoding of the picture's bytes in the request.")))),
    /**
     * ModelverseClipSrc:extra-input:
     *
     * They override the element's own values.
     *
     * Since: 0.2
     */
    in_preset(in_uri(property<&S::extra_input>("extra-input", "Extra input", N_("Members to merge into the input object of the request.")))),
    /**
     * ModelverseClipSrc:extra-parameters:
     *
     * They override the element's own values.
     *
     * Since: 0.2
     */
    in_preset(in_uri(property<&S::extra_parameters>("extra-parameters", "Extra parameters", N_("Members to merge into the parameters object of the request.")))),
    /**
     * ModelverseClipSrc:take:
     *
     * Not sent to the service.
     *
     * Since: 0.2
     */
    in_uri(property<&S::take>("take", "Take", N_("Variation number. Change it to generate a new clip for the same request."))),

    /**
     * ModelverseClipSrc:base-url:
     *
     * Since: 0.2
     */
    in_uri({"base-url", spec<&S::base_url>, set_base_url, get<&S::base_url>, "Base URL", N_("Base URL of the service. If unset: MODELVERSE_BASE_URL, else https://api.modelverse.cn.")}),
    /**
     * ModelverseClipSrc:api-key:
     *
     * Prefer these: other users can read a command line, and GStreamer logs it.
     *
     * Since: 0.2
     */
    Property{"api-key", spec<&S::api_key>, set<&S::api_key>, nullptr, "API key", N_("API key. If unset: MODELVERSE_API_KEY, else the file of api-key-file.")},
    /**
     * ModelverseClipSrc:api-key-file:
     *
     * Since: 0.2
     */
    property<&S::api_key_file>("api-key-file", "API key file", N_("File whose first line is the API key. If unset: MODELVERSE_API_KEY_FILE.")),
    /**
     * ModelverseClipSrc:auth-scheme:
     *
     * Since: 0.2
     */
    property<&S::auth_scheme>("auth-scheme", "Authorization scheme", N_("Form of the API key in the Authorization header.")),
    /**
     * ModelverseClipSrc:proxy:
     *
     * Since: 0.2
     */
    property<&S::proxy>("proxy", "Proxy", N_("URI of an HTTP proxy. If unset: the system's proxy settings and exceptions.")),
    /**
     * ModelverseClipSrc:tls-database:
     *
     * Since: 0.2
     */
    property<&S::tls_database>("tls-database", "TLS database", N_("Database of trusted certificate authorities. If unset: the system's.")),
    /**
     * ModelverseClipSrc:allow-http:
     *
     * The API key is then sent unencrypted.
     *
     * Since: 0.2
     */
    property<&S::allow_http>("allow-http", "Allow HTTP", N_("Whether to allow plain HTTP to hosts other than loopback, or through a proxy on one.")),

    /**
     * ModelverseClipSrc:task-id:
     *
     * Since: 0.2
     */
    in_uri({"task-id", spec<&S::task_id>, set<&S::task_id>, get_task_id, "Task ID", N_("ID of the current task. If set, its clip is fetched, and nothing is submitted.")}),
    /**
     * ModelverseClipSrc:task-status:
     *
     * Since: 0.2
     */
    Property{"task-status", task_status_spec, nullptr, get_task_status, "Task status", N_("State of the task.")},
    /**
     * ModelverseClipSrc:stats:
     *
     * The structure modelverse-stats: ids, times (Unix time in seconds), polls, retries, bytes,
     * and the estimated cost where it is known.
     *
     * Since: 0.2
     */
    Property{"stats", stats_spec, nullptr, get_stats, "Statistics", N_("Statistics of the task.")},
    /**
     * ModelverseClipSrc:max-cost:
     *
     * In the currency of its price. A clip that costs more, or whose cost is unknown, is not
     * submitted.
     *
     * Since: 0.2
     */
    property<&S::max_cost, 0>("max-cost", "Maximum cost", N_("Maximum estimated cost of the clip. 0: no limit.")),
    /**
     * ModelverseClipSrc:daily-budget:
     *
     * Counts the submits from the cache directory, with this one. A submit that exceeds it, or
     * whose cost is unknown, is refused.
     *
     * Since: 0.2
     */
    property<&S::daily_budget, 0>("daily-budget", "Daily budget", N_("Maximum estimated cost of all submits of 24 hours. 0: MODELVERSE_DAILY_BUDGET, else no limit.")),
    /**
     * ModelverseClipSrc:cache-mode:
     *
     * Since: 0.2
     */
    in_uri(property<&S::cache_mode>("cache-mode", "Cache mode", N_("How to use the cached clip of the same request."))),
    /**
     * ModelverseClipSrc:cache-dir:
     *
     * Since: 0.2
     */
    property<&S::cache_dir>("cache-dir", "Cache directory", N_("Directory for tasks and clips. If unset: MODELVERSE_CACHE_DIR, else gst-modelverse in the user's cache directory.")),
    /**
     * ModelverseClipSrc:cache-max-size:
     *
     * The least recently used clips are removed first.
     *
     * Since: 0.2
     */
    property<&S::cache_max_size>("cache-max-size", "Maximum cache size", N_("Maximum size of the finished clips in the cache, in bytes. 0: no limit.")),
    /**
     * ModelverseClipSrc:resubmit:
     *
     * Since: 0.2
     */
    property<&S::resubmit>("resubmit", "Resubmit", N_("Whether to submit and pay again if the outcome of an earlier submit is unknown.")),
    /**
     * ModelverseClipSrc:url-index:
     *
     * Since: 0.2
     */
    in_uri(property<&S::url_index>("url-index", "URL index", N_("Index of the clip in the result, from 0."))),

    /**
     * ModelverseClipSrc:poll-interval:
     *
     * Varied by 10 %. Automatic: rarely until the task is likely to have ended, by the times of
     * earlier tasks.
     *
     * Since: 0.2
     */
    in_preset(property<&S::poll_interval>("poll-interval", "Poll interval", N_("Time between two polls in milliseconds. 0: automatic."))),
    /**
     * ModelverseClipSrc:task-timeout:
     *
     * Does not interrupt a submit.
     *
     * Since: 0.2
     */
    in_preset(property<&S::task_timeout>("task-timeout", "Task timeout", N_("Maximum time from the accepted submit to success, in seconds. 0: no limit."))),
    /**
     * ModelverseClipSrc:submit-timeout:
     *
     * Since: 0.2
     */
    in_preset(property<&S::submit_timeout, 1u, 3600u>("submit-timeout", "Submit timeout", N_("Maximum time from the first byte of a submit to its response, in seconds."))),
    /**
     * ModelverseClipSrc:timeout:
     *
     * Also limits the time for connecting.
     *
     * Since: 0.2
     */
    in_preset(property<&S::timeout, 0u, 3600u>("timeout", "Timeout", N_("Idle timeout of other connections, in seconds. 0: no limit."))),
    /**
     * ModelverseClipSrc:retries:
     *
     * A successful response resets the count.
     *
     * Since: 0.2
     */
    in_preset(property<&S::retries, -1>("retries", "Retries", N_("Maximum number of consecutive failures in one phase. -1: no limit."))),
    /**
     * ModelverseClipSrc:retry-backoff-factor:
     *
     * The delay before retry n is random, at most factor * 2^(n-1).
     *
     * Since: 0.2
     */
    in_preset(property<&S::retry_backoff_factor, 0, a_day>("retry-backoff-factor", "Back-off factor", N_("Back-off factor of retries, in seconds."))),
    /**
     * ModelverseClipSrc:retry-backoff-max:
     *
     * Since: 0.2
     */
    in_preset(property<&S::retry_backoff_max, 0, a_day>("retry-backoff-max", "Back-off maximum", N_("Maximum delay before a retry, in seconds."))),
};
// clang-format on

}  // namespace

// The reference of a new GParamSpec floats.
SpecPtr spec_of(const Property& property) {
  return SpecPtr(g_param_spec_ref_sink(property.make_spec(property)));
}

std::span<const Property> all_properties() {
  return table;
}

void install_properties(GObjectClass* klass, std::span<const Property> properties,
                        std::optional<Role> role) {
  guint id = 0;
  for (const auto& property : properties) {
    ++id;
    if (property.only == role)
      g_object_class_install_property(klass, id, property.make_spec(property));
  }
}

}  // namespace modelverse
