// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes a clip from a task's request.
#include "emulator/clip_queue.h"

#include <libsoup/soup.h>

#include <algorithm>

#include "emulator/text.h"

namespace emulator {
namespace {

constexpr int thread_count = 2;
constexpr guint fetch_timeout = 10;  // s

using Job = std::packaged_task<Clip()>;

Clip failed(std::string problem) {
  return {{}, {}, std::move(problem), unix_now()};
}

Clip made(Blob bytes) {
  std::string sha256 = sha256_hex(bytes);
  return {std::move(bytes), std::move(sha256), {}, unix_now()};
}

// Returns the error of a sent picture.
std::string problem_of(const Picture& picture, const TaskRequest& request) {
  const auto [shorter, longer] = std::minmax(picture.width, picture.height);
  if (shorter < request.min_side)
    return "the picture's shorter side has less than " + std::to_string(request.min_side) +
           " pixels";
  if (request.max_aspect > 0 && longer > shorter * request.max_aspect)
    return "the picture's aspect ratio exceeds the limits";
  return {};
}

bool is_loopback_url(const std::string& url) {
  g_autoptr(GUri) uri = g_uri_parse(url.c_str(), G_URI_FLAGS_ENCODED, nullptr);
  const char* host = uri ? g_uri_get_host(uri) : nullptr;
  ObjectPtr<GInetAddress> address(host ? g_inet_address_new_from_string(host) : nullptr);
  if (address)
    return g_inet_address_get_is_loopback(address.get());
  return host && g_ascii_strcasecmp(host, "localhost") == 0;
}

std::variant<Blob, std::string> fetch(const std::string& url) {
  ObjectPtr<SoupMessage> message(soup_message_new(SOUP_METHOD_GET, url.c_str()));
  // A redirect could lead to another host.
  soup_message_add_flags(message.get(), SOUP_MESSAGE_NO_REDIRECT);
  ObjectPtr<SoupSession> session(
      soup_session_new_with_options("timeout", fetch_timeout, "proxy-resolver", nullptr, nullptr));
  g_autoptr(GError) error = nullptr;
  Blob bytes =
      adopt_blob(soup_session_send_and_read(session.get(), message.get(), nullptr, &error));
  if (!bytes)
    return std::string(error->message);
  const SoupStatus status = soup_message_get_status(message.get());
  if (status != SOUP_STATUS_OK)
    return "HTTP " + std::to_string(static_cast<int>(status));
  return bytes;
}

// URLs of other hosts are not fetched: a built-in picture replaces them, and a missing picture.
std::variant<Picture, std::string> picture_of(const EncodedPicture& picture) {
  if (picture.bytes)
    return decode_picture(picture.bytes);
  if (!is_loopback_url(picture.url))
    return built_in_picture();
  auto fetched = fetch(picture.url);
  if (auto* problem = std::get_if<std::string>(&fetched))
    return "cannot fetch the picture: " + *problem;
  return decode_picture(std::get<Blob>(fetched));
}

void run_job(gpointer job, gpointer) {
  const std::unique_ptr<Job> owned(static_cast<Job*>(job));
  (*owned)();
}

}  // namespace

const Clip* finished_clip(const ClipResult& result) {
  const bool is_ready = result.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  return is_ready ? &result.get() : nullptr;
}

ClipQueue::ClipQueue(Settings settings)
    : settings_(std::move(settings)),
      threads_(g_thread_pool_new(run_job, nullptr, thread_count, FALSE, nullptr)) {}

ClipQueue::~ClipQueue() {
  stop_.request_stop();
  g_thread_pool_free(threads_, FALSE, TRUE);
}

ClipResult ClipQueue::add(const TaskRequest& request, const std::string& key) {
  // A loopback URL may return a different picture each time.
  const bool may_share = !is_loopback_url(request.picture.url);
  ClipResult own;
  ClipResult& result = may_share ? results_[key] : own;
  if (!result.valid()) {
    auto job = std::make_unique<Job>([this, request] { return make(request); });
    result = job->get_future().share();
    g_thread_pool_push(threads_, job.release(), nullptr);
  }
  return result;
}

Clip ClipQueue::make(const TaskRequest& request) const {
  if (stop_.stop_requested())
    return failed("stopped");
  auto loaded = picture_of(request.picture);
  if (auto* problem = std::get_if<std::string>(&loaded))
    return failed(*problem);
  const Picture& picture = std::get<Picture>(loaded);
  if (std::string problem = problem_of(picture, request); !problem.empty())
    return failed(std::move(problem));
  ClipPlan plan = request.clip;
  if (!request.is_size_fixed)
    plan.size = turned_with(picture, plan.size);
  const bool fits = picture.width == plan.size.width && picture.height == plan.size.height;
  if (settings_.is_size_strict && request.is_size_exact && !fits)
    return failed("Inpaint image must match the requested width and height");
  if (settings_.fixed_clip)
    return made(settings_.fixed_clip);
  auto clip = make_clip(picture, plan, settings_.moov, stop_.get_token());
  if (auto* problem = std::get_if<std::string>(&clip))
    return failed("cannot make the clip: " + *problem);
  return made(std::get<Blob>(clip));
}

}  // namespace emulator
