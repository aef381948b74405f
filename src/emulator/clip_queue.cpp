// SPDX-License-Identifier: LGPL-2.1-or-later
// Making clips on a thread of their own, each once.
#include "emulator/clip_queue.h"

#include <algorithm>

#include "emulator/clip_encoder.h"
#include "emulator/fetch.h"
#include "emulator/picture.h"
#include "emulator/text.h"

namespace emulator {
namespace {

constexpr unsigned worker_count = 2;

Clip failed(std::string problem) {
  Clip clip;
  clip.problem = std::move(problem);
  clip.made_at = g_get_real_time() / G_USEC_PER_SEC;
  return clip;
}

Clip made(Blob bytes) {
  Clip clip;
  clip.sha256 = sha256_hex(blob_data(bytes), blob_size(bytes));
  clip.bytes = std::move(bytes);
  clip.made_at = g_get_real_time() / G_USEC_PER_SEC;
  return clip;
}

// What is wrong with a picture that was sent.
std::string problem_of(const Picture& picture, const TaskRequest& request) {
  const auto [shorter, longer] = std::minmax(picture.width, picture.height);
  if (shorter < request.min_side)
    return "the picture's shorter side has less than " + std::to_string(request.min_side) +
           " pixels";
  if (request.max_aspect > 0 && longer > shorter * request.max_aspect)
    return "the picture's aspect ratio is beyond the limits";
  return {};
}

// A URL that leads off this machine is not followed: a picture of our own stands for it.
std::variant<Picture, std::string> picture_of(const EncodedPicture& text) {
  if (text.encoding != PictureEncoding::url)
    return decode_picture(text.bytes);
  // So it is where there is none at all.
  if (!is_loopback_url(text.url))
    return built_in_picture();
  auto fetched = fetch(text.url);
  if (auto* problem = std::get_if<std::string>(&fetched))
    return "cannot fetch the picture: " + *problem;
  return decode_picture(std::get<Blob>(fetched));
}

}  // namespace

std::optional<Clip> ClipJob::result() const {
  const std::lock_guard lock(mutex_);
  return clip_;
}

void ClipJob::finish(Clip clip) {
  const std::lock_guard lock(mutex_);
  clip_ = std::move(clip);
}

ClipQueue::ClipQueue(Settings settings) : settings_(std::move(settings)) {
  for (unsigned i = 0; i < worker_count; ++i)
    threads_.emplace_back([this](std::stop_token stop) { work(std::move(stop)); });
}

ClipQueue::~ClipQueue() {
  for (std::jthread& thread : threads_)
    thread.request_stop();
  threads_.clear();
}

std::shared_ptr<const ClipJob> ClipQueue::add(const TaskRequest& request) {
  // What a loopback URL leads to may be another picture each time.
  const bool may_share = request.picture.url.empty() || !is_loopback_url(request.picture.url);
  std::shared_ptr<ClipJob> job;
  if (may_share) {
    std::shared_ptr<ClipJob>& shared = jobs_[key_of(request)];
    if (shared)
      return shared;
    job = shared = std::make_shared<ClipJob>();
  } else {
    job = std::make_shared<ClipJob>();
  }
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back({request, job});
  }
  wakes_.notify_one();
  return job;
}

std::string ClipQueue::key_of(const TaskRequest& request) const {
  const Blob& bytes = request.picture.bytes;
  std::string key = bytes ? sha256_hex(blob_data(bytes), blob_size(bytes)) : "built-in";
  for (const int number :
       {request.size.width, request.size.height, static_cast<int>(request.is_size_fixed),
        request.frame_rate, request.min_side, static_cast<int>(request.max_aspect * 100),
        static_cast<int>(request.is_size_exact)})
    key += ' ' + std::to_string(number);
  if (!settings_.fixed_clip)
    key += ' ' + std::to_string(request.seconds) + ' ' + request.prompt;
  return key;
}

void ClipQueue::work(std::stop_token stop) {
  for (;;) {
    std::unique_lock lock(mutex_);
    if (!wakes_.wait(lock, stop, [this] { return !queue_.empty(); }) || stop.stop_requested())
      return;
    const Entry entry = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    entry.job->finish(make(entry.request, stop));
  }
}

Clip ClipQueue::make(const TaskRequest& request, const std::stop_token& stop) const {
  auto loaded = picture_of(request.picture);
  if (auto* problem = std::get_if<std::string>(&loaded))
    return failed(*problem);
  const Picture& picture = std::get<Picture>(loaded);
  if (std::string problem = problem_of(picture, request); !problem.empty())
    return failed(std::move(problem));
  ClipPlan plan;
  plan.size = request.is_size_fixed ? request.size : turned_with(picture, request.size);
  plan.frame_rate = request.frame_rate;
  const bool fits = picture.width == plan.size.width && picture.height == plan.size.height;
  if (settings_.is_size_strict && request.is_size_exact && !fits)
    return failed("Inpaint image must match the requested width and height");
  if (settings_.fixed_clip)
    return made(settings_.fixed_clip);
  plan.seconds = request.seconds;
  plan.prompt = request.prompt;
  plan.layout = settings_.layout;
  auto clip = make_clip(picture, plan, stop);
  if (auto* problem = std::get_if<std::string>(&clip))
    return failed("cannot make the clip: " + *problem);
  return made(std::get<Blob>(clip));
}

}  // namespace emulator
