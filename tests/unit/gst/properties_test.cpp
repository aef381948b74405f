// SPDX-License-Identifier: LGPL-2.1-or-later
#include "properties.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string>

#include "bus.h"
#include "glib/handles.h"
#include "structures.h"

namespace modelverse {
namespace {

// A GValue that ends with its block.
class Cell {
 public:
  explicit Cell(GType type) { g_value_init(&value_, type); }
  ~Cell() { g_value_unset(&value_); }
  Cell(const Cell&) = delete;
  Cell& operator=(const Cell&) = delete;
  GValue* get() { return &value_; }
  std::string text() const {
    if (GST_VALUE_HOLDS_SAMPLE(&value_) && !gst_value_get_sample(&value_))
      return "(null)";
    const CharPtr serialized(gst_value_serialize(&value_));
    return serialized ? serialized.get() : "(null)";
  }

 private:
  GValue value_ = G_VALUE_INIT;
};

const Property& named(const char* name) {
  for (const auto& property : all_properties()) {
    if (g_str_equal(name, property.name))
      return property;
  }
  throw std::out_of_range(name);
}

std::string read(const char* name, const Settings& settings, const Live& live = {}) {
  const auto& property = named(name);
  Cell cell(spec_of(property)->value_type);
  property.get(settings, live, cell.get());
  return cell.text();
}

bool is_writable(const Property& property) {
  return property.set != nullptr;
}
bool is_readable(const Property& property) {
  return property.get != nullptr;
}

GstSample* sample_of(int number) {
  auto* caps = gst_caps_new_simple("image/png", "number", G_TYPE_INT, number, nullptr);
  auto* sample = gst_sample_new(nullptr, caps, nullptr, nullptr);
  gst_caps_unref(caps);
  return sample;
}

// A value that is neither the default nor that of another row: `number` tells the rows apart.
void fill(GParamSpec* spec, int number, GValue* value) {
  if (G_IS_PARAM_SPEC_STRING(spec)) {
    g_value_take_string(value, g_strdup_printf("text %d", number));
  } else if (G_IS_PARAM_SPEC_INT(spec)) {
    g_value_set_int(value, 100 + number);
  } else if (G_IS_PARAM_SPEC_UINT(spec)) {
    g_value_set_uint(value, 100u + static_cast<guint>(number));
  } else if (G_IS_PARAM_SPEC_INT64(spec)) {
    g_value_set_int64(value, 5'000'000'000 + number);
  } else if (G_IS_PARAM_SPEC_UINT64(spec)) {
    g_value_set_uint64(value, 5'000'000'000u + static_cast<guint64>(number));
  } else if (G_IS_PARAM_SPEC_DOUBLE(spec)) {
    g_value_set_double(value, 100.5 + number);
  } else if (G_IS_PARAM_SPEC_BOOLEAN(spec)) {
    g_value_set_boolean(value, !G_PARAM_SPEC_BOOLEAN(spec)->default_value);
  } else if (G_IS_PARAM_SPEC_ENUM(spec)) {
    g_value_set_enum(value, G_PARAM_SPEC_ENUM(spec)->default_value + 1);
  } else if (G_VALUE_HOLDS(value, GST_TYPE_STRUCTURE)) {
    g_value_take_boxed(value, gst_structure_new("extra", "number", G_TYPE_INT, number, nullptr));
  } else if (GST_VALUE_HOLDS_ARRAY(value)) {
    GValue item = G_VALUE_INIT;
    g_value_init(&item, G_TYPE_STRING);
    g_value_take_string(&item, g_strdup_printf("text %d", number));
    gst_value_array_append_and_take_value(value, &item);
  } else if (GST_VALUE_HOLDS_SAMPLE(value)) {
    g_value_take_boxed(value, sample_of(number));
  } else {
    ADD_FAILURE() << "a type that this test does not know: " << spec->name;
  }
}

bool is_object(const Property& property) {
  const auto spec = spec_of(property);
  return G_IS_PARAM_SPEC_OBJECT(spec.get());
}

TEST(Properties, each_row_has_a_place_of_its_own_to_be_written_and_read) {
  Settings settings;
  int number = 0;
  for (const auto& property : all_properties()) {
    ++number;
    if (!is_writable(property) || is_object(property))
      continue;
    const auto spec = spec_of(property);
    Cell cell(G_PARAM_SPEC_VALUE_TYPE(spec.get()));
    fill(spec.get(), number, cell.get());
    ASSERT_FALSE(g_param_value_validate(spec.get(), cell.get())) << property.name;
    property.set(settings, cell.get());
  }
  number = 0;
  for (const auto& property : all_properties()) {
    ++number;
    if (!is_writable(property) || !is_readable(property) || is_object(property))
      continue;
    const auto spec = spec_of(property);
    Cell expected(G_PARAM_SPEC_VALUE_TYPE(spec.get()));
    fill(spec.get(), number, expected.get());
    Cell cell(G_PARAM_SPEC_VALUE_TYPE(spec.get()));
    property.get(settings, {}, cell.get());
    EXPECT_EQ(cell.text(), expected.text()) << property.name;
  }
}

Settings distinct_settings() {
  Settings settings;
  settings.image_path = "a";
  settings.image_uri = "b";
  settings.last_image_path = "k";
  settings.last_image_uri = "l";
  settings.reference_images = {"m", "n"};
  settings.frame = StreamFrame::last;
  settings.prompt = "c";
  settings.negative_prompt = "o";
  settings.model = "d";
  settings.resolution = "e";
  settings.aspect_ratio = "p";
  settings.duration = 7;
  settings.seed = 15;
  settings.audio = Audio::off;
  settings.image_fit = ImageFit::pad;
  settings.image_encoding = ImageEncoding::base64;
  settings.take = 8;
  settings.base_url = "f";
  settings.api_key_file = "g";
  settings.auth_scheme = AuthScheme::bearer;
  settings.proxy = "h";
  settings.allow_http = true;
  settings.task_id = "i";
  settings.cache_mode = CacheMode::off;
  settings.cache_dir = "j";
  settings.cache_max_size = 9;
  settings.url_index = 10;
  settings.poll_interval = 11;
  settings.task_timeout = 12;
  settings.submit_timeout = 120;
  settings.timeout = 13;
  settings.retries = 14;
  settings.retry_backoff_factor = 1.5;
  settings.retry_backoff_max = 2.5;
  return settings;
}

const std::pair<const char*, const char*> rows[] = {
    {"image-path", "a"},
    {"image-uri", "b"},
    {"frame", "last"},
    {"last-image-path", "k"},
    {"last-image-uri", "l"},
    {"reference-images", "< (string)m, (string)n >"},
    {"negative-prompt", "o"},
    {"aspect-ratio", "p"},
    {"seed", "15"},
    {"audio", "off"},
    {"prompt", "c"},
    {"model", "d"},
    {"resolution", "e"},
    {"duration", "7"},
    {"image-fit", "pad"},
    {"image-encoding", "base64"},
    {"take", "8"},
    {"base-url", "f"},
    {"api-key-file", "g"},
    {"auth-scheme", "bearer"},
    {"proxy", "h"},
    {"allow-http", "true"},
    {"task-id", "i"},
    {"cache-mode", "off"},
    {"cache-dir", "j"},
    {"cache-max-size", "9"},
    {"resubmit", "false"},
    {"url-index", "10"},
    {"poll-interval", "11"},
    {"task-timeout", "12"},
    {"submit-timeout", "120"},
    {"timeout", "13"},
    {"retries", "14"},
    {"retry-backoff-factor", "1.5"},
    {"retry-backoff-max", "2.5"}};

TEST(Properties, a_row_is_tied_to_the_setting_of_its_name) {
  const auto settings = distinct_settings();
  for (const auto& [name, text] : rows)
    EXPECT_EQ(read(name, settings), text) << name;
}

TEST(Properties, extras_come_back_as_the_structures_they_were) {
  Settings settings;
  const StructurePtr input(gst_structure_new("x", "seed", G_TYPE_INT, 7, nullptr));
  Cell cell(GST_TYPE_STRUCTURE);
  gst_value_set_structure(cell.get(), input.get());
  named("extra-input").set(settings, cell.get());
  ASSERT_EQ(settings.extra_input.size(), 1u);
  EXPECT_EQ(settings.extra_input[0].name, "seed");
  EXPECT_TRUE(settings.extra_parameters.empty());
  named("extra-parameters").set(settings, cell.get());
  EXPECT_EQ(settings.extra_parameters.size(), 1u);
}

TEST(Properties, defaults_are_those_of_settings) {
  const Settings settings;
  for (const auto& property : all_properties()) {
    if (!is_writable(property) || !is_readable(property))
      continue;
    const auto spec = spec_of(property);
    Cell cell(G_PARAM_SPEC_VALUE_TYPE(spec.get()));
    property.get(settings, {}, cell.get());
    EXPECT_TRUE(g_param_value_defaults(spec.get(), cell.get()))
        << property.name << " is " << cell.text();
  }
}

TEST(Properties, text_that_is_null_is_text_that_is_not_set) {
  Settings settings;
  settings.prompt = "before";
  Cell null(G_TYPE_STRING);
  named("prompt").set(settings, null.get());
  EXPECT_EQ(settings.prompt, "");
  EXPECT_EQ(read("prompt", settings), "(null)");
}

TEST(Properties, are_read_and_set_up_to_ready_but_the_key_and_the_facts) {
  const std::set<std::string> facts = {"task-status", "stats"};
  for (const auto& property : all_properties()) {
    const int flags = spec_of(property)->flags;
    const bool is_key = std::string(property.name) == "api-key";
    EXPECT_EQ(is_readable(property), !is_key) << property.name;
    EXPECT_EQ((flags & G_PARAM_READABLE) != 0, !is_key) << property.name;
    const bool is_fact = facts.contains(property.name);
    EXPECT_EQ(is_writable(property), !is_fact) << property.name;
    EXPECT_EQ((flags & G_PARAM_WRITABLE) != 0, !is_fact) << property.name;
    EXPECT_EQ((flags & GST_PARAM_MUTABLE_READY) != 0, !is_fact) << property.name;
  }
  Settings settings;
  Cell cell(G_TYPE_STRING);
  g_value_set_string(cell.get(), "secret");
  named("api-key").set(settings, cell.get());
  EXPECT_EQ(settings.api_key, "secret");
}

TEST(Properties, status_and_stats_tell_of_the_task) {
  Live live;
  live.status = TaskStatus::pending;
  live.stats.polls = 3;
  EXPECT_EQ(read("task-status", {}), "none");
  EXPECT_EQ(read("task-status", {}, live), "pending");
  Cell cell(GST_TYPE_STRUCTURE);
  named("stats").get({}, live, cell.get());
  const auto* stats = gst_value_get_structure(cell.get());
  ASSERT_TRUE(stats);
  EXPECT_TRUE(gst_structure_has_name(stats, "modelverse-stats"));
  guint polls = 0;
  EXPECT_TRUE(gst_structure_get_uint(stats, "polls", &polls));
  EXPECT_EQ(polls, 3u);
}

TEST(Properties, the_task_id_is_the_set_one_until_there_is_a_task) {
  Settings settings;
  settings.task_id = "set";
  EXPECT_EQ(read("task-id", settings), "set");
  Live live;
  live.stats.task_id = "current";
  EXPECT_EQ(read("task-id", settings, live), "current");
}

TEST(Properties, names_are_unique_and_each_row_is_explained) {
  std::set<std::string> names;
  for (const auto& property : all_properties()) {
    EXPECT_TRUE(names.insert(property.name).second) << property.name;
    EXPECT_GT(std::string(property.nick).size(), 3u) << property.name;
    EXPECT_GT(std::string(property.blurb).size(), 10u) << property.name;
  }
}

}  // namespace
}  // namespace modelverse
