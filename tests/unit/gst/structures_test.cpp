// SPDX-License-Identifier: LGPL-2.1-or-later
#include "structures.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "bus.h"

namespace modelverse {
namespace {

// GStreamer's text form says type and value at once.
StructurePtr parsed(const char* text) {
  StructurePtr structure(gst_structure_from_string(text, nullptr));
  EXPECT_TRUE(structure) << text;
  return structure;
}

const Value* find(const Object& object, const std::string& name) {
  for (const auto& member : object) {
    if (member.name == name)
      return &member.value;
  }
  return nullptr;
}

template <typename T>
T get(const Object& object, const std::string& name) {
  const auto* value = find(object, name);
  const auto* typed = value ? std::get_if<T>(&value->data) : nullptr;
  EXPECT_NE(typed, nullptr) << name;
  return typed ? *typed : T{};
}

std::string as_text(const Object& object) {
  const StructurePtr structure(structure_from_object(object, "extra"));
  const CharPtr text(structure ? gst_structure_to_string(structure.get()) : nullptr);
  return text ? text.get() : "(none)";
}

TEST(ObjectFromStructure, takes_every_kind_of_number) {
  const auto structure = parsed(
      "x, int=(int)-7, uint=(uint)4294967295, int64=(gint64)-9000000000, "
      "uint64=(guint64)9000000000, float=(float)0.5, double=(double)2.25");
  const auto object = object_from_structure(structure.get());
  EXPECT_EQ(object.size(), 6u);
  EXPECT_EQ(get<std::int64_t>(object, "int"), -7);
  EXPECT_EQ(get<std::int64_t>(object, "uint"), 4294967295);
  EXPECT_EQ(get<std::int64_t>(object, "int64"), -9000000000);
  EXPECT_EQ(get<std::int64_t>(object, "uint64"), 9000000000);
  EXPECT_EQ(get<double>(object, "float"), 0.5);
  EXPECT_EQ(get<double>(object, "double"), 2.25);
}

TEST(ObjectFromStructure, keeps_what_json_does_not_have_by_the_name_of_its_type) {
  const StructurePtr structure(
      gst_structure_new("x", "huge", G_TYPE_UINT64, std::numeric_limits<guint64>::max(), "rate",
                        GST_TYPE_FRACTION, 25, 1, "kept", G_TYPE_INT, 1, nullptr));
  const auto object = object_from_structure(structure.get());
  EXPECT_EQ(get<Foreign>(object, "huge").type, "guint64");
  EXPECT_EQ(get<Foreign>(object, "rate").type, "GstFraction");
  EXPECT_EQ(as_text(object), "extra, kept=(int)1;");
  const auto ratio = parsed("x, list=<(string)a>, ratio=16:9");
  EXPECT_EQ(get<Foreign>(object_from_structure(ratio.get()), "ratio").type, "GstFlagSet");
}

TEST(ObjectFromStructure, takes_the_largest_number_that_fits) {
  const auto most = std::numeric_limits<std::int64_t>::max();
  const StructurePtr structure(
      gst_structure_new("x", "n", G_TYPE_UINT64, static_cast<guint64>(most), nullptr));
  EXPECT_EQ(get<std::int64_t>(object_from_structure(structure.get()), "n"), most);
}

TEST(ObjectFromStructure, takes_text_and_truth) {
  const StructurePtr structure(gst_structure_new(
      "x", "text", G_TYPE_STRING, "a \"quoted\" \xc3\xbc", "empty", G_TYPE_STRING, "", "null",
      G_TYPE_STRING, nullptr, "yes", G_TYPE_BOOLEAN, TRUE, "no", G_TYPE_BOOLEAN, FALSE, nullptr));
  const auto object = object_from_structure(structure.get());
  EXPECT_EQ(get<std::string>(object, "text"), "a \"quoted\" \xc3\xbc");
  EXPECT_EQ(get<std::string>(object, "empty"), "");
  EXPECT_EQ(get<std::nullptr_t>(object, "null"), nullptr);
  EXPECT_TRUE(get<bool>(object, "yes"));
  EXPECT_FALSE(get<bool>(object, "no"));
}

TEST(ObjectFromStructure, keeps_the_users_order) {
  const auto structure = parsed("x, zebra=(int)1, ant=(int)2, moth=(int)3");
  const auto object = object_from_structure(structure.get());
  ASSERT_EQ(object.size(), 3u);
  EXPECT_EQ(object[0].name, "zebra");
  EXPECT_EQ(object[1].name, "ant");
  EXPECT_EQ(object[2].name, "moth");
}

TEST(ObjectFromStructure, goes_down_into_structures_arrays_and_lists) {
  const auto structure = parsed(
      "x, outer=(structure)[o, inner=(structure)[i, deep=(int)5]], "
      "array=(int)<1, 2>, list=(string){a, b}, none=(int)<>");
  const auto object = object_from_structure(structure.get());
  const auto outer = get<Object>(object, "outer");
  EXPECT_EQ(get<std::int64_t>(get<Object>(outer, "inner"), "deep"), 5);
  const auto array = get<Array>(object, "array");
  ASSERT_EQ(array.size(), 2u);
  EXPECT_EQ(std::get<std::int64_t>(array[0].data), 1);
  EXPECT_EQ(std::get<std::int64_t>(array[1].data), 2);
  const auto list = get<Array>(object, "list");
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(std::get<std::string>(list[1].data), "b");
  EXPECT_TRUE(get<Array>(object, "none").empty());
}

TEST(ObjectFromStructure, is_empty_for_no_structure_and_for_one_without_fields) {
  EXPECT_TRUE(object_from_structure(nullptr).empty());
  const auto structure = parsed("x");
  EXPECT_TRUE(object_from_structure(structure.get()).empty());
}

TEST(HasUniformArrays, looks_into_arrays_and_objects) {
  const Value one = {std::int64_t{1}};
  const Value text = {std::string("a")};
  EXPECT_TRUE(has_uniform_arrays({{"a", {Array{one, one}}}, {"b", text}}));
  EXPECT_TRUE(has_uniform_arrays({{"a", {Array{Value{Array{}}, Value{Array{one}}}}}}));
  EXPECT_FALSE(has_uniform_arrays({{"a", {Array{one, text}}}}));
  EXPECT_FALSE(has_uniform_arrays({{"a", {Array{Value{Array{one}}, Value{Array{text}}}}}}));
  EXPECT_FALSE(has_uniform_arrays({{"a", {Array{Value{Object{{"b", {Array{one, text}}}}}}}}}));
}

TEST(StructureFromObject, is_null_for_an_empty_object) {
  EXPECT_EQ(structure_from_object({}, "extra"), nullptr);
}

TEST(StructureFromObject, writes_each_type) {
  const Object object = {{"truth", {true}},
                         {"small", {std::int64_t{-3}}},
                         {"big", {std::int64_t{9000000000}}},
                         {"least", {std::int64_t{G_MININT}}},
                         {"most", {std::int64_t{G_MAXINT}}},
                         {"half", {0.5}},
                         {"text", {std::string("a b")}}};
  EXPECT_EQ(as_text(object),
            "extra, truth=(boolean)true, small=(int)-3, big=(gint64)9000000000, "
            "least=(int)-2147483648, most=(int)2147483647, half=(double)0.5, "
            "text=(string)\"a\\ b\";");
}

TEST(StructureFromObject, writes_null_as_text_that_is_not_there) {
  const StructurePtr structure(structure_from_object({{"none", {nullptr}}}, "extra"));
  ASSERT_TRUE(gst_structure_has_field_typed(structure.get(), "none", G_TYPE_STRING));
  EXPECT_EQ(gst_structure_get_string(structure.get(), "none"), nullptr);
}

TEST(StructureFromObject, goes_down_into_objects_and_arrays) {
  const Object inner = {{"seed", {std::int64_t{7}}}};
  const Object object = {{"in", {inner}},
                         {"empty", {Object{}}},
                         {"many", {Array{{std::int64_t{1}}, {std::int64_t{5'000'000'000}}}}},
                         {"few", {Array{}}}};
  const StructurePtr structure(structure_from_object(object, "extra"));
  const auto back = object_from_structure(structure.get());
  EXPECT_EQ(get<std::int64_t>(get<Object>(back, "in"), "seed"), 7);
  EXPECT_TRUE(get<Object>(back, "empty").empty());
  const auto many = get<Array>(back, "many");
  ASSERT_EQ(many.size(), 2u);
  EXPECT_EQ(std::get<std::int64_t>(many[0].data), 1);
  EXPECT_EQ(std::get<std::int64_t>(many[1].data), 5'000'000'000);
  EXPECT_TRUE(get<Array>(back, "few").empty());
}

TEST(StructureFromObject, writes_arrays_whose_numbers_are_not_of_one_width_within) {
  const Object object = {{"a",
                          {Array{Value{Array{}}, Value{Array{Value{std::int64_t{1}}}},
                                 Value{Array{Value{std::int64_t{5'000'000'000}}}}}}},
                         {"b", {Array{Value{nullptr}, Value{std::string("x")}}}}};
  const StructurePtr structure(structure_from_object(object, "x"));
  const Object back = object_from_structure(structure.get());
  const auto& a = std::get<Array>(back[0].value.data);
  ASSERT_EQ(a.size(), 3u);
  EXPECT_EQ(std::get<std::int64_t>(std::get<Array>(a[1].data)[0].data), 1);
  EXPECT_EQ(std::get<std::int64_t>(std::get<Array>(a[2].data)[0].data), 5'000'000'000);
  EXPECT_EQ(std::get<Array>(back[1].value.data).size(), 2u);
}

TEST(StructureFromStats, has_each_documented_field_with_its_type) {
  TaskStats stats;
  stats.task_id = "task";
  stats.request_id = "request";
  stats.model = "model";
  stats.submit_time = 1700000001;
  stats.finish_time = 1700000002;
  stats.usage_seconds = 4.5;
  stats.polls = 6;
  stats.retries = 7;
  stats.bytes = 5000000008;
  stats.size = 5000000009;
  stats.cache_hit = true;
  const StructurePtr structure(structure_from_stats(stats, "modelverse-stats"));
  const CharPtr text(gst_structure_to_string(structure.get()));
  EXPECT_STREQ(text.get(),
               "modelverse-stats, task-id=(string)task, request-id=(string)request, "
               "model=(string)model, submit-time=(gint64)1700000001, "
               "finish-time=(gint64)1700000002, usage-seconds=(double)4.5, polls=(uint)6, "
               "retries=(uint)7, bytes=(guint64)5000000008, size=(guint64)5000000009, "
               "cache-hit=(boolean)true;");
  stats.cost = Money{8'560'000, "CNY"};
  const StructurePtr priced(structure_from_stats(stats, "modelverse-stats"));
  const CharPtr more(gst_structure_to_string(priced.get()));
  EXPECT_NE(std::string(more.get()).find(", cost=(double)8.56"), std::string::npos) << more.get();
  EXPECT_STREQ(gst_structure_get_string(priced.get(), "currency"), "CNY");
}

}  // namespace
}  // namespace modelverse
