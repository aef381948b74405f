// SPDX-License-Identifier: LGPL-2.1-or-later
#include "enums.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace modelverse {
namespace {

// Each value's nick, asked for by value so that a wrong order shows.
template <typename T>
std::vector<std::string> nicks(const std::vector<T>& values) {
  auto* klass = static_cast<GEnumClass*>(g_type_class_ref(enum_gtype<T>()));
  EXPECT_EQ(klass->n_values, values.size());
  std::vector<std::string> found;
  for (const auto value : values) {
    const auto* known = g_enum_get_value(klass, static_cast<gint>(value));
    found.emplace_back(known ? known->value_nick : "");
  }
  g_type_class_unref(klass);
  return found;
}

using Nicks = std::vector<std::string>;

TEST(Enums, image_fit_has_the_documented_nicks) {
  EXPECT_EQ(nicks<ImageFit>({ImageFit::crop, ImageFit::pad, ImageFit::none}),
            (Nicks{"crop", "pad", "none"}));
}

TEST(Enums, image_encoding_has_the_documented_nicks) {
  EXPECT_EQ(nicks<ImageEncoding>(
                {ImageEncoding::automatic, ImageEncoding::data_uri, ImageEncoding::base64}),
            (Nicks{"auto", "data-uri", "base64"}));
}

TEST(Enums, audio_has_the_documented_nicks) {
  EXPECT_EQ(nicks<Audio>({Audio::automatic, Audio::on, Audio::off}), (Nicks{"auto", "on", "off"}));
}

TEST(Enums, auth_scheme_has_the_documented_nicks) {
  EXPECT_EQ(nicks<AuthScheme>({AuthScheme::automatic, AuthScheme::raw, AuthScheme::bearer}),
            (Nicks{"auto", "raw", "bearer"}));
}

TEST(Enums, cache_mode_has_the_documented_nicks) {
  EXPECT_EQ(nicks<CacheMode>({CacheMode::reuse, CacheMode::refresh, CacheMode::off}),
            (Nicks{"reuse", "refresh", "off"}));
}

TEST(Enums, frame_has_the_documented_nicks) {
  EXPECT_EQ(nicks<StreamFrame>({StreamFrame::first, StreamFrame::last}), (Nicks{"first", "last"}));
}

TEST(Enums, task_status_has_the_documented_nicks) {
  EXPECT_EQ(nicks<TaskStatus>({TaskStatus::none, TaskStatus::submitting, TaskStatus::pending,
                               TaskStatus::running, TaskStatus::success, TaskStatus::failure}),
            (Nicks{"none", "submitting", "pending", "running", "success", "failure"}));
}

TEST(Enums, a_type_is_registered_once_and_under_the_projects_name) {
  EXPECT_EQ(enum_gtype<CacheMode>(), enum_gtype<CacheMode>());
  for (const GType type :
       {enum_gtype<ImageFit>(), enum_gtype<ImageEncoding>(), enum_gtype<AuthScheme>(),
        enum_gtype<CacheMode>(), enum_gtype<StreamFrame>(), enum_gtype<TaskStatus>()}) {
    EXPECT_TRUE(std::string(g_type_name(type)).starts_with("Modelverse")) << g_type_name(type);
    EXPECT_TRUE(G_TYPE_IS_ENUM(type));
    EXPECT_TRUE(gst_type_is_plugin_api(type, nullptr)) << g_type_name(type);
  }
}

}  // namespace
}  // namespace modelverse
