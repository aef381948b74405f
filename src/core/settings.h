// SPDX-License-Identifier: LGPL-2.1-or-later
// The user's settings: one member for each property, with its default.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/policy.h"
#include "core/request.h"
#include "core/shared_text.h"

struct _GstSample;     // GStreamer's; opaque to modules without GStreamer
struct _GTlsDatabase;  // GIO's; likewise

namespace modelverse {

// How the key is written in the Authorization header. `automatic`: raw, and after a 401 once as
// Bearer.
enum class AuthScheme { automatic, raw, bearer };

enum class CacheMode { reuse, refresh, off };

// Which frame of a stream is animated.
enum class StreamFrame { first, last };

// The settings that elements which share a job have in common: see job/registry.h.
struct JobTerms : RetryLimits {
  AuthScheme auth_scheme = AuthScheme::automatic;
  std::string proxy;
  std::shared_ptr<_GTlsDatabase> tls_database;  // null: the system's
  bool allow_http = false;
  bool resubmit = false;
  double max_cost = 0;      // in the currency of the price, 0: no limit
  double daily_budget = 0;  // likewise; 0: that of the environment, else no limit

  unsigned poll_interval = 0;     // ms; 0: see automatic_wait()
  unsigned task_timeout = 3600;   // s from the accepted submit to success, 0: none
  unsigned submit_timeout = 300;  // s from a submit's first byte to its response
  unsigned timeout = 30;          // s without data on one connection
  bool operator==(const JobTerms&) const = default;
};

// An empty string is a property that is not set. The base class Request identifies the clip; its
// pictures are loaded from the sources below, of which each frame has one.
struct Settings : Request, JobTerms {
  std::string image_path;
  SharedText image_uri;  // a data: URI contains the picture
  std::shared_ptr<_GstSample> image_sample;
  std::string last_image_path;
  SharedText last_image_uri;
  std::shared_ptr<_GstSample> last_image_sample;
  std::vector<SharedText> reference_images;  // paths or URIs
  StreamFrame frame = StreamFrame::first;
  ImageFit image_fit = ImageFit::crop;

  std::string base_url;
  bool is_base_url_of_uri = false;  // from a `modelverse:` URI, which may be untrusted
  std::string api_key;
  std::string api_key_file;

  std::string task_id;
  CacheMode cache_mode = CacheMode::reuse;
  std::string cache_dir;
  std::uint64_t cache_max_size = std::uint64_t{8} << 30;  // bytes, 0: no limit
  unsigned url_index = 0;

  // After the pictures are loaded from them.
  void drop_picture_sources() {
    image_sample.reset();
    image_uri.clear();
    last_image_sample.reset();
    last_image_uri.clear();
    reference_images.clear();
  }
};

}  // namespace modelverse
