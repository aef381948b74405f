// SPDX-License-Identifier: LGPL-2.1-or-later
#include "enums.h"

#include <gtest/gtest.h>

#include <iterator>
#include <string>

namespace modelverse {
namespace {

// Applications compare the numbers. Nicks and defaults of the others: doc/properties.md.
TEST(Enums, task_status_has_the_documented_nicks_in_order) {
  const char* const nicks[] = {"none", "submitting", "pending", "running", "success", "failure"};
  auto* klass = static_cast<GEnumClass*>(g_type_class_ref(enum_gtype<TaskStatus>()));
  ASSERT_EQ(klass->n_values, std::size(nicks));
  for (gint i = 0; i < static_cast<gint>(std::size(nicks)); ++i)
    EXPECT_STREQ(g_enum_get_value(klass, i)->value_nick, nicks[i]);
  g_type_class_unref(klass);
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
