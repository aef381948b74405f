// SPDX-License-Identifier: LGPL-2.1-or-later
// The service's calls as any client makes them, and pictures to send.
#pragma once

#include <map>
#include <string>

#include "support/emulator_process.h"
#include "support/exchange.h"

namespace test_support {

inline const std::string default_model = "openai/sora-2/image-to-video-pro";

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
