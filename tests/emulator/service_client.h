// SPDX-License-Identifier: LGPL-2.1-or-later
// The service's calls as any client makes them, and pictures to send.
#pragma once

#include <json-glib/json-glib.h>

#include <map>
#include <string>

#include "support/emulator_process.h"

namespace test_support {

inline const std::string default_model = "openai/sora-2/image-to-video-pro";

struct RawReply {
  unsigned status = 0;                         // 0: there was no response
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  std::string header(const std::string& name) const;
  // The text or number at a dotted path of the JSON, as text; empty if there is none.
  std::string at(const std::string& path) const;
};

struct RawRequest {
  std::string method = "GET";
  std::string url;
  std::map<std::string, std::string> headers;
  std::string body;
};

// Follows no redirect. https works too; the certificate is not checked.
RawReply exchange(const RawRequest& request);

// The path of a file in tests/support.
std::string test_file(const std::string& name);
// A PNG of 4x3 pixels.
const std::string& small_png();
std::string base64(const std::string& bytes);
std::string data_uri(const std::string& bytes, const std::string& media_type = "image/png");
// A submit's body for the default model; what is empty is left out. `parameters` is JSON text.
std::string submit_body(const std::string& picture, const std::string& prompt = "",
                        const std::string& parameters = "");
RawReply submit(const EmulatorProcess& emulator, const std::string& body,
                const std::string& authorization = "k");
RawReply status(const EmulatorProcess& emulator, const std::string& task_id,
                const std::string& authorization = "k");
// Submits a good task and returns its id.
std::string submit_good(const EmulatorProcess& emulator);
// Polls until the task has ended; its last status response.
RawReply finish(const EmulatorProcess& emulator, const std::string& task_id);
// The first of the status response's urls.
std::string url_of(const RawReply& status);
RawReply download(const std::string& url, const std::map<std::string, std::string>& headers = {});

}  // namespace test_support
