// SPDX-License-Identifier: LGPL-2.1-or-later
#include "structure_text.h"

#include <gtest/gtest.h>

#include "bus.h"
#include "glib/handles.h"
#include "structures.h"

namespace modelverse {
namespace {

// As it is written; "(refused)" where it cannot be read.
std::string rewritten(const std::string& text) {
  const auto object = object_from_text(text);
  return object ? text_from_object(*object) : "(refused)";
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  while (times-- > 0)
    all += text;
  return all;
}

TEST(StructureText, is_read_as_gstreamer_reads_it) {
  for (const char* text :
       {"x", "x;", "x, a=1", "x,a=(int)-7,b=(uint)4294967295,c=(gint64)-9000000000", "x, a=0x10",
        "x, a=1.5, b=(float)0.5, c=1e3", "x, a=true, b=(boolean)no, c=(b)1, d=yes", "x, a=max",
        "x, a=pro, b=(string)9:16, c=\"a\\ b\", d=(s)\"\\303\\274\", e=(string)\"\"",
        "x, a=NULL, b=(string)NULL, c=\"NULL\"", "x, a=<1, 2>, b={1, 2}, c=<>, d=(int)<3, 4>",
        "x, a=[y, b=1], c=(structure)[z, d=[w, e=deep]]", "x, a=(structure)y",
        "x, a=<[i, url=(string)\"https://h/a?b=c\", type=first_frame], [i, type=last]>",
        "x, a=(GstStructure)\"y\\,\\ b\\=\\(int\\)1\\;\"", "  x , a = ( int ) 1 ,b=2,"}) {
    const StructurePtr structure(gst_structure_from_string(text, nullptr));
    ASSERT_TRUE(structure) << text;
    EXPECT_EQ(rewritten(text), text_from_object(object_from_structure(structure.get()))) << text;
  }
}

TEST(StructureText, is_read_back_however_deep_it_is_and_whatever_the_text_holds) {
  Object object = {{"a b", {std::string("]\"\\[}>,;= \xc3\xbc\n")}}};
  for (int i = 0; i < 10; ++i)
    object = {{"list", {Array{Value{object}, Value{Object{}}}}}, {"none", {nullptr}}};
  const auto text = text_from_object(object);
  EXPECT_EQ(rewritten(text), text);
  EXPECT_EQ(object_from_text(text)->size(), 2u);
}

TEST(StructureText, is_read_as_gstreamer_writes_it) {
  const Object object = {{"seed", {std::int64_t{7}}},
                         {"style", {std::string("a \"b\" \xc3\xbc")}},
                         {"in", {Object{{"deep", {true}}}}}};
  GValue value = G_VALUE_INIT;
  g_value_init(&value, GST_TYPE_STRUCTURE);
  g_value_take_boxed(&value, structure_from_object(object, "x"));
  const CharPtr text(gst_value_serialize(&value));
  g_value_unset(&value);
  EXPECT_EQ(text.get()[0], '"') << "all of it in quotes";
  EXPECT_EQ(rewritten(text.get()), text_from_object(object));
}

// Among them what makes GStreamer's own parser warn, leak or take for ever.
constexpr const char* no_structures[] = {"",
                                         " ",
                                         "0x, a=1",
                                         "_x",
                                         "\"0x, a=1\"",
                                         "x y",
                                         "x, a",
                                         "x, a=",
                                         "x, =1",
                                         "x, \"\"=1",
                                         "x, a=1 b=2",
                                         "x, a=[5, 1]",
                                         "x, a=[1, 2]",
                                         "x, a=[0y, b=1]",
                                         "x, a=(structure)0y",
                                         "x, a=(structure)\"0y\"",
                                         "x, a=(GstCaps)0y",
                                         "x, a=(void)1",
                                         "x, a=(GObject)1",
                                         "x, a=(fraction)1/2",
                                         "x, a=16/9",
                                         "x, a=16:9",
                                         "x, a=(int)1.5",
                                         "x, a=(int)\"1\"",
                                         "x, a=(boolean)maybe",
                                         "x, a=(guint64)18446744073709551615",
                                         "x, a=<1",
                                         "x, a=<1 2>",
                                         "x, a={<1>",
                                         "x, a=<1, b>",
                                         "x, a=<1, 2.5>",
                                         "x, a=<NULL, 1>",
                                         "x, a=<<1>, <b>>",
                                         "x, a=<<>, <<1>>, [y, b=1]>",
                                         "x, a=\"b",
                                         "x, a=\"\\377\"",
                                         "x, a=\"\\000\"",
                                         "x, a=\"\\",
                                         "x; y",
                                         "x, a=[y, b=1",
                                         "x, a=[y, b=1]]",
                                         "x, a=(int",
                                         "x, a=(",
                                         "\xff",
                                         "x, a=\xff"};

TEST(StructureText, refuses_what_is_none) {
  for (const char* text : no_structures)
    EXPECT_EQ(rewritten(text), "(refused)") << text;
}

TEST(StructureText, is_not_read_deeper_than_its_bound) {
  const auto nested = [](std::size_t depth) {
    return "x, a=" + repeated("[x, a=", depth) + "1" + repeated("]", depth);
  };
  EXPECT_NE(rewritten(nested(30)), "(refused)");
  EXPECT_EQ(rewritten(nested(40)), "(refused)");
  for (const char* opener : {"[x, a=", "[", "<", "{", "(", "\"", "\\\""})
    EXPECT_EQ(rewritten("x, a=" + repeated(opener, 100'000)), "(refused)") << opener;
}

}  // namespace
}  // namespace modelverse
