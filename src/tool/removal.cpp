// SPDX-License-Identifier: LGPL-2.1-or-later
// Describes the loss, and removes the entry.
#include "tool/removal.h"

#include <glib.h>

#include <optional>
#include <utility>

#include "api/printable.h"
#include "glib/sentences.h"
#include "glib/text.h"
#include "job/job.h"
#include "job/submit_query.h"

namespace modelverse::tool {

namespace {

std::string shown(const std::string& key) {
  return key.substr(0, job::shown_key);
}

Error refusal(ErrorCode code, const std::string& key, const std::string& why) {
  return {.code = code,
          .text = format_text(_("%s is not removed: %s"), shown(key).c_str(), why.c_str()),
          .debug = {}};
}

// Empty for a finished clip, which can be made again for another payment.
std::string what_would_be_lost(const store::Entry& entry, const std::optional<Record>& record) {
  if (!record)
    return format_text(
        _("its record cannot be read. It may name a task that was paid for: check %s."),
        entry.directory().c_str());
  if (record->state == RecordState::complete)
    return {};
  const auto lost =
      record->state == RecordState::submitting
          ? std::string(_("it is unknown whether its submit was accepted. Without its record the "
                          "same request is submitted, and perhaps paid for, again."))
          : format_text(_("the task %s is paid for and its clip is not downloaded yet; its id "
                          "would be lost."),
                        api::printable(record->task_id).c_str());
  return entry.has_previous() ? two_sentences(lost, _("The previous clip, which it was to replace, "
                                                      "would be restored."))
                              : lost;
}

bool is_anything_left(const std::string& directory) {
  return g_file_test(directory.c_str(), G_FILE_TEST_EXISTS) != FALSE;
}

std::string outcome(const store::Entry& entry, bool has_come_back) {
  const auto name = shown(entry.key());
  if (has_come_back)
    return format_text(_("%s: the task is removed, the previous clip is restored."), name.c_str());
  if (is_anything_left(entry.directory()))
    return format_text(_("%s is removed. Broken records remain in %s; --force removes them."),
                       name.c_str(), entry.directory().c_str());
  return format_text(_("%s is removed."), name.c_str());
}

// Excludes other machines while the entry is removed. A dead claim is broken for it.
Status claim_for_removal(store::Entry& entry) {
  constexpr auto lease = std::chrono::minutes(1);
  const auto claimed = entry.try_claim(lease);
  if (!claimed)
    return refusal(claimed.error().code, entry.key(), claimed.error().text);
  if (*claimed)
    return Done{};
  const auto other = store::find_claim(entry.claim_path());
  return refusal(ErrorCode::open_write, entry.key(),
                 other ? format_text(_("an element of %s submits it now. --force has no effect."),
                                     store::shown_owner(other->owner).c_str())
                       : _("an element of another process submits it now. --force has no effect."));
}

// A submit of unknown outcome whose task the service has is recorded instead of removed. Empty:
// there is none. Otherwise why nothing is known.
Result<std::string> settle_submit(store::Entry& entry, const Record& record) {
  if (record.state != RecordState::submitting || record.external_id.empty())
    return std::string();
  auto asked = job::ask_for_submit(record, job::system_environment());
  if (!asked)
    return format_text(_("The service could not be asked for its task: %s"),
                       asked.error().text.c_str());
  if (!*asked)
    return std::string(_("The service has no task of it."));
  Record found = record;
  found.state = RecordState::submitted;
  found.external_id.clear();
  found.update(**asked);
  if (auto saved = entry.save(found); !saved)
    return refusal(saved.error().code, entry.key(), saved.error().text);
  return refusal(ErrorCode::settings, entry.key(),
                 format_text(_("the service has its task, %s, which is recorded now: the same "
                               "request resumes it. To remove it all the same, use --force again."),
                             api::printable(found.task_id).c_str()));
}

}  // namespace

Result<std::string> remove_entry(const store::Cache& cache, const store::EntrySummary& choice,
                                 bool is_forced) {
  const auto& key = choice.record.key;
  const auto entry = cache.entry(key);
  const auto locked = entry->lock_soon();
  if (!locked)
    return refusal(locked.error().code, key, locked.error().text);
  if (!*locked && is_anything_left(entry->directory()))
    return refusal(ErrorCode::open_write, key,
                   _("an element works on it now. Stop the element first; --force has no "
                     "effect."));
  if (!*locked)
    return format_text(_("%s was removed by another process meanwhile."), shown(key).c_str());
  if (auto claimed = claim_for_removal(*entry); !claimed)
    return std::move(claimed).error();
  const auto record = entry->peek();
  if (!record)
    return refusal(record.error().code, key, record.error().text);
  const bool is_abandoned = choice.kind == store::EntrySummary::Kind::claimed && !*record;
  const auto lost = is_abandoned ? "" : what_would_be_lost(*entry, *record);
  if (!lost.empty() && !is_forced)
    return refusal(ErrorCode::settings, key, two_sentences(lost, _("Use --force to remove it.")));
  const auto settled = *record ? settle_submit(*entry, **record) : std::string();
  if (!settled)
    return settled;
  const bool is_finished = *record && (*record)->state == RecordState::complete;
  const bool has_before = !is_finished && entry->has_previous();
  const auto set_aside = is_forced ? store::Entry::SetAside::remove : store::Entry::SetAside::keep;
  const auto removed = has_before ? entry->give_up() : entry->remove(set_aside);
  if (!removed)
    return refusal(removed.error().code, key, removed.error().text);
  entry->unlock();
  const auto text = outcome(*entry, has_before);
  return settled->empty() ? text : two_sentences(text, *settled);
}

}  // namespace modelverse::tool
