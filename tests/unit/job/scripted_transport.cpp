// SPDX-License-Identifier: LGPL-2.1-or-later
// Playing the script.
#include "scripted_transport.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace modelverse::job::test {

Scene answer(unsigned status, std::string body, std::vector<http::Header> headers) {
  return {.status = status, .headers = std::move(headers), .body = std::move(body)};
}

Scene unsent(http::FaultKind kind) {
  return {.status = 0, .fault = kind, .is_request_sent = false};
}

Scene lost(http::FaultKind kind) {
  return {.status = 0, .fault = kind};
}

Scene cut(Scene scene, std::size_t after, http::FaultKind kind) {
  scene.body.resize(std::min(after, scene.body.size()));
  scene.fault = kind;
  return scene;
}

Scene redirect(unsigned status, std::string location) {
  return answer(status, {}, {{"Location", std::move(location)}});
}

void Script::add(Scene scene, int times) {
  const std::lock_guard lock(mutex_);
  scenes_.insert(scenes_.end(), static_cast<std::size_t>(times), scene);
}

void Script::otherwise(Scene scene) {
  otherwise([scene = std::move(scene)](const http::HttpRequest&) { return scene; });
}

void Script::otherwise(std::function<Scene(const http::HttpRequest&)> answer) {
  const std::lock_guard lock(mutex_);
  otherwise_ = std::move(answer);
}

std::optional<Scene> Script::next(const http::HttpRequest& request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
  if (scenes_.empty())
    return otherwise_ ? std::optional(otherwise_(request)) : std::nullopt;
  auto scene = std::move(scenes_.front());
  scenes_.pop_front();
  return scene;
}

std::vector<http::HttpRequest> Script::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t Script::posts() const {
  const auto all = requests();
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const auto& request) {
    return request.method == http::Method::post;
  }));
}

std::size_t Script::left() const {
  const std::lock_guard lock(mutex_);
  return scenes_.size();
}

namespace {

bool deliver(std::string_view body, http::BodySink& sink) {
  while (!body.empty()) {
    const auto space = sink.space();
    const auto size = std::min(space.size(), body.size());
    std::memcpy(space.data(), body.data(), size);
    if (!sink.commit(size))
      return false;
    body.remove_prefix(size);
  }
  return true;
}

}  // namespace

http::Outcome ScriptedTransport::exchange(const http::HttpRequest& request, http::BodySink& sink,
                                          std::stop_token stop) {
  const auto scene = script_->next(request);
  if (!scene) {
    ADD_FAILURE() << "nothing is left to answer " << request.url;
    return http::Fault{http::FaultKind::tls, false, "end of the script"};
  }
  if (scene->connecting)
    scene->connecting();
  if (request.may_send && !request.may_send())
    return http::Fault{http::FaultKind::cancelled, false, "not to be sent"};
  if (scene->meanwhile)
    scene->meanwhile();
  if (stop.stop_requested())
    return http::Fault{http::FaultKind::cancelled, true, "cancelled"};
  if (scene->status != 0) {
    const http::HttpResponse response{scene->status, scene->headers};
    if (!sink.begin(response))
      return response;
    if (!deliver(scene->body, sink))
      return http::Fault{http::FaultKind::sink, true, "the sink refused"};
    sink.on_idle();
    if (!scene->fault)
      return response;
  }
  return http::Fault{*scene->fault, scene->is_request_sent, "scripted fault"};
}

std::string header_of(const http::HttpRequest& request, std::string_view name) {
  const http::HttpResponse as_response{0, request.headers};
  const auto* value = as_response.header(name);
  return value ? *value : std::string();
}

}  // namespace modelverse::job::test
