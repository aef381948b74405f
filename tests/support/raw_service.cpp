// SPDX-License-Identifier: LGPL-2.1-or-later
// Good responses, and the steps in their place.
#include "support/raw_service.h"

#include <algorithm>
#include <utility>

namespace test_support {
namespace {

constexpr std::string_view link_path = "/clip.mp4?Signature=raw-signature-5e1f";

std::string range_response(const std::string& request, const std::string& clip) {
  constexpr std::string_view mark = "Range: bytes=";
  const auto at = request.find(mark);
  if (at == std::string::npos)
    return http_response(clip, "200 OK", "ETag: \"raw\"\r\n");
  const auto first = std::min<std::size_t>(
      std::strtoul(request.c_str() + at + mark.size(), nullptr, 10), clip.size() - 1);
  const auto range = "Content-Range: bytes " + std::to_string(first) + "-" +
                     std::to_string(clip.size() - 1) + "/" + std::to_string(clip.size()) + "\r\n";
  return http_response(clip.substr(first), "206 Partial Content", range + "ETag: \"raw\"\r\n");
}

// "submit" of "POST /v1/tasks/submit HTTP/1.1...".
std::string route_of(const std::string& request) {
  const auto line = request.substr(0, request.find("\r\n"));
  if (line.find("/v1/tasks/submit") != std::string::npos)
    return "submit";
  return line.find("/v1/tasks/status") != std::string::npos ? "status" : "result";
}

}  // namespace

RawService::RawService(std::vector<RawStep> steps, std::string clip,
                       ObjectPtr<GTlsCertificate> certificate)
    : steps_(std::move(steps)),
      clip_(std::move(clip)),
      server_([this](Peer& peer) { serve(peer); }, std::move(certificate)) {}

std::string RawService::base_url() const {
  return server_.url("");
}

std::vector<std::string> RawService::requests(const std::string& route) const {
  auto all = server_.requests();
  std::erase_if(all, [&](const std::string& request) { return route_of(request) != route; });
  return all;
}

void RawService::serve(Peer& peer) {
  while (const auto request = peer.read_request()) {
    const auto route = route_of(*request);
    const auto step = take(route);
    const bool is_good = !step || step->is_good;
    if (is_good ? !peer.send(good_response(route, *request)) : !play(*step, peer))
      return;
  }
}

std::optional<RawStep> RawService::take(const std::string& route) {
  const std::lock_guard lock(mutex_);
  const auto step = std::ranges::find(steps_, route, &RawStep::route);
  if (step == steps_.end())
    return std::nullopt;
  auto taken = *step;
  if (step->times > 0 && --step->times == 0)
    steps_.erase(step);
  return taken;
}

// False: the connection is over.
bool RawService::play(const RawStep& step, Peer& peer) const {
  peer.send(step.link.empty() ? filled_in(step.bytes) : success_at(step.link));
  return false;
}

std::string RawService::filled_in(std::string text) const {
  const std::string mark = "{base}";
  const auto base = base_url();
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark))
    text.replace(at, mark.size(), base);
  return text;
}

std::string RawService::success_at(const std::string& link) const {
  return http_response(R"({"output":{"task_id":"raw-task","task_status":"Success","urls":[")" +
                       filled_in(link) + R"("]},"request_id":"raw-request"})");
}

std::string RawService::good_response(const std::string& route, const std::string& request) const {
  if (route == "submit")
    return http_response(R"({"output":{"task_id":"raw-task"},"request_id":"raw-request"})");
  if (route == "result")
    return range_response(request, clip_);
  return success_at("{base}" + std::string(link_path));
}

}  // namespace test_support
