// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse: URIs: what is taken is given back the same, and no secret is among it.
#include "uri.h"

#include "fuzz.h"

using namespace modelverse;

namespace {

// No plugin is asked for anything; to scan them all would count as the first input's time.
bool start() {
  g_setenv("GST_REGISTRY_DISABLE", "yes", TRUE);
  return gst_init_check(nullptr, nullptr, nullptr) != FALSE;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool is_ready = start();
  fuzz::require(is_ready);
  // A C string, as GStreamer hands it over.
  const std::string uri(std::string(fuzz::text_of(data, size)).c_str());
  Settings settings;
  settings.api_key = "the-key";
  const Settings before = settings;
  GError* error = nullptr;
  if (!apply_uri(uri, all_properties(), settings, &error)) {
    fuzz::require(error && error->domain == GST_URI_ERROR &&
                  g_utf8_validate(error->message, -1, nullptr));
    g_error_free(error);
    return 0;
  }
  fuzz::require(!error && settings.api_key == before.api_key);
  const auto made = make_uri(all_properties(), settings);
  if (made.empty())
    return 0;
  Settings again = before;
  fuzz::require(apply_uri(made, all_properties(), again, nullptr));
  fuzz::require(make_uri(all_properties(), again) == made);
  return 0;
}
