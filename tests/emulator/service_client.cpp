// SPDX-License-Identifier: LGPL-2.1-or-later
// Submits and polls as a client would make them.
#include "emulator/service_client.h"

#include <gtest/gtest.h>

namespace test_support {

std::string test_file(const std::string& name) {
  return std::string(g_getenv("MODELVERSE_TEST_FILES")) + "/" + name;
}

const std::string& small_png() {
  static const std::string bytes = [] {
    g_autofree char* data = nullptr;
    gsize size = 0;
    EXPECT_TRUE(g_file_get_contents(test_file("small.png").c_str(), &data, &size, nullptr));
    return std::string(data ? data : "", size);
  }();
  return bytes;
}

std::string base64(const std::string& bytes) {
  g_autofree char* text =
      g_base64_encode(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return text;
}

std::string data_uri(const std::string& bytes, const std::string& media_type) {
  return "data:" + media_type + ";base64," + base64(bytes);
}

std::string submit_body(const std::string& picture, const std::string& prompt,
                        const std::string& parameters) {
  std::string body =
      R"({"model":")" + default_model + R"(","input":{"first_frame_url":")" + picture + '"';
  if (!prompt.empty())
    body += R"(,"prompt":")" + prompt + '"';
  body += '}';
  if (!parameters.empty())
    body += R"(,"parameters":)" + parameters;
  return body + '}';
}

RawReply submit(const EmulatorProcess& emulator, const std::string& body,
                const std::string& authorization) {
  RawRequest request{"POST", emulator.base_url() + "/v1/tasks/submit", {}, body};
  request.headers["Content-Type"] = "application/json";
  if (!authorization.empty())
    request.headers["Authorization"] = authorization;
  return exchange(request);
}

RawReply status(const EmulatorProcess& emulator, const std::string& task_id,
                const std::string& authorization) {
  g_autofree char* escaped = g_uri_escape_string(task_id.c_str(), nullptr, FALSE);
  RawRequest request{"GET", emulator.base_url() + "/v1/tasks/status?task_id=" + escaped, {}, ""};
  request.headers["Authorization"] = authorization;
  return exchange(request);
}

std::string submit_good(const EmulatorProcess& emulator) {
  const RawReply reply = submit(emulator, submit_body(data_uri(small_png())));
  EXPECT_EQ(reply.status, 200) << reply.body;
  return reply.at("output.task_id");
}

RawReply finish(const EmulatorProcess& emulator, const std::string& task_id) {
  RawReply last;
  EXPECT_TRUE(wait_until([&] {
    last = status(emulator, task_id);
    const std::string state = last.at("output.task_status");
    return state != "Pending" && state != "Running";
  })) << last.body;
  return last;
}

std::string url_of(const RawReply& reply) {
  const std::string urls = reply.at("output.urls");
  return urls.size() > 4 ? urls.substr(2, urls.size() - 4) : "";
}

RawReply download(const std::string& url, const std::map<std::string, std::string>& headers) {
  return exchange({"GET", url, headers, ""});
}

}  // namespace test_support
