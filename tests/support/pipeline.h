// SPDX-License-Identifier: LGPL-2.1-or-later
// A pipeline under test and everything that its bus said.
#pragma once

#include <gst/gst.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace test_support {

struct MessageFreer {
  void operator()(GstMessage* message) const { gst_message_unref(message); }
};
using MessagePtr = std::unique_ptr<GstMessage, MessageFreer>;

// Every wait has this deadline unless told otherwise: far beyond what a busy machine needs.
inline constexpr std::chrono::seconds patience(90);

// A PROGRESS message of this code and type.
bool is_progress(GstMessage* message, const std::string& code, GstProgressType type);

struct ProgressSeen {
  GstProgressType type;
  std::string code;
  std::string text;
  int percent;
};

struct ErrorSeen {
  GQuark domain;
  int code;
  std::string text;
  std::string debug;
  std::string phase;
  std::string resume;
  std::string task_id;
  std::string error_code;
  std::string request_id;
  int http_status = 0;
  int attempts = 0;
};

class Pipeline {
 public:
  // The description is gst-launch's; an element named "src" is the one under test.
  explicit Pipeline(const std::string& description);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  GstElement* get() const { return pipeline_; }
  // Borrowed.
  GstElement* element(const std::string& name) const;
  GstElement* source() const { return element("src"); }

  GstStateChangeReturn set_state(GstState state);
  // Waits for a message that `wanted` takes; null at the deadline (and the test fails). Everything
  // seen on the way is kept.
  const GstMessage* wait_for(const std::function<bool(GstMessage*)>& wanted);
  const GstMessage* wait_for(GstMessageType types);
  // The progress message with this code and type.
  const GstMessage* wait_for_progress(const std::string& code, GstProgressType type);
  // PLAYING, then EOS or ERROR. True: EOS.
  bool run();
  // EOS or ERROR of a pipeline that is already on its way.
  bool wait_for_end();
  // Takes in what is on the bus now.
  void drain();
  // A number of the source's `stats`.
  unsigned stat(const char* name) const;

  const std::vector<MessagePtr>& messages() const { return messages_; }
  std::vector<ProgressSeen> progress() const;
  std::optional<ErrorSeen> error() const;  // the first
  std::vector<ErrorSeen> warnings() const;
  int count(GstMessageType type) const;

 private:
  GstElement* pipeline_ = nullptr;
  GstBus* bus_ = nullptr;
  std::vector<MessagePtr> messages_;
};

}  // namespace test_support
