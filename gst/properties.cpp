// SPDX-License-Identifier: LGPL-2.1-or-later
// One row for each property. Defaults come from Settings{}.
#include "properties.h"

#include <array>
#include <limits>
#include <sstream>
#include <string>

#include "enums.h"
#include "job/models.h"
#include "structures.h"

namespace modelverse {

namespace {

constexpr auto read_write =
    static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
constexpr auto write_only =
    static_cast<GParamFlags>(G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
constexpr auto read_only = static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

const Settings& defaults() {
  static const auto* settings = new Settings;
  return *settings;
}

template <auto member>
constexpr auto type_of() -> std::remove_cvref_t<decltype(std::declval<Settings>().*member)>;
template <auto member>
using TypeOf = decltype(type_of<member>());

template <typename T>
struct Access;
template <>
struct Access<std::string> {
  static std::string take(const GValue* value) {
    const char* text = g_value_get_string(value);
    return text ? text : "";
  }
  static void give(const std::string& text, GValue* value) {
    g_value_set_string(value, text.empty() ? nullptr : text.c_str());
  }
};
template <>
struct Access<SharedText> {
  static SharedText take(const GValue* value) { return Access<std::string>::take(value); }
  static void give(const SharedText& text, GValue* value) {
    Access<std::string>::give(text, value);
  }
};
template <>
struct Access<int> {
  static int take(const GValue* value) { return g_value_get_int(value); }
  static void give(int number, GValue* value) { g_value_set_int(value, number); }
};
template <>
struct Access<unsigned> {
  static unsigned take(const GValue* value) { return g_value_get_uint(value); }
  static void give(unsigned number, GValue* value) { g_value_set_uint(value, number); }
};
template <>
struct Access<std::uint64_t> {
  static std::uint64_t take(const GValue* value) { return g_value_get_uint64(value); }
  static void give(std::uint64_t number, GValue* value) { g_value_set_uint64(value, number); }
};
template <>
struct Access<double> {
  static double take(const GValue* value) { return g_value_get_double(value); }
  static void give(double number, GValue* value) { g_value_set_double(value, number); }
};
template <>
struct Access<bool> {
  static bool take(const GValue* value) { return g_value_get_boolean(value) != FALSE; }
  static void give(bool truth, GValue* value) { g_value_set_boolean(value, truth); }
};
template <>
struct Access<Object> {
  static Object take(const GValue* value) {
    return object_from_structure(gst_value_get_structure(value));
  }
  static void give(const Object& object, GValue* value) {
    g_value_take_boxed(value, structure_from_object(object, "extra"));
  }
};
template <typename T>
requires std::is_enum_v<T>
struct Access<T> {
  static T take(const GValue* value) { return static_cast<T>(g_value_get_enum(value)); }
  static void give(T choice, GValue* value) { g_value_set_enum(value, static_cast<gint>(choice)); }
};

template <auto member>
void set(Settings& settings, const GValue* value) {
  settings.*member = Access<TypeOf<member>>::take(value);
}
template <auto member>
void get(const Settings& settings, const Live&, GValue* value) {
  Access<TypeOf<member>>::give(settings.*member, value);
}

template <auto member, GParamFlags flags = read_write>
GParamSpec* string_spec(const Property& self) {
  const auto& text = defaults().*member;
  return g_param_spec_string(self.name, self.nick, self.blurb,
                             text.empty() ? nullptr : text.c_str(), flags);
}
// Every line begins where gst-inspect puts the first one.
GParamSpec* model_spec(const Property& self) {
  static const auto* blurb = [](const char* start) {
    auto* text = new std::string(start);
    std::istringstream lines(job::known_models_text());
    for (std::string line; std::getline(lines, line);)
      *text += "\n" + std::string(24, ' ') + line;
    return text;
  }(self.blurb);
  return g_param_spec_string(self.name, self.nick, blurb->c_str(), defaults().model.c_str(),
                             read_write);
}
template <auto member, auto lowest = std::numeric_limits<TypeOf<member>>::min(),
          auto highest = std::numeric_limits<TypeOf<member>>::max()>
GParamSpec* number_spec(const Property& self) {
  const auto initial = defaults().*member;
  using T = TypeOf<member>;
  if constexpr (std::is_same_v<T, int>)
    return g_param_spec_int(self.name, self.nick, self.blurb, lowest, highest, initial, read_write);
  else if constexpr (std::is_same_v<T, unsigned>)
    return g_param_spec_uint(self.name, self.nick, self.blurb, lowest, highest, initial,
                             read_write);
  else
    return g_param_spec_uint64(self.name, self.nick, self.blurb, lowest, highest, initial,
                               read_write);
}
template <auto member>
GParamSpec* seconds_spec(const Property& self) {
  constexpr double a_day = 86400;
  return g_param_spec_double(self.name, self.nick, self.blurb, 0, a_day, defaults().*member,
                             read_write);
}
template <auto member>
GParamSpec* bool_spec(const Property& self) {
  return g_param_spec_boolean(self.name, self.nick, self.blurb, defaults().*member, read_write);
}
template <auto member>
GParamSpec* enum_spec(const Property& self) {
  return g_param_spec_enum(self.name, self.nick, self.blurb, enum_gtype<TypeOf<member>>(),
                           static_cast<gint>(defaults().*member), read_write);
}
template <GParamFlags flags = read_write>
GParamSpec* structure_spec(const Property& self) {
  return g_param_spec_boxed(self.name, self.nick, self.blurb, GST_TYPE_STRUCTURE, flags);
}
GParamSpec* sample_spec(const Property& self) {
  return g_param_spec_boxed(self.name, self.nick, self.blurb, GST_TYPE_SAMPLE, read_write);
}
GParamSpec* tls_database_spec(const Property& self) {
  return g_param_spec_object(self.name, self.nick, self.blurb, G_TYPE_TLS_DATABASE, read_write);
}
GParamSpec* task_status_spec(const Property& self) {
  return g_param_spec_string(self.name, self.nick, self.blurb, "none", read_only);
}

// Whoever sets the property trusts the place. What a URI says, uri.cpp marks.
void set_base_url(Settings& settings, const GValue* value) {
  set<&Settings::base_url>(settings, value);
  settings.is_base_url_of_uri = false;
}
void set_image_sample(Settings& settings, const GValue* value) {
  settings.image_sample.reset();
  if (auto* sample = gst_value_get_sample(value))
    settings.image_sample.reset(gst_sample_ref(sample), gst_sample_unref);
}
void get_image_sample(const Settings& settings, const Live&, GValue* value) {
  gst_value_set_sample(value, settings.image_sample.get());
}
void set_tls_database(Settings& settings, const GValue* value) {
  settings.tls_database.reset();
  if (auto* database = g_value_dup_object(value))
    settings.tls_database.reset(static_cast<GTlsDatabase*>(database), g_object_unref);
}
void get_tls_database(const Settings& settings, const Live&, GValue* value) {
  g_value_set_object(value, settings.tls_database.get());
}
void get_task_id(const Settings& settings, const Live& live, GValue* value) {
  const auto& known = live.stats.task_id;
  Access<std::string>::give(known.empty() ? settings.task_id : known, value);
}
void get_task_status(const Settings&, const Live& live, GValue* value) {
  g_value_set_static_string(value, task_status_name(live.status));
}
void get_stats(const Settings&, const Live& live, GValue* value) {
  g_value_take_boxed(value, structure_from_stats(live.stats, "modelverse-stats"));
}

// clang-format off
template <auto member>
constexpr Property text(const char* name, const char* nick, const char* blurb, bool in_uri = false) {
  return {name, string_spec<member>, set<member>, get<member>, nick, blurb, in_uri};
}
template <auto member, auto... range>
constexpr Property number(const char* name, const char* nick, const char* blurb, bool in_uri = false) {
  return {name, number_spec<member, range...>, set<member>, get<member>, nick, blurb, in_uri};
}
template <auto member>
constexpr Property seconds(const char* name, const char* nick, const char* blurb) {
  return {name, seconds_spec<member>, set<member>, get<member>, nick, blurb, false};
}
template <auto member>
constexpr Property truth(const char* name, const char* nick, const char* blurb) {
  return {name, bool_spec<member>, set<member>, get<member>, nick, blurb, false};
}
template <auto member>
constexpr Property choice(const char* name, const char* nick, const char* blurb, bool in_uri = false) {
  return {name, enum_spec<member>, set<member>, get<member>, nick, blurb, in_uri};
}
template <auto member>
constexpr Property structure(const char* name, const char* nick, const char* blurb) {
  return {name, structure_spec<>, set<member>, get<member>, nick, blurb, true};
}

constexpr Property only(Role role, Property property) {
  property.only = role;
  return property;
}

constexpr Property in_preset(Property property) {
  property.is_in_preset = true;
  return property;
}

using S = Settings;
constexpr std::array table = {
    in_preset(only(Role::animate, choice<&S::frame>("frame", "Frame", "Which picture of the stream is animated"))),
    only(Role::source, text<&S::image_path>("image-path", "Image path", "Local picture file to animate", true)),
    only(Role::source, text<&S::image_uri>("image-uri", "Image URI", "Picture to animate: http(s) is handed to the service as it is, file: and data: are read here", true)),
    only(Role::source, Property{"image-sample", sample_spec, set_image_sample, get_image_sample, "Image sample", "Picture in memory to animate: an encoded image/* or video/x-raw", false}),
    text<&S::prompt>("prompt", "Prompt", "What is to happen in the video (UTF-8)", true),
    in_preset(Property{"model", model_spec, set<&S::model>, get<&S::model>, "Model", "Any model of the service. These are known, with their resolutions and durations (* by default):", true}),
    in_preset(text<&S::resolution>("resolution", "Resolution", "Such as 720p or 1080p; null: the model's default", true)),
    in_preset(number<&S::duration, 0, 3600>("duration", "Duration", "Length of the video in seconds, as the model allows; 0: the model's default", true)),
    in_preset(choice<&S::image_fit>("image-fit", "Image fit", "What becomes of a picture of another size, type or orientation than the model takes; nothing is ever stretched", true)),
    in_preset(choice<&S::image_encoding>("image-encoding", "Image encoding", "How the picture's bytes are put into the request", true)),
    in_preset(structure<&S::extra_input>("extra-input", "Extra input", "Merged into the request's input object; wins over the element's own values")),
    in_preset(structure<&S::extra_parameters>("extra-parameters", "Extra parameters", "Merged into the request's parameters object; wins over the element's own values")),
    number<&S::take>("take", "Take", "Another number makes another clip of the same request; not sent", true),

    Property{"base-url", string_spec<&S::base_url>, set_base_url, get<&S::base_url>, "Base URL", "The service; null: MODELVERSE_BASE_URL, else https://api.modelverse.cn", true},
    Property{"api-key", string_spec<&S::api_key, write_only>, set<&S::api_key>, nullptr, "API key", "Write-only; null: MODELVERSE_API_KEY, else the file named by api-key-file. Prefer those: a command line is readable", false},
    text<&S::api_key_file>("api-key-file", "API key file", "File whose first line is the key; null: MODELVERSE_API_KEY_FILE"),
    choice<&S::auth_scheme>("auth-scheme", "Authorization scheme", "How the key is sent"),
    text<&S::proxy>("proxy", "Proxy", "URI of an HTTP proxy; null: the system's settings (with their exceptions)"),
    Property{"tls-database", tls_database_spec, set_tls_database, get_tls_database, "TLS database", "Certificate authorities to trust; null: the system's", false},
    truth<&S::allow_http>("allow-http", "Allow HTTP", "Allow plain http to hosts that are not loopback: the key travels readable"),

    Property{"task-id", string_spec<&S::task_id>, set<&S::task_id>, get_task_id, "Task ID", "Set: fetch the clip of this task, submit nothing. Read: the current task", true},
    Property{"task-status", task_status_spec, nullptr, get_task_status, "Task status", "none, submitting, pending, running, success or failure", false},
    Property{"stats", structure_spec<read_only>, nullptr, get_stats, "Statistics", "Structure modelverse-stats: task, times (unix s), polls, retries, bytes", false},
    choice<&S::cache_mode>("cache-mode", "Cache mode", "What to do with a clip of the same request", true),
    text<&S::cache_dir>("cache-dir", "Cache directory", "Where tasks and clips are kept; null: MODELVERSE_CACHE_DIR, else the user's cache directory + /gst-modelverse"),
    number<&S::cache_max_size>("cache-max-size", "Cache size", "Bytes of finished clips to keep, least recently used go first; 0: no limit"),
    truth<&S::resubmit>("resubmit", "Resubmit", "Allow a new (billed) submit where an earlier one's outcome is unknown"),
    number<&S::url_index>("url-index", "URL index", "Which of the result's clips, from 0", true),

    in_preset(number<&S::poll_interval, 1u>("poll-interval", "Poll interval", "Milliseconds between polls, +-10 %; the first two come after 2 s and 4 s")),
    in_preset(number<&S::task_timeout>("task-timeout", "Task timeout", "Seconds from the accepted submit to success; 0: none. Never cuts a submit short")),
    in_preset(number<&S::submit_timeout, 1u, 3600u>("submit-timeout", "Submit timeout", "Seconds from the first byte of a submit to its response")),
    in_preset(number<&S::timeout, 1u, 3600u>("timeout", "Timeout", "Seconds of silence on other connections, and while one is made")),
    in_preset(number<&S::retries, -1>("retries", "Retries", "Failures in a row of one phase, reset by any good response; -1: no limit")),
    in_preset(seconds<&S::retry_backoff_factor>("retry-backoff-factor", "Back-off factor", "Seconds; the wait before retry n is random up to factor * 2^(n-1)")),
    in_preset(seconds<&S::retry_backoff_max>("retry-backoff-max", "Back-off maximum", "Seconds; the longest wait before a retry")),
};
// clang-format on

}  // namespace

std::span<const Property> source_properties() {
  return table;
}

void install_properties(GObjectClass* klass, std::span<const Property> properties, Role role) {
  guint id = 0;
  for (const auto& property : properties) {
    ++id;
    if (property.only.value_or(role) == role)
      g_object_class_install_property(klass, id, property.make_spec(property));
  }
}

}  // namespace modelverse
