#include "server/metrics/figures.h"

#include <boost/describe/enum_to_string.hpp>

#include "server/append.h"

namespace yeyak::server {
namespace {

using eventstore::StoreError;

constexpr std::string_view unreadable = "unreadable";
constexpr std::string_view no_route = "none";

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>{time}.count();
}

std::string_view outcome_of(const StoreError& error) {
    switch (error.kind) {
        case StoreError::Kind::busy:
            return "busy";
        case StoreError::Kind::no_space:
            return "no_space";
        case StoreError::Kind::unknown:
            return "unknown";
        case StoreError::Kind::corrupt:
        case StoreError::Kind::io:
        case StoreError::Kind::refused_open:
            break;
    }
    return "failed";
}

}  // namespace

std::string_view outcome_of(const StoreResult<Reply>& reply) {
    if (!reply) return outcome_of(reply.error());
    if (reply->replayed && reply->ended != Ended::key_reused) return "repeated";
    return code_of(reply->ended, "refused");
}

std::string_view outcome_of(const StoreResult<AppendOutcome>& outcome) {
    if (!outcome) return outcome_of(outcome.error());
    return boost::describe::enum_to_string(outcome->code, "refused");
}

void RequestFigures::note(const AnsweredRequest& request) {
    const Key key{request.route.empty() ? no_route : request.route,
                  request.method.empty() ? unreadable : request.method};
    auto& route = routes_[key];
    ++route.by_status[request.status];
    if (!request.streamed) route.seconds.observe(seconds(request.took));
    if (request.refusal.empty()) return;
    auto at = refusals_.find(request.refusal);
    if (at == refusals_.end()) at = refusals_.emplace(request.refusal, 0).first;
    ++at->second;
}

void RequestFigures::note_refused_token(std::string_view why) { ++refused_tokens_[why]; }

void BatchFigures::note(const eventstore::BatchReport& batch) {
    work.observe(static_cast<double>(batch.work));
    events.observe(static_cast<double>(batch.events));
    waited.observe(seconds(batch.waited));
    deciding.observe(seconds(batch.deciding));
    flushing.observe(seconds(batch.flushing));
}

}  // namespace yeyak::server
