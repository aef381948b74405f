// SPDX-License-Identifier: LGPL-2.1-or-later
// Making clips on a thread of their own, each once.
#include "emulator/workshop.h"

#include <algorithm>

#include "emulator/fetch.h"
#include "emulator/picture.h"
#include "emulator/text.h"
#include "emulator/video_maker.h"

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

bool has_picture(const Order& order) {
  return order.picture.bytes || !order.picture.url.empty();
}

// What the model's limits say of a picture that was sent.
std::string problem_of(const Picture& picture, const Order& order) {
  const auto [shorter, longer] = std::minmax(picture.width, picture.height);
  const PictureLimits& limits = order.limits;
  if (!has_picture(order))
    return {};
  if (shorter < limits.min_side)
    return "the picture's shorter side has less than " + std::to_string(limits.min_side) +
           " pixels";
  if (limits.max_aspect_percent > 0 && longer * 100 > shorter * limits.max_aspect_percent)
    return "the picture's aspect ratio is beyond the limits";
  return {};
}

// A URL that leads off this machine is not followed: a picture of our own stands for it.
std::variant<Picture, std::string> picture_of(const PictureText& text) {
  if (text.form != PictureForm::url)
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

Workshop::Workshop(Settings settings) : settings_(std::move(settings)) {
  for (unsigned i = 0; i < worker_count; ++i)
    threads_.emplace_back([this](std::stop_token stop) { work(std::move(stop)); });
}

Workshop::~Workshop() {
  for (std::jthread& thread : threads_)
    thread.request_stop();
  threads_.clear();
}

std::shared_ptr<const ClipJob> Workshop::add(const Order& order) {
  // What a loopback URL leads to may be another picture each time.
  const bool may_share = order.picture.url.empty() || !is_loopback_url(order.picture.url);
  std::shared_ptr<ClipJob> job;
  if (may_share) {
    std::shared_ptr<ClipJob>& shared = jobs_[key_of(order)];
    if (shared)
      return shared;
    job = shared = std::make_shared<ClipJob>();
  } else {
    job = std::make_shared<ClipJob>();
  }
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back({order, job});
  }
  wakes_.notify_one();
  return job;
}

std::string Workshop::key_of(const Order& order) const {
  const Blob& bytes = order.picture.bytes;
  std::string key = bytes ? sha256_hex(blob_data(bytes), blob_size(bytes)) : "built-in";
  for (const int number :
       {order.long_side, order.short_side, order.width, order.height, order.limits.min_side,
        order.limits.max_aspect_percent, static_cast<int>(order.is_size_exact)})
    key += ' ' + std::to_string(number);
  if (!settings_.fixed_clip)
    key += ' ' + std::to_string(order.seconds) + ' ' + order.prompt;
  return key;
}

void Workshop::work(std::stop_token stop) {
  for (;;) {
    std::unique_lock lock(mutex_);
    if (!wakes_.wait(lock, stop, [this] { return !queue_.empty(); }) || stop.stop_requested())
      return;
    const Wish wish = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    wish.job->finish(make(wish.order, stop));
  }
}

Clip Workshop::make(const Order& order, const std::stop_token& stop) const {
  auto loaded = picture_of(order.picture);
  if (auto* problem = std::get_if<std::string>(&loaded))
    return failed(*problem);
  const Picture& picture = std::get<Picture>(loaded);
  if (std::string problem = problem_of(picture, order); !problem.empty())
    return failed(std::move(problem));
  ClipPlan plan;
  plan.size = order.width > 0 ? Size{order.width, order.height}
                              : clip_size(picture, order.long_side, order.short_side);
  const bool fits = picture.width == plan.size.width && picture.height == plan.size.height;
  if (settings_.is_size_strict && order.is_size_exact && !fits)
    return failed("Inpaint image must match the requested width and height");
  if (settings_.fixed_clip)
    return made(settings_.fixed_clip);
  plan.seconds = order.seconds;
  plan.prompt = order.prompt;
  plan.layout = settings_.layout;
  auto clip = make_clip(picture, plan, stop);
  if (auto* problem = std::get_if<std::string>(&clip))
    return failed("cannot make the clip: " + *problem);
  return made(std::get<Blob>(clip));
}

}  // namespace emulator
